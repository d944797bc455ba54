import { addDays, addSeconds, type Day, dayOf, type Instant, secondsBetween, startOfDay } from '../lib/time.ts';
import type { ListKind } from '../model/list.ts';

/** An unsettled daily list is visited until this many days after its day, its window; without a usable capture it is a gap from then on. */
export const WINDOW_DAYS = 21;
/** The first run collects this many days of the daily list, today included; older days need a backfill. */
export const FIRST_RUN_DAYS = 14;

const HOUR = 3600;
const DAY = 24 * HOUR;

const times = (count: number, seconds: number, from = 0): number[] =>
  Array.from({ length: count }, (_, at) => from + at * seconds);
/**
 * When the schedule visits a list day, in seconds from its start: a daily list hourly on its day, every 3 hours on the next and then once a day to
 * the end of its window (fewer times when it settles before); a trending list hourly on its day; a watched search once.
 */
const SCHEDULE: Readonly<Record<ListKind, readonly number[]>> = {
  daily: [...times(24, HOUR), ...times(8, 3 * HOUR, DAY), ...times(WINDOW_DAYS - 1, DAY, 2 * DAY)],
  trending: times(24, HOUR),
  watched: [0],
};

/** When the schedule visits one list day, oldest first. */
export const scheduledTimes = (kind: ListKind, day: Day): Instant[] =>
  SCHEDULE[kind].map((seconds) => addSeconds(startOfDay(day), seconds));

/** When the schedule visits one list day for the last time. */
export const lastScheduledTime = (kind: ListKind, day: Day): Instant =>
  addSeconds(startOfDay(day), SCHEDULE[kind].at(-1) ?? 0);

/** How many visits of a list day the schedule has by an instant. */
function countScheduled(kind: ListKind, day: Day, until: Instant): number {
  const passed = secondsBetween(startOfDay(day), until);
  return SCHEDULE[kind].filter((seconds) => seconds <= passed).length;
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
  const end = span.settledAt && span.settledAt < span.now ? span.settledAt : span.now;
  const due = countScheduled(kind, day, end);
  if (day > firstArchiveDay) return due;
  if (day < (kind === 'daily' ? addDays(firstArchiveDay, 1 - FIRST_RUN_DAYS) : firstArchiveDay)) return 0;
  const passed = Math.min(due, countScheduled(kind, day, span.since));
  return due - Math.max(0, passed - 1);
}
