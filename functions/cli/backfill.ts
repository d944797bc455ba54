import { type CollectReport, collect, endsRun, type VisitReport } from '../../shared/collect.ts';
import { gapOf } from '../../shared/fetch/feed.ts';
import { type Day, daysFrom, deadlineIn } from '../../shared/kit/clock.ts';
import { worst } from '../../shared/kit/errors.ts';
import type { Target } from '../../shared/model/target.ts';
import { calendarOf } from '../../shared/record/calendar.ts';
import type { Records } from '../../shared/record/records.ts';
import { amount, counted } from '../../shared/render/words.ts';
import { clockFlag, notAfterToday, rangeFlags, sourceFlag } from './arguments.ts';
import { drawVisits } from './collect.ts';
import type { Run } from './commands.ts';
import { usage } from './context.ts';
import { catchUp, openHouse, refuseSample } from './house.ts';
import { makeProgress } from './progress.ts';

/** Days are collected in slices: each takes the lease on the feed anew, and is recorded and told before the next one begins. */
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
    const seconds = (days.length * gapOf(context.settings)) / 1000;
    const of = counted(daysFrom(from, to).length, 'day');
    const plan = `${amount(days.length)} of ${of} not captured yet${costWords(days.length, seconds)}`;
    if (options.dryRun) {
      context.say({ source, from, to, days, requests: days.length, seconds }, [plan, ...days].join('\n'));
      return caughtUp.exit;
    }
    context.log.info(plan);
    const targets = days.map((day): Target => ({ source, day }));
    const slice = (some: readonly Target[]) => collect(house.collecting(clock), some, deadlineIn(SLICE_MS));
    const { visits, left, exit } = await inSlices(targets, slice, (done) => progress.step(done, days.length));
    progress.stop();
    const failed = visits.filter((visit) => visit.exit !== 0);
    const collected = counted(visits.length - failed.length, 'day');
    const words = [
      `${collected} collected, ${amount(failed.length)} failed, ${amount(left.length)} left for the next run`,
      ...(exit === 0 ? [] : [goOnWords(visits)]),
      ...(failed.length === 0 ? [] : ['', drawVisits(failed)]),
    ];
    context.say({ visits, left }, words.join('\n'));
    return worst([caughtUp.exit, exit]);
  } finally {
    progress.stop();
    await house.close();
  }
};

/** What a backfill asks of the feed at the least: a day is one request up to 100 papers, and more were never seen. */
function costWords(requests: number, seconds: number): string {
  if (requests === 0) return '';
  const long = seconds < 120 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
  const time = seconds === 0 ? 'as fast as it answers' : `${long} at the gap between two`;
  return `: at least ${counted(requests, 'request')}, ${time}`;
}

/** How to go on after a backfill that did not do all. */
function goOnWords(visits: readonly VisitReport[]): string {
  const why = visits.slice(-1).some(endsRun) ? 'The feed wants to be left alone for now. ' : '';
  return `${why}What was collected is kept; run the same command again later, it goes on with what is missing.`;
}

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

/** Collects slice by slice; ends early with the slice that left something, or whose last visit the feed refused. */
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
    if (report.left.length > 0 || report.visits.slice(-1).some(endsRun)) break;
  }
  const left = targets.slice(visits.length);
  return { visits, left, exit: worst([...visits.map(({ exit }) => exit), left.length > 0 ? 3 : 0]) };
}
