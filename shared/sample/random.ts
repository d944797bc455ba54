/**
 * Chance that is no chance: the same words give the same numbers, so that the sample feed tells the same story on every machine.
 */

/** Draws a number from 0 (included) to 1 (excluded); each call the next one. */
export type Random = () => number;

const scramble = (word: number): number => {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
};

/** A whole number from 0 to 2³² - 1 that follows from the text: FNV-1a, then the end mix of MurmurHash3. */
export function hashSeed(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return scramble(hash);
}

/** One number from 0 (included) to 1 (excluded) that follows from the text. */
export const seededUnit = (text: string): number => hashSeed(text) / 2 ** 32;

/** Hexadecimal digits that follow from the text, as many as asked for. */
export function seededHex(text: string, digits: number): string {
  let hex = '';
  for (let part = 0; hex.length < digits; part += 1) hex += hashSeed(`${text}/${part}`).toString(16).padStart(8, '0');
  return hex.slice(0, digits);
}

/** A sequence of draws that follows from the text: mulberry32. */
export function createRandom(text: string): Random {
  let state = hashSeed(text);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `low` to `high`, both included. */
export const randomInt = (chance: Random, low: number, high: number): number =>
  low + Math.floor(chance() * (high - low + 1));

/** One of them; there must be one. */
export function pick<T>(chance: Random, from: readonly T[]): T {
  const picked = from[Math.floor(chance() * from.length)];
  if (picked === undefined) throw new RangeError('nothing to pick from');
  return picked;
}

/** That many different ones of them (all, if there are fewer), in the order drawn. */
export function pickSome<T>(chance: Random, from: readonly T[], count: number): T[] {
  const left = [...from];
  const picked: T[] = [];
  while (picked.length < count && left.length > 0) {
    picked.push(...left.splice(Math.floor(chance() * left.length), 1));
  }
  return picked;
}

/** One of them, each as likely as its weight. */
export function pickByWeight<T>(chance: Random, from: readonly T[], weightOf: (one: T) => number): T {
  let left = chance() * from.reduce((sum, one) => sum + weightOf(one), 0);
  for (const one of from) {
    left -= weightOf(one);
    if (left < 0) return one;
  }
  return pick(chance, from);
}
