import * as z from 'zod';
import { collectLists, type VisitReport } from '../../../shared/collect/run.ts';
import { type Clock, type Day, dayOf } from '../../../shared/lib/time.ts';
import type { ListDay, ListName } from '../../../shared/model/list.ts';
import * as params from '../../../shared/query/parameters.ts';
import { defineCommand } from '../command.ts';
import { type Context, usageError } from '../context.ts';
import { exitCodeForResults, worstExitCode } from '../exit-codes.ts';
import { clockAt, clockFlag, requirePastDay, requireWatched, sinceFlag, valueFlag, withSince } from '../flags.ts';
import { formatTable } from '../output.ts';
import { openWorkspace, reconcileWorkspace, refuseSample, runDeadline } from '../workspace.ts';

/** `collect`: what is due now, or exactly the lists that are named. */
export const collect = defineCommand({
  name: 'collect',
  summary: 'Fetches, archives and records the lists that are due now, or exactly those that are named.',
  examples: ['collect', 'collect daily --day 2025-01-08', 'collect trending watched:agents'],
  args: z.object({
    list: valueFlag(z.array(params.list), 'list', 'daily, trending or watched:<slug>'),
  }),
  flags: z.object({
    day: valueFlag(params.day.optional(), '<day>', 'day of the daily list (default: today)'),
    since: sinceFlag,
    at: clockFlag,
  }),
  run: async (command, { list: lists, day, since, at }) => {
    const context = withSince(command, since);
    const clock = clockAt(context, at);
    const listDays = chooseListDays(context, clock, lists, day);
    await using workspace = await openWorkspace(context);
    refuseSample(workspace);
    const reconciled = await reconcileWorkspace(workspace, context.log);
    const { visits, left } = await collectLists(workspace.collecting(clock), listDays, runDeadline());
    const text = visits.length === 0 ? 'Nothing is due.' : formatVisits(visits);
    context.print({ visits, left }, left.length === 0 ? text : `${text}\n${left.length} left for the next run`);
    return worstExitCode([reconciled.exit, exitCodeForResults(visits, left)]);
  },
});

/** The list days that were named; null for whatever is due. */
function chooseListDays(
  context: Context,
  clock: Clock,
  lists: readonly ListName[],
  day: Day | undefined,
): ListDay[] | null {
  const today = dayOf(clock());
  if (day) requirePastDay('--day', day, clock);
  if (lists.length === 0) return day ? [{ list: 'daily', day }] : null;
  return [...new Set(lists)].map((list) => {
    requireWatched(context, list);
    if (list !== 'daily' && day && day !== today) {
      throw usageError(`the feed does not show past days of ${list}, only the list as it is now`, 'leave out --day');
    }
    return { list, day: day ?? today };
  });
}

/** Visits as a table. */
export const formatVisits = (visits: readonly VisitReport[]): string =>
  formatTable(visits, ['list', 'day', 'outcome', 'papers', 'complete', ['why', ({ why }) => why || null]]);
