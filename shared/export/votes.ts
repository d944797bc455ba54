import { AGES } from '../catalog/tables.ts';
import { votesNear } from '../catalog/votes.ts';
import { type Day, type Instant, startOf } from '../kit/clock.ts';
import type { Month, Row, RowsOf } from './rows.ts';

/** A paper on a list of one day: its votes over the captures of that list. */
type Appearance = {
  readonly paper_id: string;
  readonly list: string;
  /** The day from whose start ages count. */
  readonly day: Day;
  readonly votes: string;
  readonly times: string;
};

/**
 * The rows of `votes_at_age` in a month. A daily list is a series of its own. The other lists go on from day to day: there a paper's age
 * counts from the day of its daily list, over all days of the list; a paper that has none has no rows.
 */
export function votesAtAges({ catalog }: RowsOf, { first, last, papers }: Month): Row[] {
  const daily = catalog.all<Appearance>(
    `SELECT paper_id, a.list, a.target AS day, votes, times FROM appearances a
      JOIN coverage c ON c.list = a.list AND c.day = a.target
      WHERE a.list = 'daily' AND a.target BETWEEN ? AND ? ORDER BY a.target, paper_id`,
    [first, last],
  );
  const others = catalog.all<Appearance>(
    `SELECT paper_id, a.list, p.listed_on AS day, votes, times FROM papers p
      JOIN appearances a ON a.paper_id = p.id
      JOIN coverage c ON c.list = a.list AND c.day = a.target
      WHERE p.id IN (SELECT value FROM json_each(?)) AND p.listed_on BETWEEN ? AND ? AND a.list <> 'daily'
      ORDER BY a.list, p.listed_on, paper_id, a.target`,
    [JSON.stringify(papers), first, last],
  );
  const timesOf = remembering((text) => JSON.parse(text) as Instant[]);
  return [daily, others].flatMap((appearances) =>
    [...Map.groupBy(appearances, ({ list, day, paper_id }) => `${list} ${day} ${paper_id}`).values()].flatMap(
      (series) => rowsOf(series, timesOf),
    ),
  );
}

function rowsOf(series: readonly Appearance[], timesOf: (text: string) => Instant[]): Row[] {
  const times: Instant[] = [];
  const votes: (number | null)[] = [];
  for (const one of series) {
    const begin = times.length;
    const pairs = JSON.parse(one.votes) as (number | null)[];
    // places come first in each pair; before this day's first sight it was not on the list
    votes.push(begin, null, ...pairs.map((value, at) => (at % 2 === 0 ? (value as number) + begin : value)));
    times.push(...timesOf(one.times));
  }
  const { paper_id, list, day } = series[0] as Appearance;
  return AGES.map((age) => {
    const read = votesNear(times, votes, startOf(day), age);
    return [paper_id, list, day, age, read?.upvotes ?? null, read?.readAt ?? null];
  });
}

/** A function that is asked the same again and again. */
function remembering<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    const known = made.get(text) ?? make(text);
    made.set(text, known);
    return known;
  };
}
