import { addDays, type Day, dayOf, type Instant } from '../kit/clock.ts';
import { readKey, type SourceName, type Target } from '../model/target.ts';
import type { Standing } from '../record/fold.ts';
import type { SnapshotStore } from '../snapshot/store.ts';
import type { Source } from '../sources.ts';
import { HOLES_PER_RUN, isHoleDue, type PlanInput, type Visits } from './due.ts';
import { WATCHED_FOR_DAYS } from './schedule.ts';

/** The table's calendar, as planning sees it. */
export type Calendar = {
  /** The visited days of a list from `from` to `to`. */
  between(source: SourceName, from: Day, to: Day): Promise<readonly CalendarLine[]>;
};
/** A day of the calendar. */
export type CalendarLine = { readonly target: Target; readonly standing: Standing };

/** Days of the past that one run looks through for holes at a time. */
const LOOK_BACK_DAYS = 31;

const nameOf = ({ source, day }: Target): string => `${source} ${day}`;

/**
 * Gathers what a plan is made from. Visits are read from the keys of the archive, not from the table, which may lag: so a broken
 * recorder never makes the collector ask again. The table only adds what came of them, where it has caught up.
 */
export async function planInput(
  snapshots: SnapshotStore,
  calendar: Calendar,
  sources: readonly Source[],
  now: Instant,
): Promise<PlanInput> {
  const today = dayOf(now);
  const from = addDays(today, -WATCHED_FOR_DAYS);
  const visits = new Map<string, Visits>();
  for (const { name, kind } of sources) {
    const since = kind === 'daily' ? from : today;
    const standings = new Map(
      (await calendar.between(name, since, today)).map(({ target, standing }) => [target.day, standing]),
    );
    for await (const { day, at } of visitsSince(snapshots, name, since)) {
      visits.set(nameOf({ source: name, day }), { last: at, known: knownOf(standings.get(day), at) });
    }
  }
  const watchesDaily = sources.some(({ kind }) => kind === 'daily');
  const firstDay = watchesDaily ? await firstDayOf(snapshots, 'daily') : null;
  const holes = firstDay ? await holesOf(snapshots, calendar, firstDay, now, visits) : [];
  return { sources, visitsOf: (target) => visits.get(nameOf(target)) ?? null, firstDay, holes, now };
}

async function* visitsSince(snapshots: SnapshotStore, source: SourceName, since: Day) {
  const folder = `raw/${source.replace(':', '=')}/`;
  for await (const { key } of snapshots.list(folder, `${folder}${since}`)) {
    const facts = readKey(key);
    if (facts) yield facts;
  }
}

async function firstDayOf(snapshots: SnapshotStore, source: SourceName): Promise<Day | null> {
  for await (const { day } of visitsSince(snapshots, source, '1000-01-01' as Day)) return day;
  return null;
}

const knownOf = (standing: Standing | undefined, last: Instant): Visits['known'] =>
  standing?.lastVisit === last
    ? { settled: standing.settledAt !== null, failing: standing.failing, captures: standing.captures }
    : null;

/** Days before the window without a usable capture that are due, newest first; stops looking when it has enough for a run. */
async function holesOf(
  snapshots: SnapshotStore,
  calendar: Calendar,
  firstDay: Day,
  now: Instant,
  visits: Map<string, Visits>,
): Promise<Day[]> {
  const holes: Day[] = [];
  let to = addDays(dayOf(now), -WATCHED_FOR_DAYS - 1);
  while (to >= firstDay && holes.length < HOLES_PER_RUN) {
    const from = [addDays(to, 1 - LOOK_BACK_DAYS), firstDay].sort().at(-1) as Day;
    const lines = await calendar.between('daily', from, to);
    const standings = new Map(lines.map(({ target, standing }) => [target.day, standing]));
    for (let day = to; day >= from; day = addDays(day, -1)) {
      const standing = standings.get(day);
      if (standing && standing.captures > 0) continue;
      const target: Target = { source: 'daily', day };
      for await (const { day: visited, at } of visitsSince(snapshots, 'daily', day)) {
        if (visited !== day) break;
        visits.set(nameOf(target), { last: at, known: knownOf(standing, at) });
      }
      if (isHoleDue(visits.get(nameOf(target)) ?? null, now)) holes.push(day);
    }
    to = addDays(from, -1);
  }
  return holes;
}
