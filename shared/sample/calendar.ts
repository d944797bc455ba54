import { addDays, countDays, type Day, dayOf, type Instant, parseDay, secondsBetween } from '../lib/time.ts';

/** How many days of lists the sample feed has, today included. */
export const SAMPLE_DAYS = 42;

/** Days from a Monday in January 1970 to a day: divided by 7, Mondays leave 0. */
export const dayNumber = (day: Day): number => countDays(parseDay('1970-01-05') as Day, day);

/** True on Saturdays and Sundays, when no paper is listed. */
export const isWeekend = (day: Day): boolean => dayNumber(day) % 7 > 4;
/** True on one Tuesday of every six weeks, whose list needs two pages of the API. */
export const isBusy = (day: Day): boolean => dayNumber(day) % 42 === 8;
/** True on one Wednesday of every six weeks, when a paper with dozens of authors is listed. */
export const hasLargeTeam = (day: Day): boolean => dayNumber(day) % 42 === 23;
/** True on one Thursday of every three weeks: a paper of that day gets another title two days later. */
export const isRetitled = (day: Day): boolean => dayNumber(day) % 21 === 3;
/** True on one Wednesday of every three weeks: a paper of that day moves to the list of the next day. */
export const isRedated = (day: Day): boolean => dayNumber(day) % 21 === 9;

/** Hours between two instants, with fractions; negative when `to` is earlier. */
export const hoursBetween = (from: Instant, to: Instant): number => secondsBetween(from, to) / 3600;

/** What is wrong with the sample feed at a time: every three weeks it answers 503 for an hour, and cuts its bodies for another. */
export function simulatedFailureAt(at: Instant): 'failing' | 'cut' | null {
  const hour = Number(at.slice(11, 13));
  if (dayNumber(dayOf(at)) % 21 === 15 && hour === 6) return 'failing';
  if (dayNumber(dayOf(at)) % 21 === 17 && hour === 18) return 'cut';
  return null;
}

/** The days that the sample feed has lists of, oldest first. */
export const sampleDays = (now: Instant): Day[] =>
  Array.from({ length: SAMPLE_DAYS }, (_, at) => addDays(dayOf(now), at - SAMPLE_DAYS + 1));

/** How much more common topic `place` of `count` is on a day: 0 usually, up to 12 at its peak. Every week another topic peaks, after rising for ten days. */
export function topicBoost(place: number, count: number, day: Day): number {
  const round = count * 7;
  const sincePeak = dayNumber(addDays(day, -place * 7)) % round;
  return 12 * Math.max(0, 1 - (round - sincePeak) / 10, 1 - sincePeak / 10);
}
