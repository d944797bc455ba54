import { backfillDays, findMissingDays } from '../../../shared/collect/backfill.ts';
import { resolveMinGapMs } from '../../../shared/collect/client.ts';
import { endsRun, type VisitReport } from '../../../shared/collect/run.ts';
import { formatCount, formatNumber } from '../../../shared/lib/format.ts';
import { eachDay } from '../../../shared/lib/time.ts';
import { usageError } from '../context.ts';
import { resultExitCode, worstExitCode } from '../exit-codes.ts';
import { clockFlag, listFlag, notAfterToday, rangeFlags } from '../flags.ts';
import type { Run } from '../program.ts';
import { makeProgress } from '../progress.ts';
import { openWorkspace, recordUnrecorded, refuseSample } from '../workspace.ts';
import { formatVisits } from './collect.ts';

/** `backfill`: collects every day of a range that was not captured yet, newest first. */
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
    const collecting = workspace.collecting(clock);
    const days = await findMissingDays(collecting.readCalendar, from, to);
    const seconds = (days.length * resolveMinGapMs(context.settings)) / 1000;
    const total = formatCount(eachDay(from, to).length, 'day');
    const plan = `${formatNumber(days.length)} of ${total} not captured yet${formatCost(days.length, seconds)}`;
    if (options.dryRun) {
      context.say({ list, from, to, days, requests: days.length, seconds }, [plan, ...days].join('\n'));
      return caughtUp.exit;
    }
    context.log.info(plan);
    const { visits, left } = await backfillDays(collecting, days, (done) => progress.step(done, days.length));
    progress.stop();
    const exit = resultExitCode(visits, left);
    const failed = visits.filter(({ result }) => result !== 'done');
    const collected = formatCount(visits.length - failed.length, 'day');
    const lines = [
      `${collected} collected, ${formatNumber(failed.length)} failed, ${formatNumber(left.length)} left for the next run`,
      ...(exit === 0 ? [] : [describeRest(visits)]),
      ...(failed.length === 0 ? [] : ['', formatVisits(failed)]),
    ];
    context.say({ visits, left }, lines.join('\n'));
    return worstExitCode([caughtUp.exit, exit]);
  } finally {
    progress.stop();
    await workspace.close();
  }
};

/** What the backfill takes at least: one request for a day of up to 100 papers, and no larger day was ever seen. */
function formatCost(requests: number, seconds: number): string {
  if (requests === 0) return '';
  const duration = seconds < 120 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
  const time = seconds === 0 ? 'as fast as the feed answers' : `${duration} at the least time between two requests`;
  return `: at least ${formatCount(requests, 'request')}, ${time}`;
}

/** How to continue after a backfill that did not collect everything. */
function describeRest(visits: readonly VisitReport[]): string {
  const why = visits.slice(-1).some(endsRun) ? 'The feed refuses more requests for now. ' : '';
  return `${why}What was collected is kept. Run the same command again later: it continues with the days that are missing.`;
}
