import { addDays, countDays, type Day, dayOf, type Instant, parseDay, secondsBetween } from '../lib/time.ts';

/**
 * What the sample feed has in store for which day. Everything hangs on the calendar and nothing on when somebody looks,
 * so that a clock that is moved forward through the six weeks sees one story.
 */

/** How many days back the sample feed has lists, its present day included: six weeks. */
export const WINDOW_DAYS = 42;

/** A Monday, from which weeks are counted. */
const FIRST_MONDAY = parseDay('1970-01-05') ?? ('' as Day);

/** The number of a day, counted from a Monday in January 1970 and not before; its remainder by 7 is 0 on Mondays. */
export const numberOf = (day: Day): number => countDays(FIRST_MONDAY, day);

const remainder = (day: Day, by: number): number => numberOf(day) % by;

/** True on Saturdays and Sundays, when nothing is listed. */
export const isWeekend = (day: Day): boolean => remainder(day, 7) > 4;
/** True on one Tuesday of every six weeks, whose list needs two pages. */
export const isBusy = (day: Day): boolean => remainder(day, 42) === 8;
/** True on one Wednesday of every six weeks, when a paper by a crowd is listed. */
export const isCrowded = (day: Day): boolean => remainder(day, 42) === 23;
/** True on one Thursday of every three weeks; a paper of that day gets another title two days later. */
export const isRetitled = (day: Day): boolean => remainder(day, 21) === 3;
/** True on one Wednesday of every three weeks; a paper of that day moves to the list of the day after. */
export const isRedated = (day: Day): boolean => remainder(day, 21) === 9;

/** The hour of day, 0 to 23. */
export const hourOf = (at: Instant): number => Number(at.slice(11, 13));
/** Hours from one instant to another, with fractions; negative when `to` is earlier. */
export const hoursBetween = (from: Instant, to: Instant): number => secondsBetween(from, to) / 3600;

/** What is wrong with the feed during an hour: every third week it fails for one on a Tuesday and is cut for one on a Thursday. */
export function troubleAt(at: Instant): 'failing' | 'cut' | null {
  const day = dayOf(at);
  if (remainder(day, 21) === 15 && hourOf(at) === 6) return 'failing';
  if (remainder(day, 21) === 17 && hourOf(at) === 18) return 'cut';
  return null;
}

/** The days that the sample feed has lists of, oldest first. */
export const windowOf = (now: Instant): Day[] =>
  Array.from({ length: WINDOW_DAYS }, (_, at) => addDays(dayOf(now), at - WINDOW_DAYS + 1));

/** From how many days before its peak a topic rises, and how many it takes to be ordinary again. */
const RISE_DAYS = 56;
const FALL_DAYS = 28;
/** A topic peaks every two weeks, one after the other. */
const PEAK_EVERY_DAYS = 14;
/** How many times its ordinary weight a topic gains at its peak. */
const PEAK = 8;

/** By how much a topic (by its place among `count`) is in fashion on a day: 0 usually, up to 8 at its peak. Some topic has always risen for six weeks. */
export function fashionOf(place: number, count: number, day: Day): number {
  const round = count * PEAK_EVERY_DAYS;
  const sincePeak = remainder(addDays(day, -place * PEAK_EVERY_DAYS), round);
  const rising = 1 - (round - sincePeak) / RISE_DAYS;
  const falling = 1 - sincePeak / FALL_DAYS;
  return PEAK * Math.max(0, rising, falling);
}
