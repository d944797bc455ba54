import { type Day, deadlineAfter, eachDay } from '../lib/time.ts';
import type { ListDay } from '../model/list.ts';
import { type CollectDeps, type CollectReport, collectLists, endsRun, type VisitReport } from './run.ts';
import type { CalendarReader } from './visits.ts';

/** Days are collected in slices of this many; each takes the lease anew, and is archived and recorded before the next one begins. */
const SLICE_DAYS = 20;
/** The time for one slice: 20 days of two requests each, and the longest wait for a rate limit. */
const SLICE_MS = 20 * 60_000;

/** The days from `from` to `to` of which the archive has no whole daily list, newest first. */
export async function findMissingDays(readCalendar: CalendarReader, from: Day, to: Day): Promise<Day[]> {
  const calendar = await readCalendar('daily', from, to);
  const captured = new Set(
    calendar
      .filter(({ status: { status } }) => status === 'captured' || status === 'empty')
      .map(({ listDay }) => listDay.day),
  );
  return eachDay(from, to)
    .filter((day) => !captured.has(day))
    .reverse();
}

/**
 * Collects the daily lists of those days, in their order. It ends early when the feed refuses or time is up; a later backfill of the days that
 * are still missing continues there.
 *
 * @param onProgress Called after each slice with the number of days visited.
 * @throws PaperkeepError `LEASE_HELD` when another process collects.
 */
export async function backfillDays(
  deps: CollectDeps,
  days: readonly Day[],
  onProgress: (done: number) => void,
): Promise<CollectReport> {
  const listDays = days.map((day): ListDay => ({ list: 'daily', day }));
  const visits: VisitReport[] = [];
  while (visits.length < listDays.length) {
    const slice = listDays.slice(visits.length, visits.length + SLICE_DAYS);
    const report = await collectLists(deps, slice, deadlineAfter(SLICE_MS));
    visits.push(...report.visits);
    onProgress(visits.length);
    if (report.left.length > 0 || report.visits.slice(-1).some(endsRun)) break;
  }
  return { visits, left: listDays.slice(visits.length) };
}
