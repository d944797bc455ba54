import { addDays, addSeconds, type Day, type Instant, startOf } from '../kit/clock.ts';
import type { SourceKind } from '../model/target.ts';

/** Unsettled daily lists are visited for this long, then given up to the holes. */
export const WATCHED_FOR_DAYS = 21;

const HOUR = 3600;

/**
 * When the schedule visits one target, oldest first: a daily list hourly on its day, every 3 hours on the next, then once a day to day + 21
 * (fewer when it settles before); a trending list hourly on its day; a watched search once.
 */
export function slotsOf(kind: SourceKind, day: Day): Instant[] {
  const every = (seconds: number, on: Day): Instant[] =>
    Array.from({ length: (24 * HOUR) / seconds }, (_, at) => addSeconds(startOf(on), at * seconds));
  if (kind === 'watched') return [startOf(day)];
  if (kind === 'trending') return every(HOUR, day);
  const later = Array.from({ length: WATCHED_FOR_DAYS - 1 }, (_, at) => startOf(addDays(day, at + 2)));
  return [...every(HOUR, day), ...every(3 * HOUR, addDays(day, 1)), ...later];
}

/**
 * How many visits of a target the schedule had due by `now`, counted from `since` (the archive's first instant);
 * none after the visit that settled it (`settledAt`, null while unsettled).
 */
export function expectedVisits(
  kind: SourceKind,
  day: Day,
  span: { readonly since: Instant; readonly now: Instant; readonly settledAt: Instant | null },
): number {
  const end = span.settledAt && span.settledAt < span.now ? span.settledAt : span.now;
  return slotsOf(kind, day).filter((slot) => slot >= span.since && slot <= end).length;
}
