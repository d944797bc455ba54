import * as z from 'zod';
import { backfillDays, findMissingDays } from '../../../shared/collect/backfill.ts';
import { resolveMinGapMs } from '../../../shared/collect/client.ts';
import { endsRun, type VisitReport } from '../../../shared/collect/run.ts';
import { formatCount, formatNumber } from '../../../shared/lib/format.ts';
import { eachDay } from '../../../shared/lib/time.ts';
import * as params from '../../../shared/query/parameters.ts';
import { defineCommand } from '../command.ts';
import { usageError } from '../context.ts';
import { exitCodeForResults, worstExitCode } from '../exit-codes.ts';
import { clockAt, clockFlag, requirePastDay, switchFlag, toRange, valueFlag } from '../flags.ts';
import { openWorkspace, reconcileWorkspace, refuseSample } from '../workspace.ts';
import { formatVisits } from './collect.ts';

/** `backfill`: every day of a range that was not captured yet, newest first. */
export const backfill = defineCommand({
  name: 'backfill',
  summary:
    'Captures every day of a range that is not captured yet. If it is interrupted, run it again: it captures the rest.',
  examples: ['backfill daily --from 2024-01-01 --to 2024-03-31 --dry-run'],
  args: z.object({ list: valueFlag(params.list, 'list', 'daily, the only list whose past days the feed shows') }),
  flags: z.object({
    from: valueFlag(params.day, '<day>', 'first list day (required)'),
    to: valueFlag(params.day, '<day>', 'last list day (required)'),
    dryRun: switchFlag('only print the plan'),
    at: clockFlag,
  }),
  run: async (context, { list, dryRun, at, ...days }) => {
    if (list !== 'daily')
      throw usageError(
        `the feed does not show past days of ${list}: only daily can be captured later`,
        'run `npx paperkeep backfill daily`',
      );
    toRange(days);
    const clock = clockAt(context, at);
    requirePastDay('--to', days.to, clock);
    await using workspace = await openWorkspace(context);
    using progress = await context.progress('days');
    refuseSample(workspace);
    const reconciled = await reconcileWorkspace(workspace, context.log);
    const collecting = workspace.collecting(clock);
    const missing = await findMissingDays(collecting.readCalendar, days.from, days.to);
    const seconds = (missing.length * resolveMinGapMs(context.settings)) / 1000;
    const of = formatCount(eachDay(days.from, days.to).length, 'day');
    const plan = `${formatNumber(missing.length)} of ${of} not captured yet${formatCost(missing.length, seconds)}`;
    if (dryRun) {
      const result = { list, from: days.from, to: days.to, days: missing, requests: missing.length, seconds };
      context.print(result, [plan, ...missing].join('\n'));
      return reconciled.exit;
    }
    context.log.info(plan);
    progress.step(0, missing.length);
    const { visits, left } = await backfillDays(collecting, missing, (done) => progress.step(done, missing.length));
    progress.stop();
    const exit = exitCodeForResults(visits, left);
    const failed = visits.filter(({ result }) => result !== 'done');
    const captured = formatCount(visits.length - failed.length, 'day');
    const lines = [
      `${captured} captured, ${formatNumber(failed.length)} failed, ${formatNumber(left.length)} left`,
      ...(exit === 0 ? [] : [describeNextStep(visits)]),
      ...(failed.length === 0 ? [] : ['', formatVisits(failed)]),
    ];
    context.print({ visits, left }, lines.join('\n'));
    return worstExitCode([reconciled.exit, exit]);
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
  const why = visits.slice(-1).some(endsRun) ? 'The feed refuses more requests for now. ' : '';
  return `${why}Everything captured so far is kept. Run the same command again later to go on.`;
}
