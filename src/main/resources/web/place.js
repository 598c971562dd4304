// What the page shows stands in its address, so that it can be kept, sent and gone back to: #q=tent&product=17

const read = () => new URLSearchParams(location.hash.slice(1));

export const query = () => read().get('q') ?? '';
export const product = () => read().get('product') ?? '';

/** The address of this page with a product. */
export function withProduct(id) {
  const place = read();
  place.set('product', id);
  return `#${place}`;
}

/** Keeps what is searched for, without a step back for each letter. */
export function keepQuery(text) {
  const place = read();
  if (text) {
    place.set('q', text);
  } else {
    place.delete('q');
  }
  history.replaceState(null, '', `#${place}`);
}

export const onChange = (listener) => addEventListener('hashchange', listener);
