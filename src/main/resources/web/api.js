// Requests to the services.

/** An answer that is no success; its message is what the services said. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function send(path, options) {
  let answer;
  try {
    answer = await fetch(path, {cache: 'no-store', ...options});
  } catch (e) {
    throw e.name === 'AbortError' ? e : new Problem(0, 'The services do not answer.');
  }
  const text = await answer.text();
  if (!answer.ok) {
    let detail = `The services answered with ${answer.status}.`;
    try {
      detail = JSON.parse(text).detail ?? detail;
    } catch {
      // What is not JSON has nothing to say.
    }
    throw new Problem(answer.status, detail);
  }
  return {headers: answer.headers, text};
}

/** The JSON at a path. */
export async function get(path, signal) {
  return JSON.parse((await send(path, {signal})).text);
}

/**
 * The JSON at a path and the headers of the answer. Numbers keep all their digits where the browser tells them (JSON.parse
 * with source text access): prices are decimals, and 79.50 is not 79.5.
 */
export async function getExact(path, signal) {
  const {headers, text} = await send(path, {signal});
  const exact = (key, value, context) => (typeof value === 'number' && context?.source ? new Digits(context.source) : value);
  return {headers, body: JSON.parse(text, exact)};
}

/** A number as it was written. */
class Digits {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }

  toJSON() {
    return this.text;
  }
}

export const isNumber = (value) => typeof value === 'number' || value instanceof Digits;

/** Asks for something to be done. */
export async function post(path) {
  return JSON.parse((await send(path, {method: 'POST'})).text);
}
