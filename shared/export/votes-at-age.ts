import { UPVOTE_AGES_HOURS } from '../catalog/schema.ts';
import { type Day, type Instant, startOfDay } from '../lib/time.ts';
import { upvotesAtAge } from '../model/upvotes.ts';
import { isTitleKey } from '../table/titles.ts';
import type { ExportMonth, ExportRow, RowSource } from './row-types.ts';

/** A paper on one list and day, with its upvotes over the captures of that list. */
type Appearance = {
  readonly paper_id: string;
  readonly list: string;
  /** The day from whose start ages count. */
  readonly listed_on: Day;
  readonly votes: string;
  readonly times: string;
};

/**
 * The rows of `votes_at_age` in a month. Ages count from the day of the paper's daily list. On `daily` only the list of that day counts; on
 * the other lists all days do, and a paper that was never on a daily list has no rows there.
 */
export function readUpvotesAtAge({ catalog }: RowSource, { first, last, papers }: ExportMonth): ExportRow[] {
  const daily = catalog.all<Appearance>(
    `SELECT paper_id, a.list, a.day AS listed_on, votes, times FROM appearances a
      JOIN coverage c ON c.list = a.list AND c.day = a.day
      WHERE a.list = 'daily' AND a.day BETWEEN ? AND ? ORDER BY a.day, paper_id`,
    [first, last],
  );
  const others = catalog.all<Appearance>(
    `SELECT paper_id, a.list, p.listed_on, votes, times FROM papers p
      JOIN appearances a ON a.paper_id = p.id
      JOIN coverage c ON c.list = a.list AND c.day = a.day
      WHERE p.id IN (SELECT value FROM json_each(?)) AND p.listed_on BETWEEN ? AND ? AND a.list <> 'daily'
      ORDER BY a.list, p.listed_on, paper_id, a.day`,
    [JSON.stringify(papers), first, last],
  );
  const timesOf = memoize((text) => JSON.parse(text) as Instant[]);
  const known = (of: readonly Appearance[]) => of.filter(({ paper_id }) => !isTitleKey(paper_id));
  return [daily, others]
    .map(known)
    .flatMap((appearances) =>
      [
        ...Map.groupBy(appearances, ({ list, listed_on, paper_id }) => `${list} ${listed_on} ${paper_id}`).values(),
      ].flatMap((series) => toVoteRows(series, timesOf)),
    );
}

function toVoteRows(series: readonly Appearance[], timesOf: (text: string) => Instant[]): ExportRow[] {
  const times: Instant[] = [];
  const votes: (number | null)[] = [];
  for (const one of series) {
    const begin = times.length;
    const pairs = JSON.parse(one.votes) as (number | null)[];
    // places come first in each pair; before this day's first sight it was not on the list
    votes.push(begin, null, ...pairs.map((value, at) => (at % 2 === 0 ? (value as number) + begin : value)));
    times.push(...timesOf(one.times));
  }
  const { paper_id, list, listed_on } = series[0] as Appearance;
  return UPVOTE_AGES_HOURS.map((age) => {
    const read = upvotesAtAge(times, votes, startOfDay(listed_on), age);
    return [paper_id, list, listed_on, age, read?.upvotes ?? null, read?.readAt ?? null];
  });
}

function memoize<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    const known = made.get(text) ?? make(text);
    made.set(text, known);
    return known;
  };
}
