import { addDays, type Day, dayOf, eachDay, type Instant, secondsBetween } from '../lib/time.ts';
import type { ListConfig } from '../lists.ts';
import type { ListDay, ListKind } from '../model/list.ts';
import { FIRST_RUN_DAYS, lastScheduledTime, scheduledTimes, WINDOW_DAYS } from './schedule.ts';

/** What the visits of one list day came to. */
export type VisitOutcomes = {
  /** True when a usable capture is so late that the list no longer changes. */
  readonly settled: boolean;
  /** Failed visits since the last usable one. */
  readonly failuresInRow: number;
  /** Usable visits. */
  readonly captures: number;
  /** True when nothing answered the newest visit. */
  readonly unreachable: boolean;
};

/** What is known of the visits of one list day; a visit is one attempt to capture it, usable or not. */
export type Visits = {
  /** Time of the newest visit, from the archive's keys. */
  readonly last: Instant;
  /** Visits after the end of the window, which were made to fill a gap. */
  readonly gapVisits: number;
  /** What the table knows; null while it has not recorded the newest visit. */
  readonly outcomes: VisitOutcomes | null;
};

/** Returns the visits of a list day; null if it was never visited. */
export type FindVisits = (listDay: ListDay) => Visits | null;

/** Gaps that one run may fill, so that even a missing year never becomes a burst of requests. */
export const GAPS_PER_RUN = 5;
/** A list day is due again at the next run after so many failures in a row; after more, at its scheduled times. */
const QUICK_RETRIES = 3;

/** What decides what is due. */
export type ScheduleInput = {
  readonly lists: readonly ListConfig[];
  readonly findVisits: FindVisits;
  /** The first day of the daily list in the archive; null while the archive is empty. */
  readonly firstDay: Day | null;
  /** Days of the daily list before the window, back to `firstDay` or an earlier day, that have no usable capture and are due, newest first. */
  readonly gaps: readonly Day[];
  readonly now: Instant;
};

/**
 * Returns the list days that are due, most urgent first: the lists of today, then yesterday and the other unsettled days, then gaps.
 * It depends only on which visits were made, so missed runs, even a week of them, are made up for without any repair.
 */
export function dueListDays({ lists, findVisits, firstDay, gaps, now }: ScheduleInput): ListDay[] {
  const today = dayOf(now);
  const isDue = (kind: ListKind, listDay: ListDay) => isListDayDue(kind, listDay.day, findVisits(listDay), now);
  const current = lists
    .map(({ name, kind }) => ({ kind, listDay: { list: name, day: today } }))
    .filter(({ kind, listDay }) => isDue(kind, listDay))
    .map(({ listDay }) => listDay);
  if (!lists.some(({ kind }) => kind === 'daily')) return current;
  const daily = (day: Day): ListDay => ({ list: 'daily', day });
  const unsettled = eachDay(windowStart(firstDay, today), addDays(today, -1))
    .reverse()
    .map(daily)
    .filter((listDay) => isDue('daily', listDay));
  return [...current, ...unsettled, ...gaps.slice(0, GAPS_PER_RUN).map(daily)];
}

/** The oldest day whose daily list is visited at scheduled times. */
export function windowStart(firstDay: Day | null, today: Day): Day {
  const oldestCollected = [firstDay ?? today, addDays(today, 1 - FIRST_RUN_DAYS)].sort()[0] as Day;
  return [oldestCollected, addDays(today, -WINDOW_DAYS)].sort()[1] as Day;
}

/** The schedule at an instant. */
export type ScheduleWindow = {
  /** The first day of the daily list in the archive; null while the archive is empty. */
  readonly firstDay: Day | null;
  /** The oldest day whose daily list is visited at scheduled times: `windowStart` finds it. */
  readonly windowFrom: Day;
  readonly now: Instant;
};

/**
 * True when a list of today or of a past day will be visited again if every run takes place: it is due now, it has a scheduled time to come,
 * or it is a gap of the daily list since the archive's first day, now or once its window has passed.
 */
export function willVisit(
  kind: ListKind,
  day: Day,
  visits: Visits | null,
  { firstDay, windowFrom, now }: ScheduleWindow,
): boolean {
  if (visits?.outcomes?.settled) return false;
  const isInWindow = day === dayOf(now) || (kind === 'daily' && day >= windowFrom);
  if (isInWindow && (lastScheduledTime(kind, day) > now || isListDayDue(kind, day, visits, now))) return true;
  return kind === 'daily' && firstDay !== null && day >= firstDay && (visits?.outcomes?.captures ?? 0) === 0;
}

/**
 * A list day is due when it was never visited, when nothing answered the last visit, when a scheduled time has come since, or when the last
 * few visits failed. A settled list never is.
 */
function isListDayDue(kind: ListKind, day: Day, visits: Visits | null, now: Instant): boolean {
  const newestTime = scheduledTimes(kind, day).findLast((time) => time <= now);
  if (!newestTime) return false;
  if (!visits) return true;
  if (visits.outcomes?.settled) return false;
  if (visits.last < newestTime || visits.outcomes?.unreachable) return true;
  const failures = visits.outcomes?.failuresInRow ?? 0;
  return failures > 0 && failures <= QUICK_RETRIES && visits.last < now;
}

/**
 * A gap is due when it was never visited or when nothing answered, and after a failure again after 1, 3, 9, … days. It is not due while the
 * table has not recorded its last visit.
 */
export function isGapDue(visits: Visits | null, now: Instant): boolean {
  if (!visits) return true;
  if (!visits.outcomes || visits.outcomes.captures > 0) return false;
  if (visits.outcomes.unreachable) return true;
  // Visits within the window do not count: after a window of hourly failures the wait would never end.
  return secondsBetween(visits.last, now) >= 86_400 * 3 ** Math.max(0, visits.gapVisits - 1);
}
