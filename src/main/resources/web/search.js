// Searches every index that the services have, while the query is typed.

import {get, getExact, isNumber} from './api.js';
import {byId, element, keyed, marked, say, setText, words} from './dom.js';
import {count, counted, title} from './format.js';
import * as place from './place.js';

const PAUSE_MS = 120;
const HITS = 8;
const TEXT_CHARACTERS = 60;
// The index whose names are suggested.
const SUGGESTING = 'index-a';

const panels = new Map();
let names = [];
let waiting = null;
let running = null;

/** Names the indexes, whenever they are known. */
export function setIndexes(newNames) {
  if (newNames.join() !== names.join()) {
    names = newNames;
    showPanels(names);
    search();
  }
}

const showPanels = keyed(byId('results'), (name) => name, createPanel, () => {});

function createPanel(name) {
  const total = element('span');
  const list = element('ol');
  const heading = element('h3', {id: `${name}-results`}, title(name), total);
  panels.set(name, {total, list});
  return element('section', {'aria-labelledby': heading.id}, heading, list);
}

/** The names of the indexes, as far as they are known. */
export const indexes = () => names;

async function search() {
  running?.abort();
  running = new AbortController();
  const {signal} = running;
  // A space at the end says that the last word is finished.
  const query = byId('query').value.trimStart();
  suggest(query, signal);
  const results = byId('results');
  results.setAttribute('aria-busy', 'true');
  const told = await Promise.all(names.map((name) => searchOne(name, query, signal)));
  if (!signal.aborted) {
    results.removeAttribute('aria-busy');
    const trouble = told.find((each) => each.trouble);
    say(byId('found'), trouble ? trouble.trouble : query ? told.map((each) => each.found).join(', ') : '', Boolean(trouble));
  }
}

/** Offers names while a word is typed; the search does without. */
async function suggest(query, signal) {
  if (!query || !names.includes(SUGGESTING)) {
    byId('suggestions').replaceChildren();
    return;
  }
  try {
    const {suggestions} = await get(`${SUGGESTING}/suggest?q=${encodeURIComponent(query)}`, signal);
    byId('suggestions').replaceChildren(...suggestions.filter((name) => name !== query).map((name) => element('option', {value: name})));
  } catch {
    // Told where the search itself is.
  }
}

async function searchOne(name, query, signal) {
  try {
    const {body} = await getExact(`${name}/search?size=${HITS}&q=${encodeURIComponent(query)}`, signal);
    const {total, list} = panels.get(name);
    setText(total, `${count(Number(body.total))} in ${body.tookMs} ms`);
    showHits(list, body.hits);
    return {found: `${counted(Number(body.total), 'product')} in ${title(name)}`};
  } catch (e) {
    return {trouble: e.name === 'AbortError' ? '' : e.message};
  }
}

/** Whoever has moved on to a hit already stays there, or at the first if theirs is gone. */
function showHits(list, hits) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  list.replaceChildren(...hits.map(hit));
  if (focused !== null) {
    const links = [...list.querySelectorAll('a')];
    (links.find((link) => link.dataset.id === focused) ?? links[0] ?? byId('query')).focus({preventScroll: true});
  }
}

/** A hit: the name, a number beside it, and the beginning of a longer text. */
function hit(found) {
  const {id, score, name, highlights = {}, ...rest} = found;
  const link = element('a', {class: 'hit', href: place.withProduct(id), 'data-id': id},
      element('span', {class: 'hit-name'}, ...nameOf(name ?? id, highlights.name)));
  mark(link);
  for (const value of Object.values(rest)) {
    if (isNumber(value)) {
      link.append(element('span', {class: 'hit-side'}, String(value)));
    }
  }
  const [field, text] = Object.entries(rest).find(([, value]) => typeof value === 'string' && value.length > TEXT_CHARACTERS) ?? [];
  if (text) {
    link.append(element('span', {class: 'hit-text'}, ...(highlights[field] ? marked(highlights[field]) : [words(text)])));
  }
  return element('li', {}, link);
}

/** The name with what was found in it; as it is where it holds markup, which a highlight leaves out. */
function nameOf(name, highlight) {
  const nodes = highlight ? marked(highlight) : [];
  return nodes.map((node) => node.textContent ?? node).join('') === name ? nodes : [name];
}

function mark(link) {
  if (link.dataset.id === place.product()) {
    link.setAttribute('aria-current', 'true');
  } else {
    link.removeAttribute('aria-current');
  }
}

/** Begins: with the query of the address, and all indexes that there are. */
export async function start() {
  const input = byId('query');
  input.value = place.query();
  input.addEventListener('input', () => {
    place.keepQuery(input.value.trim());
    clearTimeout(waiting);
    waiting = setTimeout(search, PAUSE_MS);
  });
  byId('search').addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    search();
  });
  place.onChange(() => {
    if (input.value.trim() !== place.query()) {
      input.value = place.query();
      search();
    }
    // What a link keeps of the query may have changed since.
    for (const link of document.querySelectorAll('.hit')) {
      mark(link);
      link.href = place.withProduct(link.dataset.id);
    }
  });
  try {
    setIndexes((await get('status')).indexes.map((index) => index.name));
  } catch (e) {
    say(byId('found'), e.message, true);
  }
}
