import { collect, type VisitReport } from '../../shared/collect.ts';
import { daysFrom, deadlineIn } from '../../shared/kit/clock.ts';
import { worst } from '../../shared/kit/errors.ts';
import type { Target } from '../../shared/model/target.ts';
import { calendarOf } from '../../shared/record/calendar.ts';
import { clockFlag, notAfterToday, rangeFlags, sourceFlag } from './arguments.ts';
import { catchUp, openHouse, usage } from './context.ts';
import type { CliCommand } from './main.ts';

/** Days are collected in slices, so that the schedule may have the feed in between. */
const SLICE = 20;
/** A slice's deadline; 20 days at two requests each and the longest wait for a rate limit. */
const SLICE_MS = 20 * 60_000;

/** `backfill`: every day of a range that was not captured yet. */
export const backfillCommand: CliCommand = {
  usage: 'backfill <source>',
  says: 'Collects every day of a range not yet captured; resumable.',
  example: 'backfill daily --from 2024-01-01 --to 2024-03-31 --dry-run',
  options: [
    ['--from <day>', 'first list day'],
    ['--to <day>', 'last list day'],
    ['--dry-run', 'only say what would be collected'],
    ['--at <time>', 'sets the clock; only against a feed on a loopback address'],
  ],
  async run(context, [name], options) {
    const source = sourceFlag(name);
    if (source !== 'daily')
      throw usage(`${String(name)} has no past: only daily can be collected later`, 'backfill daily');
    const { from, to } = rangeFlags(options);
    if (!from || !to) throw usage('backfill needs --from and --to', 'name the first and the last day');
    const clock = clockFlag(context, options.at);
    notAfterToday(to, clock);
    const house = await openHouse(context);
    const progress = context.progress('days');
    try {
      const caughtUp = await catchUp(house, context.log);
      const captured = new Set(
        (await calendarOf(house.records, source, from, to))
          .filter(({ standing }) => standing.captures > 0)
          .map(({ target }) => target.day),
      );
      const days = daysFrom(from, to)
        .filter((day) => !captured.has(day))
        .reverse();
      const plan = `${days.length} of ${daysFrom(from, to).length} days are not captured yet`;
      if (options.dryRun) {
        context.say({ source, from, to, days }, `${plan}; a request or two each`);
        return 0;
      }
      context.log.info(plan);
      const visits: VisitReport[] = [];
      let left = days.map((day): Target => ({ source, day }));
      while (left.length > 0) {
        const slice = await collect(house.collecting(clock), left.slice(0, SLICE), deadlineIn(SLICE_MS));
        visits.push(...slice.visits);
        left = left.slice(slice.visits.length);
        progress.step(visits.length, days.length);
        if (slice.left.length > 0) break;
      }
      progress.stop();
      const got = visits.filter(({ exit }) => exit === 0).length;
      context.say(
        { visits, left },
        `${got} days collected, ${visits.length - got} failed, ${left.length} left for the next run`,
      );
      return worst([caughtUp, ...visits.map(({ exit }) => exit)]);
    } finally {
      progress.stop();
      await house.close();
    }
  },
};
