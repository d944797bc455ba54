import { minGapOf } from '../../../shared/collect/feed.ts';
import { type CollectReport, collectLists, stopsRun, type VisitReport } from '../../../shared/collect/run.ts';
import { formatCount, formatNumber } from '../../../shared/lib/format.ts';
import { type Day, deadlineAfter, eachDay } from '../../../shared/lib/time.ts';
import type { ListDay } from '../../../shared/model/list.ts';
import { readCalendar } from '../../../shared/table/calendar.ts';
import type { TableStore } from '../../../shared/table/store.ts';
import { usageError } from '../context.ts';
import { resultExitCode, worstExitCode } from '../exit-codes.ts';
import { clockFlag, listFlag, notAfterToday, rangeFlags } from '../flags.ts';
import type { Run } from '../program.ts';
import { makeProgress } from '../progress.ts';
import { openWorkspace, recordUnrecorded, refuseSample } from '../workspace.ts';
import { formatVisits } from './collect.ts';

/** Days are collected in slices: each takes the lease on the feed anew, and is recorded and told before the next one begins. */
const SLICE = 20;
/** A slice's deadline; 20 days at two requests each and the longest wait for a rate limit. */
const SLICE_MS = 20 * 60_000;

/** `backfill`: every day of a range that was not captured yet, newest first. */
export const runBackfill: Run = async (context, [name], options) => {
  const list = listFlag(name);
  if (list !== 'daily')
    throw usageError(`${String(name)} has no past: only daily can be collected later`, 'backfill daily');
  const { from, to } = rangeFlags(options);
  if (!from || !to) throw usageError('backfill needs --from and --to', 'name the first and the last day');
  const clock = clockFlag(context, options.at);
  notAfterToday(to, clock);
  const workspace = await openWorkspace(context);
  const progress = await makeProgress('days', context.watched);
  try {
    refuseSample(workspace);
    const caughtUp = await recordUnrecorded(workspace, context.log);
    const days = await daysToCollect(workspace.table, from, to);
    const seconds = (days.length * minGapOf(context.settings)) / 1000;
    const of = formatCount(eachDay(from, to).length, 'day');
    const plan = `${formatNumber(days.length)} of ${of} not captured yet${costWords(days.length, seconds)}`;
    if (options.dryRun) {
      context.say({ list, from, to, days, requests: days.length, seconds }, [plan, ...days].join('\n'));
      return caughtUp.exit;
    }
    context.log.info(plan);
    const listDays = days.map((day): ListDay => ({ list, day }));
    const slice = (some: readonly ListDay[]) =>
      collectLists(workspace.collecting(clock), some, deadlineAfter(SLICE_MS));
    const { visits, left } = await inSlices(listDays, slice, (done) => progress.step(done, days.length));
    progress.stop();
    const exit = resultExitCode(visits, left);
    const failed = visits.filter(({ result }) => result !== 'done');
    const collected = formatCount(visits.length - failed.length, 'day');
    const words = [
      `${collected} collected, ${formatNumber(failed.length)} failed, ${formatNumber(left.length)} left for the next run`,
      ...(exit === 0 ? [] : [goOnWords(visits)]),
      ...(failed.length === 0 ? [] : ['', formatVisits(failed)]),
    ];
    context.say({ visits, left }, words.join('\n'));
    return worstExitCode([caughtUp.exit, exit]);
  } finally {
    progress.stop();
    await workspace.close();
  }
};

/** What a backfill asks of the feed at the least: a day is one request up to 100 papers, and more were never seen. */
function costWords(requests: number, seconds: number): string {
  if (requests === 0) return '';
  const long = seconds < 120 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
  const time = seconds === 0 ? 'as fast as it answers' : `${long} at the gap between two`;
  return `: at least ${formatCount(requests, 'request')}, ${time}`;
}

/** How to go on after a backfill that did not do all. */
function goOnWords(visits: readonly VisitReport[]): string {
  const why = visits.slice(-1).some(stopsRun) ? 'The feed wants to be left alone for now. ' : '';
  return `${why}What was collected is kept; run the same command again later, it goes on with what is missing.`;
}

/** Days of a range of which there is no whole list, newest first. */
async function daysToCollect(table: TableStore, from: Day, to: Day): Promise<Day[]> {
  const captured = new Set(
    (await readCalendar(table, 'daily', from, to))
      .filter(({ status: { status } }) => status === 'captured' || status === 'empty')
      .map(({ listDay }) => listDay.day),
  );
  return eachDay(from, to)
    .filter((day) => !captured.has(day))
    .reverse();
}

/** Collects slice by slice; ends early with the slice that left something, or whose last visit the feed refused. */
async function inSlices(
  listDays: readonly ListDay[],
  collectSlice: (slice: readonly ListDay[]) => Promise<CollectReport>,
  tell: (done: number) => void,
): Promise<CollectReport> {
  const visits: VisitReport[] = [];
  while (visits.length < listDays.length) {
    const report = await collectSlice(listDays.slice(visits.length, visits.length + SLICE));
    visits.push(...report.visits);
    tell(visits.length);
    if (report.left.length > 0 || report.visits.slice(-1).some(stopsRun)) break;
  }
  const left = listDays.slice(visits.length);
  return { visits, left };
}
