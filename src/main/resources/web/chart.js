// Changes per second, and the lag of each index, over the last minutes. Chart.js draws; a sentence tells it to those who can't see.

import {byId} from './dom.js';
import {count, counted, title} from './format.js';

/* global Chart */

const MINUTES = 5;
const SECONDS = 60 * MINUTES;
const TELL_MS = 10000;

const canvas = byId('chart');
const frames = [];
let chart = null;
let toldAt = 0;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function ago(seconds) {
  if (seconds === 0) {
    return 'now';
  }
  return seconds % 60 === 0 ? `−${-seconds / 60} min` : `−${-seconds} s`;
}

function create() {
  const axis = (position, text) => ({
    position,
    beginAtZero: true,
    suggestedMax: 10,
    title: {display: true, text, color: colour('quiet')},
    ticks: {maxTicksLimit: 5, precision: 0, color: colour('quiet'), callback: (value) => count(value)},
    grid: {color: colour('line'), drawOnChartArea: position === 'left'},
    border: {display: false},
  });
  chart = new Chart(canvas, {
    type: 'line',
    data: {datasets: []},
    options: {
      animation: false,
      maintainAspectRatio: false,
      parsing: false,
      normalized: true,
      events: [],
      elements: {point: {radius: 0}, line: {borderWidth: 2}},
      font: {family: 'inherit'},
      plugins: {legend: {position: 'top', align: 'end', labels: {color: colour('ink'), boxWidth: 18, boxHeight: 2}}, tooltip: {enabled: false}},
      scales: {
        x: {
          type: 'linear',
          max: 0,
          ticks: {color: colour('quiet'), maxRotation: 0, callback: ago},
          grid: {display: false},
          border: {color: colour('line')},
        },
        rate: axis('left', 'changes/s'),
        lag: axis('right', 'lag'),
      },
    },
  });
}

/** Adds a frame, and draws. */
export function show(frame) {
  frames.push({
    at: frame.at,
    rate: frame.status.products?.rate ?? 0,
    lags: Object.fromEntries(frame.status.indexes.map((index) => [index.name, index.lag])),
  });
  while (frame.at - frames[0].at > 1000 * SECONDS) {
    frames.shift();
  }
  draw();
  if (Date.now() - toldAt > TELL_MS) {
    toldAt = Date.now();
    tell();
  }
}

function draw() {
  if (!chart) {
    create();
  }
  const now = frames.at(-1).at;
  const names = Object.keys(frames.at(-1).lags);
  // One minute at first, and more as time goes by.
  const span = Math.max(60, Math.min(SECONDS, 60 * Math.ceil((now - frames[0].at) / 60000)));
  chart.options.scales.x.min = -span;
  chart.options.scales.x.ticks.stepSize = span === 60 ? 15 : 60;
  const line = (label, axis, series, valueOf, dash) => ({
    label,
    yAxisID: axis,
    borderColor: colour(`series-${series}`),
    borderDash: dash,
    data: frames.map((frame) => ({x: (frame.at - now) / 1000, y: valueOf(frame)})),
  });
  chart.data.datasets = [
    line('changes/s', 'rate', 1, (frame) => frame.rate, []),
    ...names.map((name, i) => line(`lag of ${title(name)}`, 'lag', 2 + i % 3, (frame) => frame.lags[name] ?? 0, [6 - 2 * (i % 3), 3])),
  ];
  chart.update('none');
}

function tell() {
  const most = (valueOf) => counted(Math.max(0, ...frames.map(valueOf)), 'change');
  const lags = Object.keys(frames.at(-1).lags).map((name) => `${title(name)} at most ${most((frame) => frame.lags[name] ?? 0)} behind`);
  const text = [`at most ${most((frame) => frame.rate)} per second`, ...lags].join(', ');
  canvas.setAttribute('aria-label', `Chart of the last ${MINUTES} minutes: ${text}`);
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  chart?.destroy();
  chart = null;
  if (frames.length) {
    draw();
  }
});
