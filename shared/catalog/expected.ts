import { addDays, type Day, eachDay, FIRST_DAY, type Instant, secondsBetween, startOfDay } from '../lib/time.ts';
import { EXPECTED_AGES_HOURS, EXPECTED_DAYS, type ExpectedPoint, quartiles } from '../model/expected.ts';
import { captureNearAge } from '../model/upvotes.ts';
import { tables } from './schema.ts';
import { insertSql } from './sql.ts';
import type { Catalog, CatalogFile, SqlValue } from './sqlite.ts';

/** Curves are made for so many days after the newest daily list, so that the papers of the next lists have one before the next update. */
const DAYS_AHEAD = 7;
/** Curves that are made together: the lists of 90 days more are read for them. */
const BATCH = 365;

/** The upvotes of papers at each of some ages, by list day. */
type Readings = ReadonlyMap<Day, readonly (readonly number[])[]>;

/**
 * Reads the upvotes that papers had at ages (in hours), by the daily list that they were on; ages count from the start of its day.
 *
 * @param upTo Later captures do not count; null: all count.
 */
export function readUpvotesAtAges(
  catalog: Catalog,
  within: readonly [from: Day, to: Day],
  ages: readonly number[],
  upTo: Instant | null,
): Readings {
  const captures = new Map(
    catalog
      .all<{ day: Day; times: string }>(
        "SELECT day, times FROM coverage WHERE list = 'daily' AND day BETWEEN ? AND ?",
        within,
      )
      .map(({ day, times }) => {
        const known = (JSON.parse(times) as Instant[]).filter((at) => upTo === null || at <= upTo);
        return [day, known.map((at) => secondsBetween(startOfDay(day), at))];
      }),
  );
  const readings = new Map<Day, number[][]>();
  for (const { day, votes } of catalog.all<{ day: Day; votes: string }>(
    "SELECT day, votes FROM appearances WHERE list = 'daily' AND day BETWEEN ? AND ?",
    within,
  )) {
    const ofDay = readings.get(day) ?? ages.map(() => []);
    readings.set(day, ofDay);
    const pairs = JSON.parse(votes) as (number | null)[];
    ages.forEach((age, at) => {
      const near = captureNearAge(captures.get(day) ?? [], pairs, age);
      if (near) ofDay[at]?.push(near.upvotes);
    });
  }
  return readings;
}

/** The first and the last list day that the curve of a day is made from. */
export const expectedFrom = (day: Day): readonly [from: Day, to: Day] => [
  addDays(day, -EXPECTED_DAYS),
  addDays(day, -1),
];

/**
 * Returns a function that sums up what the papers on the lists before a day had, at each of so many ages of `readings`; null at an age that no
 * paper was read at. Of days one after another it counts only the lists in which they differ.
 */
export function summarizeReadings(readings: Readings, ages: number): (day: Day) => (ExpectedPoint | null)[] {
  const counts = Array.from({ length: ages }, () => new Map<number, number>());
  let counted: ReadonlySet<Day> = new Set();
  const count = (listed: Day, by: 1 | -1) =>
    readings.get(listed)?.forEach((upvotes, age) => {
      const ofAge = counts[age] as Map<number, number>;
      for (const value of upvotes) ofAge.set(value, (ofAge.get(value) ?? 0) + by);
    });
  return (day) => {
    const [from, to] = expectedFrom(day);
    const wanted = new Set([...readings.keys()].filter((listed) => listed >= from && listed <= to));
    for (const listed of counted) if (!wanted.has(listed)) count(listed, -1);
    for (const listed of wanted) if (!counted.has(listed)) count(listed, 1);
    counted = wanted;
    return counts.map(quartiles);
  };
}

type Run = (sql: string, values?: readonly SqlValue[]) => void;

const EXPECTED = insertSql(tables.expected);
const DUE = `${insertSql(tables.expected_due)} ON CONFLICT DO NOTHING`;

/** Marks the curves that depend on daily lists as due, in the transaction that writes those lists. */
export function markExpectedDue(run: Run, lists: readonly { readonly list: string; readonly day: Day }[]): void {
  let next = FIRST_DAY;
  for (const day of lists.flatMap(({ list, day }) => (list === 'daily' ? [day] : [])).sort()) {
    const [first, last] = [addDays(day, 1), addDays(day, EXPECTED_DAYS)];
    if (next < first) next = first;
    for (const due of eachDay(next, last)) run(DUE, [due]);
    next = addDays(last, 1);
  }
}

/** Makes the curves that are due. Those of days long after the newest daily list stay due. */
export function updateExpected(catalog: CatalogFile): void {
  const [newest] = catalog.all<{ day: Day | null }>("SELECT max(day) AS day FROM appearances WHERE list = 'daily'");
  const last = newest?.day && addDays(newest.day, DAYS_AHEAD);
  const nextDays = () =>
    catalog
      .all<{ day: Day }>('SELECT day FROM expected_due WHERE day <= ? ORDER BY day LIMIT ?', [last ?? '', BATCH])
      .map(({ day }) => day);
  for (let days = nextDays(); days.length > 0; days = nextDays()) {
    const [first, end] = [days[0] as Day, days.at(-1) as Day];
    catalog.write((run) => {
      const readings = readUpvotesAtAges(
        catalog,
        [expectedFrom(first)[0], expectedFrom(end)[1]],
        EXPECTED_AGES_HOURS,
        null,
      );
      const summarize = summarizeReadings(readings, EXPECTED_AGES_HOURS.length);
      for (const day of days) {
        run('DELETE FROM expected WHERE day = ?', [day]);
        summarize(day).forEach((point, at) => {
          if (point)
            run(EXPECTED, [day, EXPECTED_AGES_HOURS[at] as number, point.papers, point.q1, point.median, point.q3]);
        });
        run('DELETE FROM expected_due WHERE day = ?', [day]);
      }
    });
  }
}
