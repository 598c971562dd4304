// How this page makes elements: whatever comes from products is set as text, never parsed as HTML.

/** The element of the page with that id. */
export const byId = (id) => document.getElementById(id);

/** A new element; attributes that are null or undefined are left out, children may be texts. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) {
      made.setAttribute(key, value);
    }
  }
  made.append(...children);
  return made;
}

/** Sets a text only where it changed, so that selections and screen readers are left in peace. */
export function setText(target, text) {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

/** Says something in a live region; `bad` if it is trouble. */
export function say(target, text, bad = false) {
  target.dataset.kind = bad ? 'bad' : 'good';
  setText(target, text);
}

/**
 * Keeps the children of a parent in step with a list, each child under its item's key for as long as the item is there: focus
 * and open details stay where they are.
 */
export function keyed(parent, keyOf, create, update) {
  const children = new Map();
  return (items) => {
    const keys = new Set(items.map(keyOf));
    for (const [key, child] of children) {
      if (!keys.has(key)) {
        child.remove();
        children.delete(key);
      }
    }
    let next = parent.firstElementChild;
    for (const item of items) {
      const key = keyOf(item);
      let child = children.get(key);
      if (!child) {
        child = create(item);
        children.set(key, child);
      }
      if (child === next) {
        next = next.nextElementSibling;
      } else {
        parent.insertBefore(child, next);
      }
      update(child, item);
    }
  };
}

/** A file's worth of HTML as the words that a reader would see. */
export function words(html) {
  const parsed = new DOMParser().parseFromString(html.replaceAll('<', ' <'), 'text/html');
  return parsed.body.textContent.replace(/\s+/g, ' ').trim();
}

/** What a search marked, as nodes: texts and `mark` elements, and nothing else that the HTML may hold. */
export function marked(html) {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  return [...parsed.body.childNodes].map((node) => (node.nodeName === 'MARK' ? element('mark', {}, node.textContent) : node.textContent));
}
