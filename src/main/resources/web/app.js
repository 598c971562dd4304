// The page: search, a product's journey, and the pipeline live.

import * as chart from './chart.js';
import {byId, setText} from './dom.js';
import * as journey from './journey.js';
import {connect} from './live.js';
import * as pipeline from './pipeline.js';
import * as search from './search.js';

let paused = false;
let last = null;
let state = 'connecting';

function showFrame(frame) {
  pipeline.show(frame);
  chart.show(frame);
  search.setIndexes(frame.status.indexes.map((index) => index.name));
  journey.onFrame(frame);
}

function showState() {
  const shown = state === 'live' && paused ? 'paused' : state;
  byId('connection').dataset.state = shown;
  setText(byId('connection'), {
    connecting: 'Connecting …',
    live: 'Live',
    paused: 'Paused',
    lost: 'Not connected, trying again …',
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
    (newState) => {
      state = newState;
      if (state === 'lost') {
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
