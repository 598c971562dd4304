// A product side by side: in the product data service, and in each index.

import {getExact} from './api.js';
import {byId, element, say, setText} from './dom.js';
import {age, count, title} from './format.js';
import * as place from './place.js';

const AGAIN_MS = 1000;
const NOWHERE = null;

let shown = '';
let indexes = [];
let seen = '';
let readAt = null;
let ageCell = null;
let looking = null;
let lookedAt = 0;
let later = null;

/** Takes a frame: when something changed, the product is looked at again. */
export function onFrame(frame) {
  indexes = frame.status.indexes.map((index) => index.name);
  const state = JSON.stringify([frame.status.products?.sequence, frame.status.indexes.map((index) => index.checkpoint)]);
  if (state !== seen) {
    seen = state;
    lookSoon();
  }
  if (ageCell && readAt) {
    setText(ageCell, age(readAt));
  }
}

/** At once, but not more often than every second; a search sees a change a moment later, and so the last look comes late. */
function lookSoon() {
  if (later === null && shown) {
    later = setTimeout(() => {
      later = null;
      look();
    }, Math.max(AGAIN_MS - (Date.now() - lookedAt), AGAIN_MS / 2));
  }
}

async function station(path, signal) {
  try {
    return await getExact(path, signal);
  } catch (e) {
    if (e.status === 404) {
      return NOWHERE;
    }
    throw e;
  }
}

async function look() {
  lookedAt = Date.now();
  looking?.abort();
  looking = new AbortController();
  const {signal} = looking;
  const id = shown;
  const path = encodeURIComponent(id);
  try {
    const [product, ...documents] = await Promise.all([
      station(`products/${path}`, signal), ...indexes.map((name) => station(`${name}/documents/${path}`, signal))]);
    if (!signal.aborted) {
      show(id, product, indexes.map((name, i) => ({name, document: documents[i]?.body ?? null})));
    }
  } catch (e) {
    if (e.name !== 'AbortError') {
      say(byId('verdict'), e.message, true);
    }
  }
}

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

function fieldsOf(document) {
  return document ? Object.keys(document).filter((name) => name !== 'id' && name !== 'version') : [];
}

/** What an index has otherwise than the product data service. */
function differences(product, document) {
  return fieldsOf(document).filter((name) => !same(product?.[name], document[name]));
}

function show(id, answer, stations) {
  const stored = answer === NOWHERE ? null : answer.body;
  const version = answer === NOWHERE ? null : Number(answer.headers.get('ETag').replaceAll(/[^0-9]/g, ''));
  readAt = answer === NOWHERE ? null : Date.parse(answer.headers.get('Read-At'));
  const verdict = judge(id, stored, stations);
  say(byId('verdict'), verdict.text, verdict.bad);
  if (!stored && stations.every((each) => !each.document)) {
    // A table of nothing would say no more.
    ageCell = null;
    byId('stations').hidden = true;
    return;
  }

  const attributes = new Set([...Object.keys(stored ?? {}), ...stations.flatMap((each) => fieldsOf(each.document))]);
  attributes.delete('id');
  attributes.delete('name');
  ageCell = element('td', {}, stored ? age(readAt) : '–');
  const table = element('table', {},
      element('colgroup', {}, element('col'), element('col'), ...stations.map(() => element('col'))),
      element('thead', {}, element('tr', {}, element('td', {}),
          element('th', {scope: 'col'}, 'Product data'), ...stations.map((each) => element('th', {scope: 'col'}, title(each.name))))),
      element('tbody', {},
          row('Version', element('td', {}, version === null ? 'not there' : count(version)),
              ...stations.map((each) => versionCell(each.document, version))),
          row('Read', ageCell, ...stations.map((each) => element('td', {}, same(each.document?.version?.toString(), version?.toString()) && stored ? 'the same' : '–'))),
          ...['name', ...[...attributes].sort()].map((name) =>
            row(name, valueCell(stored, name, true), ...stations.map((each) => valueCell(each.document, name, !stored || same(stored[name], each.document?.[name])))))));
  if (readAt) {
    ageCell.title = new Date(readAt).toISOString();
  }
  keepScrolled(byId('stations'), table);
}

function judge(id, stored, stations) {
  const wrong = stations.map((each) => {
    if (!stored) {
      return each.document ? `${title(each.name)} still has it` : '';
    }
    if (!each.document) {
      return `${title(each.name)} lacks it`;
    }
    const different = differences(stored, each.document);
    return different.length ? `${title(each.name)} differs in ${different.join(', ')}` : '';
  }).filter(Boolean);
  if (wrong.length) {
    return {text: `${stored ? '' : 'The product data service has no such product. '}${wrong.join('; ')}.`, bad: true};
  }
  return stored
    ? {text: 'Every index has what the product data service has.', bad: false}
    : {text: `There is no product with the id ${id}.`, bad: true};
}

function row(name, ...cells) {
  return element('tr', {}, element('th', {scope: 'row'}, name), ...cells);
}

/** An older version is no fault: what changed since may be none of this index's business. */
function versionCell(document, version) {
  if (!document) {
    return element('td', {}, 'not there');
  }
  const own = Number(document.version);
  const behind = version !== null && own < version ? element('span', {class: 'quiet'}, ', older') : '';
  return element('td', {}, count(own), behind);
}

function valueCell(holder, name, fits) {
  if (!holder || !(name in holder)) {
    return element('td', {}, element('span', {class: 'hidden'}, 'not kept'), element('span', {'aria-hidden': 'true', class: 'quiet'}, '–'));
  }
  const value = holder[name];
  const text = value === null ? 'null' : typeof value === 'string' ? value : value.toString() === '[object Object]' || Array.isArray(value) ? JSON.stringify(value) : value.toString();
  const cell = element('td', {}, element('div', {class: value === null ? 'value quiet' : 'value'}, text));
  if (!fits) {
    cell.dataset.differs = '';
    cell.prepend(element('span', {class: 'differs'}, 'differs'));
  }
  return cell;
}

function keepScrolled(region, table) {
  const {scrollLeft} = region;
  region.replaceChildren(table);
  region.hidden = false;
  region.scrollLeft = scrollLeft;
}

function choose(byUser) {
  const id = place.product();
  shown = id;
  byId('product-id').value = id;
  if (id) {
    look();
    if (byUser) {
      const heading = byId('journey-heading');
      heading.focus({preventScroll: true});
      heading.scrollIntoView({block: 'nearest'});
    }
  } else {
    looking?.abort();
    byId('stations').hidden = true;
    say(byId('verdict'), 'Choose a product above, or give its id.');
  }
}

/** Begins with the product of the address. */
export function start(names) {
  indexes = names;
  byId('choose').addEventListener('submit', (event) => {
    event.preventDefault();
    const id = byId('product-id').value;
    if (id === shown) {
      look();
    } else {
      location.hash = place.withProduct(id);
    }
  });
  place.onChange(() => place.product() !== shown && choose(true));
  choose(false);
}
