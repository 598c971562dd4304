// Numbers and times for people.

const whole = new Intl.NumberFormat('en');
const day = new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'short', year: 'numeric'});
const clock = new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit', second: '2-digit'});

export const count = (number) => whole.format(number);

/** "1 product", "2 products". */
export const counted = (number, noun) => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;

export const time = (milliseconds) => clock.format(milliseconds);

/** A time of today as "14:03:59", another with its day. */
export function moment(milliseconds) {
  const on = day.format(milliseconds);
  return on === day.format(Date.now()) ? time(milliseconds) : `${on}, ${time(milliseconds)}`;
}

/** Seconds as "5 s", "3 min" or "2 h 5 min". */
export function duration(seconds) {
  if (seconds < 90) {
    return `${Math.ceil(seconds)} s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long ago a time was. */
export function age(milliseconds, now = Date.now()) {
  const seconds = Math.max(0, (now - milliseconds) / 1000);
  if (seconds < 2) {
    return 'just now';
  }
  const days = Math.floor(seconds / 86400);
  return days >= 2 ? `${count(days)} days ago` : `${duration(seconds)} ago`;
}

/** "index-a" as "Index A". */
export const title = (name) => name.replace(/^index-(.*)$/, (all, letter) => `Index ${letter.toUpperCase()}`);
