import { collect, type VisitReport } from '../../shared/collect.ts';
import { type Clock, dayOf } from '../../shared/kit/clock.ts';
import { worst } from '../../shared/kit/errors.ts';
import type { SourceName, Target } from '../../shared/model/target.ts';
import { clockFlag, dayFlag, notAfterToday, watchedFlag } from './arguments.ts';
import type { Run } from './commands.ts';
import { type Context, usage } from './context.ts';
import { catchUp, openHouse, refuseSample, runDeadline } from './house.ts';
import { drawTable } from './table.ts';

/** `collect`: what is due now, or exactly the sources named. */
export const runCollect: Run = async (context, [sources], options) => {
  const clock = clockFlag(context, options.at);
  const targets = targetsOf(context, clock, sources as readonly string[], options.day);
  const house = await openHouse(context);
  try {
    refuseSample(house);
    const caughtUp = await catchUp(house, context.log);
    const { visits, left, exit } = await collect(house.collecting(clock), targets, runDeadline());
    const words = visits.length === 0 ? 'nothing is due' : drawVisits(visits);
    context.say({ visits, left }, left.length === 0 ? words : `${words}\n${left.length} left for the next run`);
    return worst([caughtUp.exit, exit]);
  } finally {
    await house.close();
  }
};

/** The targets that were named; null for whatever is due. */
function targetsOf(context: Context, clock: Clock, names: readonly string[], day: unknown): Target[] | null {
  const today = dayOf(clock());
  const asked = dayFlag('--day', day);
  if (asked) notAfterToday(asked, clock);
  if (names.length === 0) return asked ? [{ source: 'daily', day: asked }] : null;
  return [...new Set(names)].map((name) => {
    const source = watchedFlag(context, name) as SourceName;
    if (source !== 'daily' && asked && asked !== today) {
      throw usage(`${source} has no past: the feed shows it only as it is now`, 'leave --day out');
    }
    return { source, day: asked ?? today };
  });
}

/** Visits as a table. */
export const drawVisits = (visits: readonly VisitReport[]): string =>
  drawTable(
    ['source', 'target', 'outcome', 'papers', 'complete', 'why'],
    visits.map(({ source, target, outcome, papers, complete, why }) => [
      source,
      target,
      outcome,
      papers,
      complete,
      why || null,
    ]),
  );
