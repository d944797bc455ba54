/** Draws a number from 0 (included) to 1 (excluded). Every call gives the next number of the sequence. */
export type Random = () => number;

/** A whole number from 0 to 2³² - 1 that follows from the text (FNV-1a, finished as in MurmurHash3). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A number from 0 (included) to 1 (excluded) that follows from the text. */
export const seededUnit = (text: string): number => hashText(text) / 2 ** 32;

/** As many hexadecimal digits as asked for, which follow from the text. */
export function seededHex(text: string, digits: number): string {
  let hex = '';
  for (let part = 0; hex.length < digits; part += 1) hex += hashText(`${text}/${part}`).toString(16).padStart(8, '0');
  return hex.slice(0, digits);
}

/** A sequence of numbers that follows from the text (mulberry32), so that the sample is the same on every machine. */
export function createRandom(text: string): Random {
  let state = hashText(text);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `low` to `high`, both included. */
export const randomInt = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1));

/** One item of a list that is not empty. */
export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('cannot pick from an empty list');
  return item;
}

/** `count` different items (or all, where there are fewer), in the order drawn. */
export function pickSome<T>(random: Random, items: readonly T[], count: number): T[] {
  const left = [...items];
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(Math.floor(random() * left.length), 1),
  ).flat();
}

/** One item, each as likely as its weight. */
export function pickByWeight<T>(random: Random, items: readonly T[], weightOf: (item: T) => number): T {
  let left = random() * items.reduce((sum, item) => sum + weightOf(item), 0);
  for (const item of items) {
    left -= weightOf(item);
    if (left < 0) return item;
  }
  return pick(random, items);
}
