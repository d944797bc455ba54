import { addDays, addSeconds, type Day, dayOf, type Instant, startOfDay } from '../lib/time.ts';
import type { ListKind } from '../model/list.ts';

/** An unsettled daily list is visited until this many days after its day, its window; without a usable capture it is a gap from then on. */
export const WINDOW_DAYS = 21;
/** The first run collects this many days of the daily list, today included; older days need a backfill. */
export const FIRST_RUN_DAYS = 14;

const HOUR = 3600;

/**
 * When the schedule visits one list day, oldest first: a daily list hourly on its day, every 3 hours on the next and then once a day to the
 * end of its window (fewer times when it settles before); a trending list hourly on its day; a watched search once.
 */
export function scheduledTimes(kind: ListKind, day: Day): Instant[] {
  const every = (seconds: number, on: Day): Instant[] =>
    Array.from({ length: (24 * HOUR) / seconds }, (_, at) => addSeconds(startOfDay(on), at * seconds));
  if (kind === 'watched') return [startOfDay(day)];
  if (kind === 'trending') return every(HOUR, day);
  const later = Array.from({ length: WINDOW_DAYS - 1 }, (_, at) => startOfDay(addDays(day, at + 2)));
  return [...every(HOUR, day), ...every(3 * HOUR, addDays(day, 1)), ...later];
}

/**
 * How many visits of a list day were due by `now` in an archive that began at `since` (the start of that hour). The first run makes one visit
 * for all times that had passed by then, as far as it looks back. No visit is due after the one that settled the list (`settledAt`, null
 * while unsettled).
 */
export function expectedVisits(
  kind: ListKind,
  day: Day,
  span: { readonly since: Instant; readonly now: Instant; readonly settledAt: Instant | null },
): number {
  const firstArchiveDay = dayOf(span.since);
  if (day < (kind === 'daily' ? addDays(firstArchiveDay, 1 - FIRST_RUN_DAYS) : firstArchiveDay)) return 0;
  const end = span.settledAt && span.settledAt < span.now ? span.settledAt : span.now;
  const times = scheduledTimes(kind, day).filter((time) => time <= end);
  const passed = times.filter((time) => time <= span.since).length;
  return times.length - Math.max(0, passed - 1);
}
