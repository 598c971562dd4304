// The pipeline, live: figures, indexes, runs with what failed of them, and the events as they pass.

import {get, post} from './api.js';
import {byId, element, keyed, say, setText} from './dom.js';
import {count, counted, duration, moment, time, title} from './format.js';

const WINDOW_MS = 5000;
const SHOWN_FAILURES = 100;
const RUNNING = ['listing', 'publishing', 'sweeping'];

/** How fast a number moves, from its values over the last seconds. */
class Speed {
  #samples = [];

  perSecond(at, number) {
    const last = this.#samples.at(-1);
    if (last && (number < last.number) !== (this.#samples[0].number > last.number) && number !== last.number && this.#samples.length > 1) {
      this.#samples = [];
    }
    this.#samples.push({at, number});
    while (this.#samples.length > 2 && at - this.#samples[0].at > WINDOW_MS) {
      this.#samples.shift();
    }
    const first = this.#samples[0];
    return at > first.at ? 1000 * (number - first.number) / (at - first.at) : 0;
  }
}

/** What is said of something that was asked for here, until that is over. */
class Notice {
  #region;
  #of = null;

  constructor(region) {
    this.#region = region;
  }

  say(subject, text) {
    this.#of = {subject, frames: 0};
    say(this.#region, text);
  }

  /** It stays, unless it is over something that is under way. */
  refuse(subject, what, why) {
    this.#of = {subject, frames: -Infinity};
    say(this.#region, `${what}: ${why.replace(/\.$/, '')}.`, true);
  }

  /** Takes a frame. The first after the answer may still be from before the request. */
  follow(isUnderWay) {
    if (this.#of && isUnderWay(this.#of.subject)) {
      this.#of.frames = 1;
    } else if (this.#of && ++this.#of.frames > 1) {
      this.clear();
    }
  }

  clear() {
    this.#of = null;
    say(this.#region, '');
  }
}

const indexNotice = new Notice(byId('indexes-message'));
const runNotice = new Notice(byId('runs-message'));
let events = new Speed();
let epoch = '';
const queues = new Map();

/** What was under way may have come to its end unseen: nothing more is said of it. */
export function disconnected() {
  indexNotice.clear();
  runNotice.clear();
}

/** Takes a frame. */
export function show(frame) {
  const {status} = frame;
  if (status.products && status.products.epoch !== epoch) {
    // The services were started anew, and count events from 0.
    epoch = status.products.epoch;
    events = new Speed();
  }
  setText(byId('products'), status.products ? count(status.products.count) : '–');
  setText(byId('changes-per-second'), status.products ? count(status.products.rate) : '–');
  setText(byId('events-per-second'), count(Math.round(events.perSecond(frame.at, frame.events.count))));
  setText(byId('seconds-left'), visible(status));
  showIndexes(status.indexes);
  showGenerations(status.indexes);
  indexNotice.follow((name) => status.indexes.some((index) => index.name === name && index.rebuild));
  showRuns(frame);
  runNotice.follow((id) => frame.retries.some((retry) => retry.queue === id && retry.running));
  showEvents([...frame.events.recent].reverse());
}

function visible(status) {
  const moving = status.queues.some((queue) => RUNNING.includes(queue.stage))
    || status.indexes.some((index) => index.lag > 0);
  if (!moving) {
    return 'yes';
  }
  return status.secondsLeft ? `in ${duration(status.secondsLeft)}` : 'not yet';
}

// Indexes

const showIndexes = keyed(byId('indexes'), (index) => index.name,
    (index) => element('tr', {}, element('th', {scope: 'row'}, title(index.name)),
        ...['documents', 'checkpoint', 'lag', 'rate'].map((field) => element('td', {class: 'number', 'data-field': field}, element('span')))),
    (row, index) => {
      for (const cell of row.querySelectorAll('td')) {
        setText(cell.firstElementChild, count(index[cell.dataset.field]));
      }
      row.querySelector('[data-field=lag] span').classList.toggle('behind', index.lag > 0);
    });

// Their generations

const showGenerations = keyed(byId('generations'), (index) => index.name, createGenerations, updateGenerations);

function createGenerations(index) {
  const name = title(index.name);
  const part = (what, attributes = {}) => element('span', {'data-part': what, ...attributes});
  const rebuild = element('button', {type: 'button', 'data-part': 'rebuild', 'aria-label': `Rebuild ${name}`}, 'Rebuild');
  const rollback = element('button', {type: 'button', 'data-part': 'rollback', 'aria-label': `Roll back ${name}`}, 'Roll back');
  rebuild.addEventListener('click', () => change(index.name, 'rebuild', rebuild));
  rollback.addEventListener('click', () => change(index.name, 'rollback', rollback));
  return element('li', {},
      element('div', {class: 'run-line'}, element('span', {class: 'run-name'}, name), part('generation', {class: 'quiet'}), part('growing'),
          element('span', {class: 'end run-buttons'}, rebuild, rollback)),
      element('progress', {'aria-label': `Progress of ${name}`, value: '0', hidden: ''}),
      element('div', {class: 'bad', 'data-part': 'outcome'}));
}

function updateGenerations(item, index) {
  const part = (name) => item.querySelector(`[data-part=${name}]`);
  const grows = index.rebuild;
  const progress = item.querySelector('progress');
  setText(part('generation'), `generation ${count(index.generation)}`);
  setText(part('growing'), grows ? `${grows.rollback ? 'returning to' : 'building'} ${count(grows.generation)}` : '');
  setText(part('outcome'), index.rebuildFailure ?? '');
  part('rebuild').disabled = Boolean(grows);
  part('rollback').disabled = Boolean(grows) || !index.previousGeneration;
  progress.hidden = !grows;
  if (grows) {
    progress.max = grows.target || 1;
    progress.value = grows.checkpoint;
  }
}

async function change(index, what, button) {
  button.disabled = true;
  try {
    const {generation} = await post(`${index}/${what}`);
    indexNotice.say(index, what === 'rebuild'
      ? `${title(index)} is rebuilt: generation ${count(generation)} takes over when it is complete.`
      : `${title(index)} returns to generation ${count(generation)} when that has caught up.`);
  } catch (e) {
    indexNotice.refuse(index, 'Nothing was changed', e.message);
  }
}

// Runs

function showRuns(frame) {
  const runs = frame.status.queues.map((queue) => ({
    ...queue,
    at: frame.at,
    retry: frame.retries.find((retry) => retry.queue === queue.id),
  }));
  byId('no-runs').hidden = runs.length > 0;
  for (const id of queues.keys()) {
    if (!runs.some((run) => run.id === id)) {
      queues.delete(id);
    }
  }
  showRunList(runs);
}

const showRunList = keyed(byId('runs'), (run) => run.id, createRun, updateRun);

function createRun(run) {
  const part = (name, attributes = {}) => element('span', {'data-part': name, ...attributes});
  const failures = element('dl', {class: 'failures', role: 'group', hidden: '', tabindex: '0', id: `failures-${run.id}`, 'aria-label': `What failed in ${run.id}`});
  const shows = element('button', {type: 'button', 'data-part': 'shows', 'aria-expanded': 'false', 'aria-controls': failures.id, 'aria-label': `Why did ${run.id} fail?`}, 'Why?');
  const retry = element('button', {type: 'button', 'data-part': 'retry', 'aria-label': `Try ${run.id} again`}, 'Try again');
  const item = element('li', {},
      element('div', {class: 'run-line'}, element('span', {class: 'run-name'}, run.id), part('command', {class: 'quiet'}), part('stage'), part('left', {class: 'end'})),
      element('progress', {'aria-label': `Progress of ${run.id}`}),
      element('div', {class: 'run-line'}, part('done', {class: 'quiet'}), part('failed', {class: 'bad'})),
      element('div', {class: 'bad', 'data-part': 'stopped'}),
      element('div', {class: 'bad', 'data-part': 'outcome'}),
      element('div', {class: 'run-buttons'}, retry, shows),
      failures);
  shows.addEventListener('click', () => toggleFailures(run.id, shows, failures));
  retry.addEventListener('click', () => tryAgain(run.id, retry));
  queues.set(run.id, {speed: new Speed(), failed: run.failed});
  return item;
}

function updateRun(item, run) {
  const part = (name) => item.querySelector(`[data-part=${name}]`);
  const running = RUNNING.includes(run.stage);
  const kept = queues.get(run.id);
  const perSecond = -kept.speed.perSecond(run.at, run.remaining);
  item.dataset.stage = run.stage;
  setText(part('command'), run.command ?? '');
  setText(part('stage'), {
    listing: 'listing ids', publishing: 'running', sweeping: 'looking for what is gone', failed: 'some failed',
  }[run.stage] ?? run.stage);
  setText(part('left'), running && run.stage !== 'listing' && perSecond > 0 && run.remaining > 0 ? `${duration(run.remaining / perSecond)} left` : '');
  showProgress(item.querySelector('progress'), run);
  setText(part('done'), done(run));
  setText(part('failed'), run.failed ? `${count(run.failed)} failed` : '');
  setText(part('stopped'), run.stopped ? `Stopped at ${moment(Date.parse(run.stopped.at))}: ${run.stopped.reason}` : '');
  setText(part('outcome'), outcome(run));
  part('retry').hidden = running;
  part('retry').disabled = running || Boolean(run.retry?.running);
  part('shows').hidden = run.failed === 0;
  const failures = item.querySelector('.failures');
  if (run.failed === 0) {
    part('shows').setAttribute('aria-expanded', 'false');
    failures.hidden = true;
  } else if (kept.failed !== run.failed && !failures.hidden) {
    loadFailures(run.id, failures);
  }
  kept.failed = run.failed;
}

/** How many products of a run are settled; null while that can't be told: of those that a sweep looks for, only how many are left is known. */
const settled = (run) => (run.total === undefined || run.stage === 'sweeping' ? null : Math.max(0, run.total - run.remaining));

function showProgress(progress, run) {
  // A run that stopped with nothing left to index has only deletions to do.
  progress.hidden = run.stage === 'interrupted' && run.remaining === 0;
  if (settled(run) === null) {
    progress.removeAttribute('value');
  } else {
    progress.max = run.total || 1;
    progress.value = run.total ? settled(run) : 1;
  }
}

function done(run) {
  if (run.total === undefined) {
    return `${counted(run.remaining, 'id')} so far`;
  }
  if (run.stage === 'sweeping') {
    return `${counted(run.remaining, 'product')} to look for again`;
  }
  if (run.stage === 'interrupted') {
    return run.remaining
      ? `${counted(run.remaining, 'product')} left`
      : `${run.total ? `${counted(run.total, 'product')} done` : 'The database listed no products'}; deletions are left to do`;
  }
  return `${count(settled(run))} of ${counted(run.total, 'product')}`;
}

/** How a retry from this page ended; what still runs, went well, or is told already, is told by the rest. */
function outcome(run) {
  if (!run.retry || run.retry.running || run.retry.status === 0 || (run.stopped && run.retry.reason === run.stopped.reason)) {
    return '';
  }
  return run.retry.reason ? `The retry stopped: ${run.retry.reason}` : 'The retry ended; some failed again.';
}

function toggleFailures(id, button, failures) {
  const open = failures.hidden;
  failures.hidden = !open;
  button.setAttribute('aria-expanded', String(open));
  if (open) {
    loadFailures(id, failures);
  }
}

async function loadFailures(id, list) {
  try {
    const answer = await get(`queues/${encodeURIComponent(id)}/failures?limit=${SHOWN_FAILURES}`);
    const entries = answer.failures.map((failure) =>
      element('div', {}, element('dt', {}, failure.id), element('dd', {}, failure.reason)));
    if (answer.more) {
      entries.push(element('div', {}, element('dt', {}, '…'), element('dd', {}, 'and more')));
    }
    list.replaceChildren(...entries);
  } catch (e) {
    list.replaceChildren(element('div', {}, element('dd', {}, e.message)));
  }
}

async function tryAgain(id, button) {
  button.disabled = true;
  try {
    await post(`queues/${encodeURIComponent(id)}/retry`);
    runNotice.say(id, `${id} is tried again.`);
  } catch (e) {
    button.disabled = false;
    runNotice.refuse(id, `${id} was not tried again`, e.message);
  }
}

// Events

const showEvents = keyed(byId('events'), (event) => event.id + event.number,
    (event) => element('tr', {},
        element('td', {}, time(event.at)),
        element('td', {}, event.type.replace('product.', '').toUpperCase()),
        element('td', {}, event.tags.map((tag) => (tag === '*' ? 'all' : tag)).join(', ')),
        element('td', {}, told(event))),
    () => {});

function told(event) {
  switch (event.type) {
    case 'product.update':
      return event.products || event.deleted
        ? [counted(event.products, 'product'), event.deleted ? `${count(event.deleted)} deleted` : ''].filter(Boolean).join(', ')
        : 'nothing: an indexer asks who is there';
    case 'product.index':
      return `${counted(event.changes, 'change')}, ${count(event.firstSequence)} to ${count(event.lastSequence)}`;
    default:
      return [`${count(event.stored)} stored`, event.outdated ? `${count(event.outdated)} outdated` : '',
        event.rejected ? `${count(event.rejected)} rejected` : ''].filter(Boolean).join(', ');
  }
}
