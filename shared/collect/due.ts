import { addDays, type Day, dayOf, eachDay, type Instant, secondsBetween } from '../lib/time.ts';
import type { ListConfig } from '../lists.ts';
import type { ListDay, ListKind } from '../model/list.ts';
import { FIRST_RUN_DAYS, scheduledTimes, VISITED_FOR_DAYS } from './schedule.ts';

/** What the visits of one list day brought: whether it is settled, its failures in a row, its usable visits, whether nothing answered the newest. */
export type VisitOutcomes = {
  readonly settled: boolean;
  readonly failing: number;
  readonly captures: number;
  readonly unreachable: boolean;
};

/** What is known of the visits of one list day. */
export type Visits = {
  /** Time of the newest visit, usable or not, as the archive's keys tell it. */
  readonly last: Instant;
  /** Visits after its window (day + 21), when it was looked at again as a hole. */
  readonly asHole: number;
  /** What the table says of it; null while the table has not caught up with the archive. */
  readonly known: VisitOutcomes | null;
};

/** The visits of a list day; null if it was never visited. */
export type FindVisits = (listDay: ListDay) => Visits | null;

/** Holes that one run may fill, so that a dead year heals politely. */
export const GAPS_PER_RUN = 5;
/** A list day whose last visits failed is due at the next run this many times in a row; then its ordinary slots decide. */
const QUICK_RETRIES = 3;

/** What a plan is made from. */
export type ScheduleInput = {
  readonly lists: readonly ListConfig[];
  readonly visitsOf: FindVisits;
  /** First list day of the archive's daily list; null while there is none. */
  readonly firstDay: Day | null;
  /** Daily list days before the window (today - 21) that have no usable capture and are due, newest first. */
  readonly holes: readonly Day[];
  readonly now: Instant;
};

/**
 * The list days that are due, most urgent first: what moves now (today's lists), then yesterday's and the unsettled days, then holes.
 * Looks only at what was visited, so a missed run or a dead week heals by itself.
 */
export function dueListDays({ lists, visitsOf, firstDay, holes, now }: ScheduleInput): ListDay[] {
  const today = dayOf(now);
  const window = eachDay(windowFrom(firstDay, today), addDays(today, -1)).reverse();
  const isDue = (kind: ListKind, listDay: ListDay) => isTargetDue(kind, listDay.day, visitsOf(listDay), now);

  const moving = lists
    .map(({ name, kind }) => ({ kind, listDay: { list: name, day: today } }))
    .filter(({ kind, listDay }) => isDue(kind, listDay))
    .map(({ listDay }) => listDay);
  if (!lists.some(({ kind }) => kind === 'daily')) return moving;
  const daily = (day: Day): ListDay => ({ list: 'daily', day });
  const unsettled = window.map(daily).filter((listDay) => isDue('daily', listDay));
  return [...moving, ...unsettled, ...holes.slice(0, GAPS_PER_RUN).map(daily)];
}

/** The first day before today that daily lists are visited of by their slots. */
function windowFrom(firstDay: Day | null, today: Day): Day {
  const earliest = [firstDay ?? today, addDays(today, 1 - FIRST_RUN_DAYS)].sort()[0] as Day;
  return [earliest, addDays(today, -VISITED_FOR_DAYS)].sort()[1] as Day;
}

/**
 * True when a list of today or of a day past will be visited again, should all runs take place: it is due or has a slot to come; or it is
 * a daily list without a usable capture since the archive's first day, a hole now or once its window has passed.
 */
export function willVisit(
  kind: ListKind,
  day: Day,
  visits: Visits | null,
  { firstDay, now }: { readonly firstDay: Day | null; readonly now: Instant },
): boolean {
  const today = dayOf(now);
  const hasSlots = day === today || (kind === 'daily' && day >= windowFrom(firstDay, today));
  const isToCome = !visits?.known?.settled && scheduledTimes(kind, day).some((slot) => slot > now);
  if (hasSlots && (isToCome || isTargetDue(kind, day, visits, now))) return true;
  return kind === 'daily' && firstDay !== null && day >= firstDay && (visits?.known?.captures ?? 0) === 0;
}

/** Due: never visited, nothing answered the last visit, a slot has come since, or the last few visits failed. Settled lists are never due. */
function isTargetDue(kind: ListKind, day: Day, visits: Visits | null, now: Instant): boolean {
  const slot = scheduledTimes(kind, day).findLast((at) => at <= now);
  if (!slot) return false;
  if (!visits) return true;
  if (visits.known?.settled) return false;
  if (visits.last < slot || visits.known?.unreachable) return true;
  const failing = visits.known?.failing ?? 0;
  return failing > 0 && failing <= QUICK_RETRIES && visits.last < now;
}

/**
 * A hole is due when it was never visited or nothing answered, and when it failed again after 1, 3, 9, … days; not while nobody knows what
 * its last visit brought.
 */
export function isGapDue(visits: Visits | null, now: Instant): boolean {
  if (!visits) return true;
  if (!visits.known || visits.known.captures > 0) return false;
  if (visits.known.unreachable) return true;
  // Visits within the window do not count: a day that failed hourly would wait for ever.
  return secondsBetween(visits.last, now) >= 86_400 * 3 ** Math.max(0, visits.asHole - 1);
}
