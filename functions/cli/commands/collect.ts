import { collectLists, type VisitReport } from '../../../shared/collect/run.ts';
import { type Clock, dayOf } from '../../../shared/lib/time.ts';
import type { ListDay, ListName } from '../../../shared/model/list.ts';
import { type Context, usageError } from '../context.ts';
import { resultExitCode, worstExitCode } from '../exit-codes.ts';
import { clockFlag, dayFlag, notAfterToday, watchedFlag } from '../flags.ts';
import { formatTable } from '../output.ts';
import type { Run } from '../program.ts';
import { openWorkspace, recordUnrecorded, refuseSample, runDeadline } from '../workspace.ts';

/** `collect`: collects what is due, or exactly the lists named. */
export const runCollect: Run = async (context, [names], options) => {
  const clock = clockFlag(context, options.at);
  const listDays = namedListDays(context, clock, names as readonly string[], options.day);
  const workspace = await openWorkspace(context);
  try {
    refuseSample(workspace);
    const caughtUp = await recordUnrecorded(workspace, context.log);
    const { visits, left } = await collectLists(workspace.collecting(clock), listDays, runDeadline());
    const table = visits.length === 0 ? 'nothing is due' : formatVisits(visits);
    context.say({ visits, left }, left.length === 0 ? table : `${table}\n${left.length} left for the next run`);
    return worstExitCode([caughtUp.exit, resultExitCode(visits, left)]);
  } finally {
    await workspace.close();
  }
};

/** The list days that the command line names; null for what is due. */
function namedListDays(context: Context, clock: Clock, names: readonly string[], day: unknown): ListDay[] | null {
  const today = dayOf(clock());
  const named = dayFlag('--day', day);
  if (named) notAfterToday(named, clock);
  if (names.length === 0) return named ? [{ list: 'daily', day: named }] : null;
  return [...new Set(names)].map((name) => {
    const list = watchedFlag(context, name) as ListName;
    if (list !== 'daily' && named && named !== today) {
      throw usageError(`${list} has no past: the feed shows it only as it is now`, 'leave --day out');
    }
    return { list, day: named ?? today };
  });
}

/** Formats visits as a table for a terminal. */
export const formatVisits = (visits: readonly VisitReport[]): string =>
  formatTable(
    ['list', 'day', 'outcome', 'papers', 'complete', 'why'],
    visits.map(({ list, day, outcome, papers, complete, why }) => [list, day, outcome, papers, complete, why || null]),
  );
