// The page: search, a product's journey, and the pipeline live.

import * as chart from './chart.js';
import {byId, setText} from './dom.js';
import * as journey from './journey.js';
import {connect} from './live.js';
import * as pipeline from './pipeline.js';
import * as search from './search.js';

let paused = false;
let last = null;
let state = ['connecting', 0];

function showFrame(frame) {
  pipeline.show(frame);
  chart.show(frame);
  search.setIndexes(frame.status.indexes.map((index) => index.name));
  journey.onFrame(frame);
}

function showState() {
  const [name, delay] = state;
  const shown = name === 'live' && paused ? 'paused' : name;
  byId('connection').dataset.state = shown;
  setText(byId('connection'), {
    connecting: 'Connecting …',
    live: 'Live',
    paused: 'Paused',
    lost: `Not connected, trying again${delay > 1000 ? ` every ${Math.round(delay / 1000)} s` : ''} …`,
  }[shown]);
  byId('pipeline').toggleAttribute('data-stale', shown !== 'live');
}

connect(
    (frame) => {
      last = frame;
      if (!paused) {
        showFrame(frame);
      }
    },
    (...newState) => {
      state = newState;
      if (state[0] === 'lost') {
        pipeline.disconnected();
      }
      showState();
    });

byId('pause').addEventListener('click', () => {
  paused = !paused;
  byId('pause').setAttribute('aria-pressed', String(paused));
  showState();
  if (!paused && last) {
    showFrame(last);
  }
});

// The address after # is what the page shows; a link within the page must not replace it.
document.querySelector('[data-skip]').addEventListener('click', (event) => {
  event.preventDefault();
  byId('query').focus();
});

await search.start();
journey.start(search.indexes());
