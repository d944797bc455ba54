/** Which papers the feed of a list holds, and since when: what does not change from one capture to the next. */
import { mapConcurrent } from '../lib/concurrency.ts';
import { lazyAsync } from '../lib/lazy.ts';
import { compareText } from '../lib/order.ts';
import { addDays, type Day, dayOf, type Instant, startOfDay } from '../lib/time.ts';
import type { ListDay, ListName } from '../model/list.ts';
import { isUsable, type PaperContent } from '../model/listing.ts';
import { readDaysNewestFirst } from '../table/calendar.ts';
import { decodeSummary, type ListDaySummary, type ListingItem } from '../table/items.ts';
import { appearanceKey, type PaperKey, parseAppearanceKey, summaryKey, titleHash } from '../table/keys.ts';
import type { TableStore } from '../table/store.ts';
import { oldestDay } from './boundary-listings.ts';
import type { PaperFields } from './common.schema.ts';
import { pastInstant, type QueryContext, readListings, readSummary } from './context.ts';
import type { ListedPaper } from './list.schema.ts';
import { getList, type ListView, passesFilters } from './list.ts';
import { paperFields, paperLinks } from './paper-fields.ts';
import { readWholeContents } from './paper-summaries.ts';

/** A paper of a feed. */
export type FeedPaper = {
  readonly listDay: ListDay;
  /** When the paper met the condition of the feed. */
  readonly since: Instant;
  /** On that list; null upvotes are unknown. */
  readonly rank: number;
  readonly paper: PaperFields;
};

/** The papers of a list's feed, newest first, and the oldest list day that was read for them. */
export type ListFeed = { readonly papers: readonly FeedPaper[]; readonly from: Day };

/** What a paper is in feeds: its id; for a row without one its title, which has no id to confuse it with. */
export const feedKey = ({ id, title }: Pick<ListedPaper, 'id' | 'title'>): PaperKey => id ?? `~${titleHash(title)}`;

/** The fewest list days and papers that the feed of the daily lists holds where there are so many. */
const [LEAST_DAYS, LEAST_PAPERS] = [7, 300];
/** The days before today whose papers may still cross a number of upvotes: a daily list is captured for so long. */
const CROSSING_DAYS = 21;

/**
 * The papers of the newest list days, whole days, dated by their list day. With `minUpvotes` those that ever had so many on their list,
 * dated when they first had.
 */
export async function getDailyFeed(context: QueryContext, { minUpvotes = null, ...view }: ListView): Promise<ListFeed> {
  const upTo = pastInstant(view.at, context.clock());
  const today = dayOf(upTo ?? context.clock());
  const leastFrom = minUpvotes === null ? today : addDays(today, -CROSSING_DAYS);
  const days: ListDay[] = [];
  let listed = 0;
  for await (const { listDay, status } of readDaysNewestFirst(context.table, 'daily', today)) {
    if (days.length >= LEAST_DAYS && listed >= LEAST_PAPERS && listDay.day < leastFrom) break;
    if (!status.listed || !status.first || (upTo && status.first > upTo)) continue;
    days.push(listDay);
    listed += status.listed;
  }
  const found = await mapConcurrent(days, async (listDay): Promise<FeedPaper[]> => {
    const { papers } = await getList(context, listDay, { ...view, sort: 'rank', minUpvotes: null });
    if (minUpvotes === null)
      return papers.map((paper) => ({ listDay, since: startOfDay(listDay.day), rank: paper.rank, paper }));
    const crossing = papers.filter(({ peakUpvotes }) => (peakUpvotes ?? -1) >= minUpvotes);
    const readDay = lazyAsync(() => readListings(context.table, listDay, upTo));
    return mapConcurrent(crossing, async (paper) => {
      const { firstUpvotes, firstSeen } = paper;
      const sight = { key: feedKey(paper), firstUpvotes, firstSeen: firstSeen as Instant };
      const since = await crossingTime(readDay, minUpvotes, sight);
      return { listDay, since, rank: paper.rank, paper };
    });
  });
  return { papers: newestFirst(distinct(found.toReversed().flat())), from: days.at(-1)?.day ?? today };
}

/** A paper that was moved from one list day to another is on both; the first counts. */
function distinct(papers: readonly FeedPaper[]): FeedPaper[] {
  const known = new Set<PaperKey>();
  return papers.filter(({ paper }) => !known.has(feedKey(paper)) && known.add(feedKey(paper)));
}

const newestFirst = (papers: readonly FeedPaper[]): FeedPaper[] =>
  papers.toSorted((a, b) => compareText(b.since, a.since) || a.rank - b.rank);

/** A paper's first sight on a list day. */
type FirstSight = { readonly key: PaperKey; readonly firstSeen: Instant; readonly firstUpvotes: number | null };

/** When a paper first had so many upvotes on a day on which it had them. The day's captures are read only where its first sight does not tell. */
async function crossingTime(
  readDay: () => Promise<readonly ListingItem[]>,
  least: number,
  { key, firstSeen, firstUpvotes }: FirstSight,
): Promise<Instant> {
  if ((firstUpvotes ?? -1) >= least) return firstSeen;
  const crossed = (await readDay()).find(
    ({ outcome, papers, upvotes }) => isUsable(outcome) && (upvotes[papers.indexOf(key)] ?? -1) >= least,
  );
  return crossed?.at ?? firstSeen;
}

/** The days of captures that are searched for papers that entered. */
const ENTERED_DAYS = 14;
/** The most papers of a feed that has no whole days. */
export const MOST_PAPERS = 300;

/** A paper on the first of the days read on which it met the condition. */
type Candidate = {
  readonly key: PaperKey;
  readonly listDay: ListDay;
  readonly summary: ListDaySummary;
  readonly place: number;
};

/**
 * The papers first seen on trending or in a watched search on its last 14 captured days; with `minUpvotes`, first seen there with so many
 * upvotes. What the very first capture of trending shows did not enter, as far as is known.
 */
export async function getEnteredFeed(context: QueryContext, list: ListName, view: ListView): Promise<ListFeed> {
  const { table, clock } = context;
  const upTo = pastInstant(view.at, clock());
  const today = dayOf(upTo ?? clock());
  const least = view.minUpvotes ?? null;
  const days: ListDay[] = [];
  for await (const { listDay, status } of readDaysNewestFirst(table, list, today)) {
    if (days.length === ENTERED_DAYS) break;
    if (status.first && !(upTo && status.first > upTo)) days.unshift(listDay);
  }
  const from = days[0]?.day ?? today;
  const summaries = await mapConcurrent(days, (listDay) => readSummary(context, listDay, upTo));
  const first = new Map<PaperKey, Candidate>();
  for (const [row, listDay] of days.entries()) {
    const summary = summaries[row];
    for (const [place, key] of summary?.papers.entries() ?? [])
      if (summary && !first.has(key) && hadUpvotes(summary, place, least))
        first.set(key, { key, listDay, summary, place });
  }
  const candidates = [...first.values()];
  const refs = candidates.map(({ key, summary, place }) => ({
    paper: key,
    hash: summary.runs[place]?.at(-1)?.[0] as string,
  }));
  const contents = await readWholeContents(table, refs, upTo);
  const readers = new Map(days.map((on) => [on.day, lazyAsync(() => readListings(table, on, upTo))]));
  const start = list === 'trending' ? (await oldestDay(table, list))?.first : null;
  const passes = passesFilters({ ...view, minUpvotes: null });
  const found = await mapConcurrent([...candidates.entries()], async ([row, candidate]): Promise<FeedPaper[]> => {
    const paper = toFeedPaper(candidate, contents[row] as PaperContent);
    if (!passes(paper.paper)) return [];
    const { key, listDay } = candidate;
    const sight = { key, firstSeen: paper.since, firstUpvotes: paper.paper.upvotes };
    const readDay = readers.get(listDay.day) as () => Promise<ListingItem[]>;
    const since = least === null ? paper.since : await crossingTime(readDay, least, sight);
    if (since === start || (await metBefore(table, candidate, from, least))) return [];
    return [{ ...paper, since }];
  });
  return { papers: newestFirst(found.flat()).slice(0, MOST_PAPERS), from };
}

const hadUpvotes = ({ peakUpvotes }: ListDaySummary, place: number, least: number | null): boolean =>
  least === null || (peakUpvotes[place] ?? -1) >= least;

/** A paper as it was when it was first seen on that day; its contents are the newest. */
function toFeedPaper({ key, listDay, summary, place }: Candidate, content: PaperContent): FeedPaper {
  const counts = { upvotes: summary.firstUpvotes[place] ?? null, comments: null, githubStars: null };
  return {
    listDay,
    since: summary.times[summary.firstSeen[place] as number] as Instant,
    rank: summary.firstRank[place] as number,
    paper: { ...paperFields(key, content, counts), ...paperLinks(key) },
  };
}

/** Whether a paper met the condition on a day before those that were read. */
async function metBefore(table: TableStore, { key, listDay }: Candidate, from: Day, least: number | null) {
  const { pk } = appearanceKey(key, listDay);
  const range = { from: `ON#${listDay.list}#`, to: appearanceKey(key, { ...listDay, day: addDays(from, -1) }).sk };
  const earlier = await table.range({ pk, ...range });
  if (least === null || earlier.length === 0) return earlier.length > 0;
  const days = earlier.flatMap(({ sk }) => parseAppearanceKey(sk) ?? []);
  const summaries = (await table.getMany(days.map(summaryKey))).flatMap((item) => decodeSummary(item) ?? []);
  return summaries.some((summary) => hadUpvotes(summary, summary.papers.indexOf(key), least));
}
