import { type CollectReport, collect, type VisitReport } from '../../shared/collect.ts';
import { type Day, daysFrom, deadlineIn } from '../../shared/kit/clock.ts';
import { worst } from '../../shared/kit/errors.ts';
import type { Target } from '../../shared/model/target.ts';
import { calendarOf } from '../../shared/record/calendar.ts';
import type { Records } from '../../shared/record/records.ts';
import { counted } from '../../shared/render/words.ts';
import { clockFlag, notAfterToday, rangeFlags, sourceFlag } from './arguments.ts';
import { drawVisits } from './collect.ts';
import type { Run } from './commands.ts';
import { usage } from './context.ts';
import { catchUp, openHouse, refuseSample } from './house.ts';
import { makeProgress } from './progress.ts';

/** Days are collected in slices, so that the schedule may have the feed in between. */
const SLICE = 20;
/** A slice's deadline; 20 days at two requests each and the longest wait for a rate limit. */
const SLICE_MS = 20 * 60_000;

/** `backfill`: every day of a range that was not captured yet, newest first. */
export const runBackfill: Run = async (context, [name], options) => {
  const source = sourceFlag(name);
  if (source !== 'daily')
    throw usage(`${String(name)} has no past: only daily can be collected later`, 'backfill daily');
  const { from, to } = rangeFlags(options);
  if (!from || !to) throw usage('backfill needs --from and --to', 'name the first and the last day');
  const clock = clockFlag(context, options.at);
  notAfterToday(to, clock);
  const house = await openHouse(context);
  const progress = await makeProgress('days', context.watched);
  try {
    refuseSample(house);
    const caughtUp = await catchUp(house, context.log);
    const days = await daysToCollect(house.records, from, to);
    const plan = `${days.length} of ${counted(daysFrom(from, to).length, 'day')} not captured yet`;
    if (options.dryRun) {
      context.say({ source, from, to, days }, [plan, ...days].join('\n'));
      return caughtUp.exit;
    }
    context.log.info(plan);
    const targets = days.map((day): Target => ({ source, day }));
    const slice = (some: readonly Target[]) => collect(house.collecting(clock), some, deadlineIn(SLICE_MS));
    const { visits, left, exit } = await inSlices(targets, slice, (done) => progress.step(done, days.length));
    progress.stop();
    const failed = visits.filter((visit) => visit.exit !== 0);
    const words = `${counted(visits.length - failed.length, 'day')} collected, ${failed.length} failed, ${left.length} left for the next run`;
    context.say({ visits, left }, failed.length === 0 ? words : `${words}\n\n${drawVisits(failed)}`);
    return worst([caughtUp.exit, exit]);
  } finally {
    progress.stop();
    await house.close();
  }
};

/** Days of a range of which there is no whole list, newest first. */
async function daysToCollect(records: Records, from: Day, to: Day): Promise<Day[]> {
  const captured = new Set(
    (await calendarOf(records, 'daily', from, to))
      .filter(({ standing: { status } }) => status === 'captured' || status === 'empty')
      .map(({ target }) => target.day),
  );
  return daysFrom(from, to)
    .filter((day) => !captured.has(day))
    .reverse();
}

/** Collects slice by slice; ends early with the slice that left something. */
async function inSlices(
  targets: readonly Target[],
  collectSlice: (slice: readonly Target[]) => Promise<CollectReport>,
  tell: (done: number) => void,
): Promise<CollectReport> {
  const visits: VisitReport[] = [];
  while (visits.length < targets.length) {
    const report = await collectSlice(targets.slice(visits.length, visits.length + SLICE));
    visits.push(...report.visits);
    tell(visits.length);
    if (report.left.length > 0) break;
  }
  const left = targets.slice(visits.length);
  return { visits, left, exit: worst([...visits.map(({ exit }) => exit), left.length > 0 ? 3 : 0]) };
}
