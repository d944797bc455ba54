import { addDays, addSeconds, type Day, dayOf, type Instant, startOfDay } from '../lib/time.ts';
import type { ListKind } from '../model/list.ts';

/** Unsettled daily lists are visited for this long, then given up to the holes. */
export const VISITED_FOR_DAYS = 21;
/** The first run collects this many days of the daily list, today included; older days are backfill's. */
export const FIRST_RUN_DAYS = 14;

const HOUR = 3600;

/**
 * When the schedule visits one list day, oldest first: a daily list hourly on its day, every 3 hours on the next, then once a day to day + 21
 * (fewer when it settles before); a trending list hourly on its day; a watched search once.
 */
export function scheduledTimes(kind: ListKind, day: Day): Instant[] {
  const every = (seconds: number, on: Day): Instant[] =>
    Array.from({ length: (24 * HOUR) / seconds }, (_, at) => addSeconds(startOfDay(on), at * seconds));
  if (kind === 'watched') return [startOfDay(day)];
  if (kind === 'trending') return every(HOUR, day);
  const later = Array.from({ length: VISITED_FOR_DAYS - 1 }, (_, at) => startOfDay(addDays(day, at + 2)));
  return [...every(HOUR, day), ...every(3 * HOUR, addDays(day, 1)), ...later];
}

/**
 * How many visits of a list day the schedule had due by `now`, in an archive that began at `since` (the beginning of that hour): one for
 * all that had passed by then, as far as its first run looked back, and each one since; none after the visit that settled the list
 * (`settledAt`, null while unsettled).
 */
export function expectedVisits(
  kind: ListKind,
  day: Day,
  span: { readonly since: Instant; readonly now: Instant; readonly settledAt: Instant | null },
): number {
  const began = dayOf(span.since);
  if (day < (kind === 'daily' ? addDays(began, 1 - FIRST_RUN_DAYS) : began)) return 0;
  const end = span.settledAt && span.settledAt < span.now ? span.settledAt : span.now;
  const slots = scheduledTimes(kind, day).filter((slot) => slot <= end);
  const passed = slots.filter((slot) => slot <= span.since).length;
  return slots.length - Math.max(0, passed - 1);
}
