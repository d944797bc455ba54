import * as z from 'zod';
import { type Day, dayOf, type Instant } from '../lib/time.ts';
import { type ListDay, type ListName, listKind } from '../model/list.ts';
import type { PaperContent } from '../model/listing.ts';
import { foldKeyword, plainSlugOf } from '../model/paper.ts';

import { knownGain } from '../model/upvotes.ts';
import { METRICS } from '../names.ts';
import { readDaysNewestFirst } from '../table/calendar.ts';
import type { ListDaySummary } from '../table/items.ts';
import type { PaperKey } from '../table/keys.ts';
import type { TableStore } from '../table/store.ts';
import { resolveTitles } from '../table/titles.ts';
import { toCoverage } from './answer-coverage.ts';
import { newestUsableListingBefore, pastInstant, type QueryContext, readSummary } from './context.ts';
import { expectedAt } from './expected.ts';
import type { ListAnswer, ListedPaper } from './list.schema.ts';
import { ageInHours, paperFields, paperLinks } from './paper-fields.ts';
import { readWholeContents } from './paper-summaries.ts';
import { at, day, hasCode, nameFilter, orNull, watchedSlug, wholeNumber, words } from './parameters.ts';
import { defineQuestion, requireKnownList } from './question.ts';

/** The order of a list; `rank` is the feed's own. */
const sort = z.enum(['rank', 'upvotes', 'gain'], 'must be rank, upvotes or gain').default('rank');
const view = {
  at,
  sort,
  keyword: nameFilter,
  text: orNull(words({ description: 'words that title, abstract or authors hold' })),
  minUpvotes: orNull(wholeNumber(0, 'least upvotes; papers whose upvotes are unknown are left out')),
  code: hasCode,
};
const answer = async () => (await import('./list.schema.ts')).ListAnswer;

/** How a list is sorted; `rank` is the feed's own order. */
export type ListSort = z.output<typeof sort>;
/** How a list is shown: as it was known at an instant (null: now), its order, and filters (null or absent: all papers). */
export type ListView = {
  readonly at: Instant | null;
  readonly sort: ListSort;
  readonly keyword?: string | null;
  readonly text?: string | null;
  readonly minUpvotes?: number | null;
  readonly code?: 'true' | null;
};

/** The newest daily list. */
export const dailyQuestion = defineQuestion({
  path: '/daily',
  summary: 'The newest day with at least one paper, and what today holds so far.',
  parameters: z.object(view),
  answer,
  run: (context, asked) => getNewestList(context, 'daily', asked),
});
/** The daily list of one day. */
export const dailyOnQuestion = defineQuestion({
  path: '/daily/:day',
  summary: "A day's list.",
  parameters: z.object({ day, ...view }),
  answer,
  run: (context, asked) => getList(context, { list: 'daily', day: asked.day }, asked),
});
/** The newest trending list. */
export const trendingQuestion = defineQuestion({
  path: '/trending',
  summary: 'The newest trending list.',
  parameters: z.object(view),
  answer,
  run: (context, asked) => getNewestList(context, 'trending', asked),
});
/** The last trending list of one day. */
export const trendingOnQuestion = defineQuestion({
  path: '/trending/:day',
  summary: 'The last trending list of a day.',
  parameters: z.object({ day, ...view }),
  answer,
  run: (context, asked) => getList(context, { list: 'trending', day: asked.day }, asked),
});
/** The newest list of a watched search. */
export const watchedQuestion = defineQuestion({
  path: '/watched/:slug',
  summary: 'The newest list of a watched search.',
  notFound: 'No search is watched under that name.',
  parameters: z.object({ slug: watchedSlug, ...view }),
  answer,
  run: async (context, asked) => getNewestList(context, await watchedList(context, asked.slug), asked),
});
/** A watched search on one day. */
export const watchedOnQuestion = defineQuestion({
  path: '/watched/:slug/:day',
  summary: 'A watched search as it was on a day.',
  notFound: 'No search is watched under that name.',
  parameters: z.object({ slug: watchedSlug, day, ...view }),
  answer,
  run: async (context, asked) =>
    getList(context, { list: await watchedList(context, asked.slug), day: asked.day }, asked),
});

/**
 * The list of a watched search.
 *
 * @throws {NotFoundError} where no search is watched or archived under the slug
 */
export async function watchedList(context: QueryContext, slug: string): Promise<ListName> {
  const list: ListName = `watched:${slug}`;
  await requireKnownList(context, list);
  return list;
}

/** The list of one list day. A day that is missing, failed or empty has no papers; it is never answered with another day's. */
export async function getList(context: QueryContext, listDay: ListDay, view: ListView): Promise<ListAnswer> {
  const { sample } = context;
  const upTo = pastInstant(view.at, context.clock());
  const summary = await readSummary(context, listDay, upTo);
  const papers = (summary?.shown ? await papersOf(context, listDay, summary, upTo) : []).filter(passesFilters(view));
  const missing = papers.filter(({ title }) => title === '').length;
  if (missing > 0) context.metrics?.({ [METRICS.missingContents]: missing });
  return {
    list: listDay.list,
    day: listDay.day,
    observedAt: summary?.shown?.at ?? null,
    sample,
    coverage: toCoverage(summary?.standing ?? null, context.clock()),
    papers: sorted(papers, view.sort),
    total: papers.length,
    next: null,
  };
}

/** The newest list as known at `at`: of `daily` the newest day with at least one paper, of others the newest day with a usable capture. */
export async function getNewestList(context: QueryContext, list: ListName, view: ListView): Promise<ListAnswer> {
  const upTo = pastInstant(view.at, context.clock());
  const today = dayOf(upTo ?? context.clock());
  const day = (await newestDay(context, list, today, upTo)) ?? today;
  const answer = await getList(context, { list, day }, view);
  if (list !== 'daily') return answer;
  const now = await readSummary(context, { list, day: today }, upTo);
  const { status, last } = toCoverage(now?.standing ?? null, context.clock());
  return {
    ...answer,
    today: { day: today, status, papers: now?.rank.filter((rank) => rank !== null).length ?? 0, last },
  };
}

/** Days after `to` are not read: a list is never captured before its day. */
async function newestDay(context: QueryContext, list: ListName, to: Day, upTo: Instant | null): Promise<Day | null> {
  for await (const { listDay, status } of readDaysNewestFirst(context.table, list, to)) {
    // without a usable capture by then it had nothing to show, and what came later does not count
    if (!status.first || (upTo && status.first > upTo)) continue;
    const known = upTo ? (await readSummary(context, listDay, upTo))?.standing : status;
    if (known && (list !== 'daily' || (known.listed ?? 0) > 0)) return listDay.day;
  }
  return null;
}

/** A row of the listing shown, as the summary's columns have it. */
type Place = { readonly at: number; readonly paper: PaperKey; readonly hash: string };

async function papersOf(
  context: QueryContext,
  listDay: ListDay,
  summary: ListDaySummary,
  upTo: Instant | null,
): Promise<ListedPaper[]> {
  const { table } = context;
  const observedAt = summary.shown?.at as Instant;
  // the last of those of the same second: it holds every paper that they show
  const time = summary.times.lastIndexOf(observedAt);
  const places = summary.papers.flatMap((paper, at): Place[] => {
    const hash = summary.runs[at]?.findLast(([, from]) => from <= time)?.[0];
    return summary.rank[at] === null || hash === undefined ? [] : [{ at, paper, hash }];
  });
  const [contents, previous] = await Promise.all([
    readWholeContents(table, places, upTo),
    previousRanks(table, listDay, summary, upTo),
  ]);
  const days = contents.map((content) => content?.listedOn ?? null);
  const isWatched = listKind(listDay.list) === 'watched';
  const expected = await expectedAt(context, isWatched ? [] : days, observedAt, upTo);
  // once for each list day, which most of the papers share
  const ages = new Map([...new Set(days)].map((day) => [day, ageInHours(day, observedAt)]));
  return places.map((place, row): ListedPaper => {
    const listedOn = days[row] ?? null;
    const { rank, votes, life } = rowOf(summary, place, previous);
    const content = contents[row] as PaperContent;
    return {
      rank,
      ...paperFields(place.paper, content, votes),
      ...life,
      ageHours: ages.get(listedOn) ?? null,
      expectedUpvotes: expected(listedOn),
      firstSeen: summary.times[summary.firstSeen[place.at] as number] as Instant,
      ...paperLinks(place.paper),
    };
  });
}

/** A row's rank and numbers, and their history in the list. */
function rowOf(summary: ListDaySummary, { at, paper }: Place, previous: ReadonlyMap<PaperKey, number> | null) {
  const upvotes = summary.upvotes[at] ?? null;
  const firstUpvotes = summary.firstUpvotes[at] ?? null;
  return {
    rank: summary.rank[at] as number,
    votes: { upvotes, comments: summary.comments[at] ?? null, githubStars: summary.stars[at] ?? null },
    life: {
      previousRank: previous ? (previous.get(paper) ?? null) : (summary.previousRank[at] ?? null),
      firstRank: summary.firstRank[at] ?? null,
      bestRank: summary.bestRank[at] ?? null,
      firstUpvotes,
      peakUpvotes: summary.peakUpvotes[at] ?? null,
      gain: knownGain(firstUpvotes, upvotes, summary.captures[at] as number),
    },
  };
}

/** Ranks in the last list of the day before, when the listing shown is the first of its own; null when the summary knows them itself. */
async function previousRanks(
  table: TableStore,
  listDay: ListDay,
  summary: ListDaySummary,
  upTo: Instant | null,
): Promise<ReadonlyMap<PaperKey, number> | null> {
  if (listKind(listDay.list) === 'daily' || summary.times[0] !== summary.shown?.at) return null;
  const before = await newestUsableListingBefore(table, listDay);
  if (!before || before.query !== summary.query) return new Map();
  const ids = await resolveTitles(table, before.papers, upTo);
  return new Map(before.papers.map((paper, at) => [ids.get(paper) ?? paper, before.ranks[at] as number]));
}

/** Returns a function that tells whether a paper passes the filters. */
export function passesFilters({ keyword, text, minUpvotes, code }: ListView) {
  const folded = keyword && foldKeyword(keyword);
  return (paper: Pick<ListedPaper, 'title' | 'abstract' | 'authors' | 'keywords' | 'upvotes' | 'githubUrl'>): boolean =>
    (!keyword || (paper.keywords ?? []).some((name) => foldKeyword(name) === folded)) &&
    (minUpvotes === undefined || minUpvotes === null || (paper.upvotes !== null && paper.upvotes >= minUpvotes)) &&
    (!code || paper.githubUrl !== null) &&
    (!text || holdsWords(paper, text));
}

/** Whether title, abstract and authors together hold every word, in any case, with or without accents. */
function holdsWords(
  { title, abstract, authors }: Pick<ListedPaper, 'title' | 'abstract' | 'authors'>,
  text: string,
): boolean {
  const slugsOf = (words: string): string[] => words.split(' ').map(plainSlugOf);
  const held = [title, abstract ?? '', ...(authors ?? [])].flatMap(slugsOf).join(' ');
  return slugsOf(text).every((word) => held.includes(word));
}

/** By the number, most first, unknown last; then by rank. */
function sorted(papers: readonly ListedPaper[], sort: ListSort): ListedPaper[] {
  const value = (paper: ListedPaper) => (sort === 'rank' ? -paper.rank : (paper[sort] ?? Number.NEGATIVE_INFINITY));
  return [...papers].sort((a, b) => (value(b) === value(a) ? a.rank - b.rank : value(b) - value(a)));
}
