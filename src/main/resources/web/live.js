// The websocket that tells how things are, about every second. It connects again by itself, for as long as it takes.

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5000;
/** The server speaks at least every 5 s; a connection that is silent for longer is dead, though nobody said so. */
const SILENCE_MS = 15000;

/**
 * Connects, and stays connected.
 *
 * @param onFrame is given each frame
 * @param onState is given "connecting", "live" or "lost"
 */
export function connect(onFrame, onState) {
  const address = new URL('live', document.baseURI);
  address.protocol = address.protocol.replace('http', 'ws');
  address.hash = '';
  let delay = FIRST_RETRY_MS;
  let socket = null;
  let retry = null;
  let silence = null;

  function open() {
    clearTimeout(retry);
    retry = null;
    socket = new WebSocket(address);
    listen();
    socket.onmessage = (message) => {
      delay = FIRST_RETRY_MS;
      listen();
      onState('live');
      onFrame(JSON.parse(message.data));
    };
    socket.onclose = again;
  }

  function listen() {
    clearTimeout(silence);
    const listening = socket;
    silence = setTimeout(() => {
      listening.onclose = null;
      listening.close();
      again();
    }, SILENCE_MS);
  }

  function again() {
    clearTimeout(silence);
    socket = null;
    onState('lost');
    retry = setTimeout(open, delay);
    delay = Math.min(LAST_RETRY_MS, 2 * delay);
  }

  function now() {
    if (retry !== null) {
      open();
    }
  }

  addEventListener('online', now);
  document.addEventListener('visibilitychange', () => document.hidden || now());
  onState('connecting');
  open();
}
