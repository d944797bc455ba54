import { collect, type VisitReport } from '../../shared/collect.ts';
import { type Clock, dayOf } from '../../shared/kit/clock.ts';
import { worst } from '../../shared/kit/errors.ts';
import type { Target } from '../../shared/model/target.ts';
import { clockFlag, dayFlag, notAfterToday, sourceFlag } from './arguments.ts';
import { type Context, catchUp, openHouse, runDeadline, usage } from './context.ts';
import type { CliCommand } from './main.ts';
import { drawTable } from './table.ts';

/** `collect`: what is due now, or exactly the sources named. */
export const collectCommand: CliCommand = {
  usage: 'collect [source...]',
  says: 'Fetches, archives and records what is due now, or exactly the sources named.',
  example: 'collect daily --day 2025-01-08',
  options: [
    ['--day <day>', 'the list day of daily (today)'],
    ['--at <time>', 'sets the clock; only against a feed on a loopback address'],
  ],
  async run(context, [sources], options) {
    const clock = clockFlag(context, options.at);
    const targets = targetsOf(context, clock, sources as readonly string[], options.day);
    const house = await openHouse(context);
    try {
      const caughtUp = await catchUp(house, context.log);
      const report = await collect(house.collecting(clock), targets, runDeadline());
      context.say({ visits: report.visits, left: report.left }, drawVisits(report.visits));
      return worst([caughtUp, report.exit]);
    } finally {
      await house.close();
    }
  },
};

function targetsOf(context: Context, clock: Clock, names: readonly string[], day: unknown): Target[] | null {
  const today = dayOf(clock());
  const asked = dayFlag('--day', day);
  if (asked) notAfterToday(asked, clock);
  if (names.length === 0) return asked ? [{ source: 'daily', day: asked }] : null;
  return names.map((name) => {
    const source = sourceFlag(name);
    if (!source || !context.sources.some((known) => known.name === source)) {
      throw usage(`${name} is not watched`, 'name it in PAPERKEEP_WATCH, or collect daily or trending');
    }
    if (source !== 'daily' && asked && asked !== today) {
      throw usage(`${source} has no past: the feed shows it only as it is now`, 'leave --day out');
    }
    return { source, day: asked ?? today };
  });
}

/** Visits as a table; a word when nothing was due. */
export const drawVisits = (visits: readonly VisitReport[]): string =>
  visits.length === 0
    ? 'nothing is due'
    : drawTable(
        ['source', 'target', 'outcome', 'papers', 'complete', 'why'],
        visits.map(({ source, target, outcome, papers, complete, why }) => [
          source,
          target,
          outcome,
          papers,
          complete,
          why,
        ]),
      );
