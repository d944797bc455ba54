import {
  addDays,
  type Day,
  dayOf,
  daysFrom,
  FIRST_DAY,
  type Instant,
  LAST_DAY,
  latestAt,
  startOf,
} from '../kit/clock.ts';
import { readKey, type SourceName, type Target } from '../model/target.ts';
import type { Standing } from '../record/fold.ts';
import type { SnapshotStore } from '../snapshot/store.ts';
import type { Source } from '../sources.ts';
import { HOLES_PER_RUN, isHoleDue, type Known, type PlanInput, type Visits } from './due.ts';
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
  const latest = latestAt(now);
  const window = addDays(today, -WATCHED_FOR_DAYS);
  const visits = new Map<string, Visits>();
  const visitsOf = (target: Target): Visits | null => visits.get(nameOf(target)) ?? null;
  const look = async (source: SourceName, from: Day, to: Day, lines: readonly CalendarLine[]) => {
    const standings = new Map(lines.map(({ target, standing }) => [target.day, standing]));
    for await (const { day, at } of keysBetween(snapshots, source, from, to)) {
      // a visit of the future says nothing of what is due
      if (at > latest) continue;
      const asHole = at >= startOf(addDays(day, WATCHED_FOR_DAYS + 1)) ? 1 : 0;
      visits.set(nameOf({ source, day }), {
        last: at,
        asHole: (visitsOf({ source, day })?.asHole ?? 0) + asHole,
        known: knownOf(standings.get(day), at),
      });
    }
  };

  for (const { name, kind } of sources) {
    const from = kind === 'daily' ? window : today;
    await look(name, from, today, await calendar.between(name, from, today));
  }
  const firstDay = sources.some(({ kind }) => kind === 'daily') ? await firstDayOf(snapshots) : null;
  const holes: Day[] = [];
  for (let to = addDays(window, -1); firstDay && to >= firstDay && holes.length < HOLES_PER_RUN; ) {
    const from = [addDays(to, 1 - LOOK_BACK_DAYS), firstDay].sort().at(-1) as Day;
    const lines = await calendar.between('daily', from, to);
    const captured = new Set(lines.filter(({ standing }) => standing.captures > 0).map(({ target }) => target.day));
    const lacking = daysFrom(from, to).filter((day) => !captured.has(day));
    const [first, last] = [lacking[0], lacking.at(-1)];
    if (first && last) await look('daily', first, last, lines);
    holes.push(...lacking.reverse().filter((day) => isHoleDue(visitsOf({ source: 'daily', day }), now)));
    to = addDays(from, -1);
  }
  return { sources, visitsOf, firstDay, holes, now };
}

/** The visits of a source's targets from `from` to `to`, as the archive's keys tell them, oldest first. */
async function* keysBetween(snapshots: SnapshotStore, source: SourceName, from: Day, to: Day) {
  const folder = `raw/${source.replace(':', '=')}/`;
  for await (const { key } of snapshots.list(folder, `${folder}${from}`)) {
    const facts = readKey(key);
    if (facts && facts.day > to) return;
    if (facts) yield facts;
  }
}

async function firstDayOf(snapshots: SnapshotStore): Promise<Day | null> {
  for await (const { day } of keysBetween(snapshots, 'daily', FIRST_DAY, LAST_DAY)) return day;
  return null;
}

const knownOf = (standing: Standing | undefined, last: Instant): Visits['known'] =>
  standing?.lastVisit === last ? knownBy(standing) : null;

/** What a plan takes of a list's standing. */
export const knownBy = ({ settledAt, failing, captures, unreachable }: Standing): Known => ({
  settled: settledAt !== null,
  failing,
  captures,
  unreachable: unreachable ?? false,
});
