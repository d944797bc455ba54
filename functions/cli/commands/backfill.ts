import * as z from 'zod';
import { minGapOf } from '../../../shared/collect/feed.ts';
import { type CollectReport, collectLists, stopsRun, type VisitReport } from '../../../shared/collect/run.ts';
import { formatCount, formatNumber } from '../../../shared/lib/format.ts';
import { type Day, deadlineAfter, eachDay } from '../../../shared/lib/time.ts';
import type { ListDay } from '../../../shared/model/list.ts';
import * as params from '../../../shared/query/parameters.ts';
import { readCalendar } from '../../../shared/table/calendar.ts';
import type { TableStore } from '../../../shared/table/store.ts';
import { defineCommand } from '../command.ts';
import { usageError } from '../context.ts';
import { resultExitCode, worstExitCode } from '../exit-codes.ts';
import { clockAt, clockFlag, requirePastDay, switchFlag, toRange, valueFlag } from '../flags.ts';
import { openWorkspace, recordUnrecorded, refuseSample } from '../workspace.ts';
import { formatVisits } from './collect.ts';

/** Days are collected in slices: each takes the lease on the feed again, and is recorded and reported before the next one begins. */
const SLICE = 20;
/** A slice's deadline; 20 days at two requests each and the longest wait for a rate limit. */
const SLICE_MS = 20 * 60_000;

/** `backfill`: every day of a range that was not captured yet, newest first. */
export const backfill = defineCommand({
  name: 'backfill',
  summary:
    'Captures every day of a range that is not captured yet. Run it again after a stop: it goes on with the rest.',
  examples: ['backfill daily --from 2024-01-01 --to 2024-03-31 --dry-run'],
  args: z.object({ list: valueFlag(params.list, 'list', 'daily (the other lists have no past)') }),
  flags: z.object({
    from: valueFlag(params.day, '<day>', 'first list day (required)'),
    to: valueFlag(params.day, '<day>', 'last list day (required)'),
    dryRun: switchFlag('only print the plan'),
    at: clockFlag,
  }),
  run: async (context, { list, dryRun, at, ...days }) => {
    if (list !== 'daily')
      throw usageError(`${list} has no past: only daily can be captured later`, 'run `npx paperkeep backfill daily`');
    toRange(days);
    const clock = clockAt(context, at);
    requirePastDay('--to', days.to, clock);
    const workspace = await openWorkspace(context);
    const progress = await context.progress('days');
    try {
      refuseSample(workspace);
      const caughtUp = await recordUnrecorded(workspace, context.log);
      const missing = await findMissingDays(workspace.table, days.from, days.to);
      const seconds = (missing.length * minGapOf(context.settings)) / 1000;
      const of = formatCount(eachDay(days.from, days.to).length, 'day');
      const plan = `${formatNumber(missing.length)} of ${of} not captured yet${formatCost(missing.length, seconds)}`;
      if (dryRun) {
        const result = { list, from: days.from, to: days.to, days: missing, requests: missing.length, seconds };
        context.print(result, [plan, ...missing].join('\n'));
        return caughtUp.exit;
      }
      context.log.info(plan);
      const listDays = missing.map((day): ListDay => ({ list, day }));
      const slice = (some: readonly ListDay[]) =>
        collectLists(workspace.collecting(clock), some, deadlineAfter(SLICE_MS));
      const { visits, left } = await collectInSlices(listDays, slice, (done) => progress.step(done, missing.length));
      progress.stop();
      const exit = resultExitCode(visits, left);
      const failed = visits.filter(({ result }) => result !== 'done');
      const captured = formatCount(visits.length - failed.length, 'day');
      const lines = [
        `${captured} captured, ${formatNumber(failed.length)} failed, ${formatNumber(left.length)} left`,
        ...(exit === 0 ? [] : [describeNextStep(visits)]),
        ...(failed.length === 0 ? [] : ['', formatVisits(failed)]),
      ];
      context.print({ visits, left }, lines.join('\n'));
      return worstExitCode([caughtUp.exit, exit]);
    } finally {
      progress.stop();
      await workspace.close();
    }
  },
});

/** What a backfill costs at least: a day is one request for up to 100 papers, and more were never seen. */
function formatCost(requests: number, seconds: number): string {
  if (requests === 0) return '';
  const long = seconds < 120 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
  const time = seconds === 0 ? '' : ` and ${long}`;
  return `; takes at least ${formatCount(requests, 'request')}${time}`;
}

/** What to do after a backfill that did not do everything. */
function describeNextStep(visits: readonly VisitReport[]): string {
  const why = visits.slice(-1).some(stopsRun) ? 'The feed refuses more requests for now. ' : '';
  return `${why}Everything captured so far is kept. Run the same command again later to go on.`;
}

/** Days of a range without a whole list, newest first. */
async function findMissingDays(table: TableStore, from: Day, to: Day): Promise<Day[]> {
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
async function collectInSlices(
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
