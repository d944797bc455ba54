import * as z from 'zod';
import type { Catalog } from '../catalog/sqlite.ts';
import { addDays, addSeconds, countDays, type Day, type Instant, secondsBetween, startOfDay } from '../lib/time.ts';
import { neighbouringAges } from '../model/expected.ts';
import { captureNearAge, firstUpvotes, knownGain, nearestReading, type UpvoteReading } from '../model/upvotes.ts';
import { catalogContents } from './catalog-paper.ts';
import { currentDay, type QueryContext } from './context.ts';
import { exactAgeHours, readExpectedUpvotes } from './expected.ts';
import { ageInHours, paperFields, paperLinks } from './paper-fields.ts';
import {
  atMostDays,
  dateRange,
  endsAfterStart,
  list,
  month,
  orNull,
  paging,
  parsed,
  week,
  year,
} from './parameters.ts';
import { type CrossFieldRule, defineQuestion } from './question.ts';
import { closeRange, MAX_RANGE_DAYS, type OpenDateRange, rangeCoverage } from './range.ts';
import { compareRanked, pageRanked, RANKED_CURSOR_PATTERN, type RankedValue } from './ranked.ts';
import type { TopAnswer, TopPaper } from './top.schema.ts';

/** Days of a leaderboard without a beginning: a week, the last one included. */
const DEFAULT_DAYS = 7;
/** The age at which upvotes are compared with those expected, unless another is asked for: most of what a paper gets, it has by then. */
const DEFAULT_EXPECTED_AGE = 48;

/** What a leaderboard may be ranked by. */
export type TopBy = TopAnswer['by'];

const ranking = {
  list: list.default('daily'),
  by: z
    .enum(
      ['upvotes', 'gain', 'days', 'expected', 'stars-gained'],
      'must be upvotes, gain, days, expected or stars-gained',
    )
    .default('upvotes'),
  age: orNull(
    parsed<number>(parseAgeHours, 'must be an age in hours or days, 1h to 400d', {
      pattern: '^(?:(?:[1-9]\\d{0,2}|[1-8]\\d{3}|9[0-5]\\d\\d|9600)h|(?:[1-9]\\d?|[1-3]\\d\\d|400)d)$',
      examples: ['2d', '36h'],
    }),
  ),
  ...paging(RANKED_CURSOR_PATTERN, '62#2501.04519'),
};
const answer = async () => (await import('./top.schema.ts')).TopAnswer;
const rankedByVotes: CrossFieldRule<Pick<TopParameters, 'age' | 'by'>> = {
  parameters: ['age', 'by'],
  check: ({ age, by }) =>
    age !== null && !hasAge(by) ? `says nothing of by=${by}: leave it out, or rank by upvotes, gain or expected` : null,
};

/** Whether what a leaderboard is ranked by can be read at an age. */
export const hasAge = (by: TopBy): boolean => by !== 'days' && by !== 'stars-gained';
/**
 * Which leaderboard, and which page of it. `age`, in hours, ranks by the upvotes or gain at that age, or by what is expected at that age;
 * null: by the newest (`expected`: at 48 h).
 */
export type TopParameters = z.output<z.ZodObject<typeof ranking>>;

/** The leaderboard of a range of days. */
export const topQuestion = defineQuestion({
  path: '/top',
  costClass: 'slow-whole',
  summary:
    'The leaderboard of a range of list days; without a range, of the last seven up to the newest that was captured.',
  parameters: z.object({ ...ranking, ...dateRange }),
  rules: [endsAfterStart, atMostDays(MAX_RANGE_DAYS), rankedByVotes],
  answer,
  run: (context, asked) => getTop(context, asked, asked),
});
/** The leaderboard of a week. */
export const topWeekQuestion = defineQuestion({
  path: '/top/week/:week',
  costClass: 'slow-whole',
  summary: 'The leaderboard of an ISO week.',
  parameters: z.object({ week, ...ranking }),
  rules: [rankedByVotes],
  answer,
  run: (context, asked) => getTop(context, asked.week, asked),
});
/** The leaderboard of a month. */
export const topMonthQuestion = defineQuestion({
  path: '/top/month/:month',
  costClass: 'slow-whole',
  summary: 'The leaderboard of a month.',
  parameters: z.object({ month, ...ranking }),
  rules: [rankedByVotes],
  answer,
  run: (context, asked) => getTop(context, asked.month, asked),
});

/** The leaderboard of a year. */
export const topYearQuestion = defineQuestion({
  path: '/top/year/:year',
  costClass: 'slow-whole',
  summary: 'The leaderboard of a year.',
  parameters: z.object({ year, ...ranking }),
  rules: [rankedByVotes],
  answer,
  run: (context, asked) => getTop(context, asked.year, asked),
});

/** The hours of `36h` or `2d`; null for text that is no age, or more than 400 days. */
function parseAgeHours(text: string): number | null {
  const [, count, unit] = /^(\d{1,4})([hd])$/.exec(text) ?? [];
  const hours = Number(count) * (unit === 'd' ? 24 : 1);
  return hours >= 1 && hours <= 400 * 24 ? hours : null;
}

/** The leaderboard of a range of list days. An open range has seven days and ends with the newest day that was captured. */
export async function getTop(
  context: QueryContext,
  range: OpenDateRange,
  { list, by, age, ...paging }: TopParameters,
): Promise<TopAnswer> {
  const catalog = await context.catalog();
  const today = currentDay(context);
  const { from, to } = closeRange(catalog, list, range, today, (last) => addDays(last, 1 - DEFAULT_DAYS));
  const coverage = rangeCoverage(catalog, list, { from, to }, today);
  const ageHours = by === 'expected' ? (age ?? DEFAULT_EXPECTED_AGE) : age;
  const within = [list, from, to];
  const ranking = ranked(catalog, { by, ageHours }, within);
  const page = pageRanked(ranking, paging);
  const ids = page.items.map(({ id }) => id);
  const contentOf = catalogContents(catalog, ids);
  const appearances = readAppearances(catalog, COLUMNS, within, ids);
  const expected = readExpectedUpvotes(
    catalog,
    ids.map((id) => contentOf(id).listedOn ?? null),
  );
  const papers = page.items.map((paper, at): TopPaper => {
    const on = appearances.get(paper.id) as readonly Appearance[];
    const { life, votes } = lifeOf(on);
    const fields = paperFields(paper.id, contentOf(paper.id), votes);
    const { listedOn } = fields;
    return {
      rank: page.place + at,
      ...fields,
      ...life,
      ageHours: paper.readAt && ageInHours(listedOn, paper.readAt),
      expectedUpvotes: paper.readAt && listedOn && expected(listedOn, exactAgeHours(listedOn, paper.readAt)),
      firstSeen: (on[0] as Appearance).first_seen,
      ...paperLinks(paper.id),
      value: paper.value,
      readAt: paper.readAt,
    };
  });
  return {
    list,
    from,
    to,
    by,
    ageHours,
    observedAt: coverage.last,
    sample: context.sample,
    catalogAsOf: catalog.asOf(),
    coverage,
    papers,
    total: ranking.length,
    next: page.next,
  };
}

/** A paper on one list of the range, as the catalog has it. */
type Appearance = {
  readonly paper_id: string;
  readonly day: Day;
  readonly first_seen: Instant;
  readonly captures: number;
  readonly first_rank: number;
  readonly best_rank: number;
  readonly first_upvotes: number | null;
  readonly peak_upvotes: number | null;
  readonly upvotes: number | null;
  readonly comments: number | null;
  readonly first_github_stars: number | null;
  readonly github_stars: number | null;
  readonly read_at: Instant | null;
  readonly votes: string;
};
/** What is read of the papers of a page. */
const COLUMNS = `paper_id, day, first_seen, captures, first_rank, best_rank, first_upvotes, peak_upvotes, upvotes, comments,
  first_github_stars, github_stars, read_at, votes`;

/** Papers with their appearances in a range of list days, first seen first. */
function readAppearances(
  catalog: Catalog,
  columns: string,
  within: readonly string[],
  papers: readonly string[] | null = null,
): ReadonlyMap<string, readonly Appearance[]> {
  const lives = new Map<string, Appearance[]>();
  for (const row of catalog.all<Appearance>(
    `SELECT ${columns} FROM appearances WHERE list = ? AND day BETWEEN ? AND ? ${papers ? 'AND paper_id IN (SELECT value FROM json_each(?))' : ''}`,
    papers ? [...within, JSON.stringify(papers)] : within,
  )) {
    const life = lives.get(row.paper_id);
    if (life) life.push(row);
    else lives.set(row.paper_id, [row]);
  }
  for (const life of lives.values()) if (life.length > 1) life.sort((a, b) => (a.first_seen < b.first_seen ? -1 : 1));
  return lives;
}

/** A paper in a ranking, and the capture that its value was read from. */
type Ranked = RankedValue & { readonly readAt: Instant | null };

/** Every paper of the range, in the order asked for. */
function ranked(
  catalog: Catalog,
  { by, ageHours }: { readonly by: TopBy; readonly ageHours: number | null },
  within: readonly string[],
): Ranked[] {
  const values =
    ageHours === null
      ? newestValuesOf(catalog, within, by as Exclude<TopBy, 'expected'>)
      : valuesAtAge(catalog, within, { by, ageHours });
  return values.sort(compareRanked);
}

/** Ranks by the numbers in the last capture that knew upvotes. */
function newestValuesOf(catalog: Catalog, within: readonly string[], by: keyof typeof newestValues): Ranked[] {
  const { columns, valueIn } = newestValues[by];
  const lives = readAppearances(catalog, `paper_id, first_seen, ${columns}`, within);
  return [...lives].map(([id, on]) => ({ id, ...valueIn(on) }));
}

/** The value that a paper is ranked by, and the capture that it was read from. */
type Value = Pick<Ranked, 'value' | 'readAt'>;
const UNKNOWN: Value = { value: null, readAt: null };

/** The appearance with the last capture that knew upvotes; the last one where none did. */
const lastWithUpvotes = (on: readonly Appearance[]): Appearance =>
  on.reduce((last, one) => ((last.read_at ?? '') > (one.read_at ?? '') ? last : one));

/** Upvotes in the first capture that knew them. */
function firstUpvotesOf(on: readonly Appearance[]): number | null {
  for (const { first_upvotes, votes } of on) {
    const known =
      first_upvotes ?? (JSON.parse(votes) as (number | null)[]).find((part, at) => at % 2 === 1 && part !== null);
    if (known !== undefined && known !== null) return known;
  }
  return null;
}

const countCaptures = (on: readonly Appearance[]): number => on.reduce((sum, one) => sum + one.captures, 0);

/** Last known upvotes less the first; null unless it was seen in two captures. */
const gainOf = (on: readonly Appearance[]): number | null =>
  knownGain(firstUpvotesOf(on), lastWithUpvotes(on).upvotes, countCaptures(on));

/** The stars of its code in the last capture that knew upvotes, less those first known. */
const starsGainedOf = (on: readonly Appearance[]): number | null =>
  knownGain(
    on.find(({ first_github_stars }) => first_github_stars !== null)?.first_github_stars ?? null,
    lastWithUpvotes(on).github_stars,
    countCaptures(on),
  );

const newestValue = (columns: string, value: (on: readonly Appearance[]) => number | null) => ({
  columns: `read_at, ${columns}`,
  valueIn: (on: readonly Appearance[]): Value => ({ value: value(on), readAt: lastWithUpvotes(on).read_at }),
});

/** Rankings by the numbers in the last capture that knew upvotes, with the columns that they need of thousands of papers. */
const newestValues = {
  upvotes: newestValue('upvotes', (on) => lastWithUpvotes(on).upvotes),
  days: newestValue('day', (on) => on.length),
  gain: newestValue("captures, upvotes, first_upvotes, iif(first_upvotes IS NULL, votes, '[]') AS votes", gainOf),
  'stars-gained': newestValue('captures, github_stars, first_github_stars', starsGainedOf),
};

/** What is known of a paper at an age: on each list the reading nearest to it, and the first reading of all. `listedOn` is the day of its daily list. */
type AtAge = {
  readonly id: string;
  readonly listedOn: Day | null;
  readonly near: UpvoteReading[];
  first: UpvoteReading | null;
};

/** Reads what is known of papers at an age by days: to read the rows of a year one by one takes half as long again. */
function readAtAge(catalog: Catalog, within: readonly string[], ageHours: number): readonly AtAge[] {
  const rows = catalog.all<{ day: Day; times: string | null; ids: string; votes: string }>(
    `SELECT day, (SELECT times FROM coverage AS c WHERE c.list = a.list AND c.day = a.day) AS times,
        json_group_array(paper_id) AS ids, '[' || group_concat(votes) || ']' AS votes
      FROM appearances AS a WHERE list = ? AND day BETWEEN ? AND ? GROUP BY day`,
    within,
  );
  const idsOf = rows.map(({ ids }) => JSON.parse(ids) as string[]);
  const listedOn = readListedOn(catalog, within.slice(1), idsOf.flat());
  const papers = new Map<string, AtAge>();
  rows.forEach(({ day, ...columns }, row) => {
    const times = JSON.parse(columns.times ?? '[]') as Instant[];
    const seconds = times.map((at) => secondsBetween(startOfDay(day), at));
    const votes = JSON.parse(columns.votes) as (number | null)[][];
    idsOf[row]?.forEach((id, at) => {
      const paper = papers.get(id) ?? { id, listedOn: listedOn.get(id) ?? null, near: [], first: null };
      papers.set(id, paper);
      if (paper.listedOn === null) return;
      const own = votes[at] as (number | null)[];
      const startAge = paper.listedOn === day ? 0 : countDays(paper.listedOn, day) * 86_400;
      const near = captureNearAge(seconds, own, ageHours, startAge);
      if (near) paper.near.push({ upvotes: near.upvotes, readAt: times[near.capture] as Instant });
      const first = firstUpvotes(times, own);
      if (first && !(paper.first && paper.first.readAt <= first.readAt)) paper.first = first;
    });
  });
  return [...papers.values()];
}

/** Reads the days of the daily lists of papers: most are of the range itself, which an index has in one place; the others are looked up. */
function readListedOn(catalog: Catalog, range: readonly string[], papers: readonly string[]): ReadonlyMap<string, Day> {
  const listedOn = new Map<string, Day>();
  const add = (from: string, values: readonly string[]): void => {
    for (const { day, ids } of catalog.all<{ day: Day; ids: string }>(
      `SELECT listed_on AS day, json_group_array(id) AS ids FROM ${from} GROUP BY listed_on`,
      values,
    ))
      for (const id of JSON.parse(ids) as string[]) listedOn.set(id, day);
  };
  add('papers WHERE listed_on BETWEEN ? AND ?', range);
  const others = new Set(papers.filter((id) => !listedOn.has(id)));
  if (others.size > 0)
    add('papers INDEXED BY papers_listed_on WHERE listed_on IS NOT NULL AND id IN (SELECT value FROM json_each(?))', [
      JSON.stringify([...others]),
    ]);
  return listedOn;
}

/**
 * Ranks by the upvotes at an age, counted from the start of the day of a paper's daily list; by what they had gained by then, unknown where
 * the capture that is read is that of first sight; or by how many times the expected upvotes of that age they are.
 */
function valuesAtAge(
  catalog: Catalog,
  within: readonly string[],
  { by, ageHours }: { readonly by: TopBy; readonly ageHours: number },
): Ranked[] {
  const papers = readAtAge(catalog, within, ageHours);
  const listedOn = papers.map((paper) => paper.listedOn);
  const expected = by === 'expected' ? readExpectedUpvotes(catalog, listedOn, neighbouringAges(ageHours) ?? []) : null;
  const valueIn = ({ listedOn: listed, near: found, first }: AtAge): Value => {
    if (!listed) return UNKNOWN;
    // of a daily list a paper has one reading; times take as long as all the rest
    const near = found.length > 1 ? nearestReading(addSeconds(startOfDay(listed), ageHours * 3600), found) : found[0];
    if (!near) return UNKNOWN;
    const { upvotes, readAt } = near;
    if (expected) {
      const usual = expected(listed, ageHours);
      return { value: usual ? upvotes / usual : null, readAt };
    }
    if (by !== 'gain') return { value: upvotes, readAt };
    return { value: first && first.readAt < readAt ? upvotes - first.upvotes : null, readAt };
  };
  return papers.map((paper) => ({ id: paper.id, ...valueIn(paper) }));
}

/** The numbers of a paper over all its appearances. */
function lifeOf(on: readonly Appearance[]) {
  const first = on[0] as Appearance;
  const last = lastWithUpvotes(on);
  const peaks = on.flatMap(({ peak_upvotes }) => peak_upvotes ?? []);
  return {
    votes: { upvotes: last.upvotes, comments: last.comments, githubStars: last.github_stars },
    life: {
      previousRank: null,
      firstRank: first.first_rank,
      bestRank: Math.min(...on.map(({ best_rank }) => best_rank)),
      firstUpvotes: first.first_upvotes,
      peakUpvotes: peaks.length > 0 ? Math.max(...peaks) : null,
      gain: gainOf(on),
    },
  };
}
