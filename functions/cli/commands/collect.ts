import { collectLists, type VisitReport } from '../../../shared/collect/run.ts';
import { type Clock, dayOf } from '../../../shared/lib/time.ts';
import type { ListDay, ListName } from '../../../shared/model/list.ts';
import { type Context, usageError } from '../context.ts';
import { resultExitCode, worstExitCode } from '../exit-codes.ts';
import { clockFlag, dayFlag, notAfterToday, watchedFlag } from '../flags.ts';
import { formatTable } from '../output.ts';
import type { Run } from '../program.ts';
import { openWorkspace, recordUnrecorded, refuseSample, runDeadline } from '../workspace.ts';

/** `collect`: what is due now, or exactly the sources named. */
export const runCollect: Run = async (context, [sources], options) => {
  const clock = clockFlag(context, options.at);
  const listDays = targetsOf(context, clock, sources as readonly string[], options.day);
  const workspace = await openWorkspace(context);
  try {
    refuseSample(workspace);
    const caughtUp = await recordUnrecorded(workspace, context.log);
    const { visits, left } = await collectLists(workspace.collecting(clock), listDays, runDeadline());
    const words = visits.length === 0 ? 'nothing is due' : formatVisits(visits);
    context.say({ visits, left }, left.length === 0 ? words : `${words}\n${left.length} left for the next run`);
    return worstExitCode([caughtUp.exit, resultExitCode(visits, left)]);
  } finally {
    await workspace.close();
  }
};

/** The list days that were named; null for whatever is due. */
function targetsOf(context: Context, clock: Clock, names: readonly string[], day: unknown): ListDay[] | null {
  const today = dayOf(clock());
  const asked = dayFlag('--day', day);
  if (asked) notAfterToday(asked, clock);
  if (names.length === 0) return asked ? [{ list: 'daily', day: asked }] : null;
  return [...new Set(names)].map((name) => {
    const list = watchedFlag(context, name) as ListName;
    if (list !== 'daily' && asked && asked !== today) {
      throw usageError(`${list} has no past: the feed shows it only as it is now`, 'leave --day out');
    }
    return { list, day: asked ?? today };
  });
}

/** Visits as a table. */
export const formatVisits = (visits: readonly VisitReport[]): string =>
  formatTable(
    ['list', 'day', 'outcome', 'papers', 'complete', 'why'],
    visits.map(({ list, day, outcome, papers, complete, why }) => [list, day, outcome, papers, complete, why || null]),
  );
