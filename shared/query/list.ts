import { type Day, dayOf, type Instant, secondsBetween, startOfDay } from '../lib/time.ts';
import { type ListDay, type ListName, listKind } from '../model/list.ts';
import type { PaperContent } from '../model/listing.ts';
import { upvoteGain } from '../model/upvotes.ts';
import { readDaysNewestFirst } from '../table/calendar.ts';
import type { ListDayStatus, ListDaySummary } from '../table/items.ts';
import type { PaperKey } from '../table/keys.ts';
import type { TableStore } from '../table/store.ts';
import { isTitleKey, resolveTitles } from '../table/titles.ts';
import { lastUsableBefore, pastInstant, type QueryContext, readSummary } from './context.ts';
import { readWholeContents } from './paper-summaries.ts';
import type { Coverage, ListAnswer, ListedPaper, ReadFrom } from './schemas.ts';

/** How a list may be sorted; `rank` is the feed's own order. */
export type ListSort = 'rank' | 'upvotes' | 'gain';
/** What may be asked of a list: as it was known at an instant (null: now), and its order. */
export type ListQuestion = { readonly at: Instant | null; readonly sort: ListSort };

/** A list of one list day. Never tried, failed and empty ones are answers too, without papers; never another day's. */
export async function getList(
  context: QueryContext,
  listDay: ListDay,
  { at, sort }: ListQuestion,
): Promise<ListAnswer> {
  const { table, sample } = context;
  const upTo = pastInstant(at, context.clock());
  const summary = await readSummary(table, listDay, upTo);
  const papers = summary?.shown ? await papersOf(table, listDay, summary, upTo) : [];
  return {
    list: listDay.list,
    day: listDay.day,
    observedAt: summary?.shown?.at ?? null,
    sample,
    coverage: toCoverage(summary?.standing ?? null),
    papers: sorted(papers, sort),
    total: papers.length,
    next: null,
  };
}

/** The newest list of a source as known at `at`: of `daily` the newest day with at least one paper, else the newest day with a usable capture. */
export async function getNewestList(
  context: QueryContext,
  list: ListName,
  question: ListQuestion,
): Promise<ListAnswer> {
  const upTo = pastInstant(question.at, context.clock());
  const today = dayOf(upTo ?? context.clock());
  const day = (await newestDay(context.table, list, today, upTo)) ?? today;
  const answer = await getList(context, { list, day }, question);
  if (list !== 'daily') return answer;
  const now = await readSummary(context.table, { list, day: today }, upTo);
  const { status, last } = toCoverage(now?.standing ?? null);
  return {
    ...answer,
    today: { day: today, status, papers: now?.rank.filter((rank) => rank !== null).length ?? 0, last },
  };
}

/** Days after `to` need no look: a list is never captured before its day. */
async function newestDay(table: TableStore, list: ListName, to: Day, upTo: Instant | null): Promise<Day | null> {
  for await (const { listDay, status } of readDaysNewestFirst(table, list, to)) {
    // without a usable capture by then it had nothing to show, and what came later does not count
    if (!status.first || (upTo && status.first > upTo)) continue;
    const known = upTo ? (await readSummary(table, listDay, upTo))?.standing : status;
    if (known && (list !== 'daily' || (known.listed ?? 0) > 0)) return listDay.day;
  }
  return null;
}

/** Coverage of a list day from the standing of its visits; `missing` when there was none. */
export const toCoverage = (standing: ListDayStatus | null): Coverage => ({
  status: standing?.status ?? 'missing',
  captures: standing?.captures ?? 0,
  failures: standing?.failures ?? 0,
  first: standing?.first ?? null,
  last: standing?.last ?? null,
  listed: standing?.listed ?? null,
  pages: standing?.pages ?? null,
  complete: standing?.complete ?? null,
  settled: (standing?.settledAt ?? null) !== null,
});

/** What an answer was read from: of each list the visits of the days whose standings it read. */
export const toReadFrom = (
  read: readonly { readonly listDay: ListDay; readonly summary: { readonly standing: ListDayStatus } }[],
): ReadFrom => ({
  lists: [...Map.groupBy(read, ({ listDay }) => listDay.list)].map(([list, days]) => {
    const standings = days.map(({ summary }) => summary.standing);
    const sum = (field: 'captures' | 'failures') => standings.reduce((total, standing) => total + standing[field], 0);
    return {
      list,
      days: days.length,
      captures: sum('captures'),
      failures: sum('failures'),
      first: standings.flatMap(({ first }) => first ?? []).sort()[0] ?? null,
      last:
        standings
          .flatMap(({ last }) => last ?? [])
          .sort()
          .at(-1) ?? null,
    };
  }),
});

/** A row of the listing shown, as the summary's columns have it. */
type Place = { readonly at: number; readonly paper: PaperKey; readonly hash: string };

async function papersOf(
  table: TableStore,
  listDay: ListDay,
  summary: ListDaySummary,
  upTo: Instant | null,
): Promise<ListedPaper[]> {
  const observedAt = summary.shown?.at as Instant;
  // the last of those that were taken in the same second: it has seen every paper that they show
  const time = summary.times.lastIndexOf(observedAt);
  const places = summary.papers.flatMap((paper, at): Place[] => {
    const hash = summary.runs[at]?.findLast(([, from]) => from <= time)?.[0];
    return summary.rank[at] === null || hash === undefined ? [] : [{ at, paper, hash }];
  });
  const [contents, previous] = await Promise.all([
    readWholeContents(table, places, upTo),
    previousRanks(table, listDay, summary, upTo),
  ]);
  return places.map((place, row): ListedPaper => {
    const { rank, votes, life } = rowOf(summary, place, previous);
    const content = contents[row] as PaperContent;
    const id = isTitleKey(place.paper) ? null : place.paper;
    return {
      rank,
      ...paperFields(id, content, votes),
      ...life,
      ageHours: ageInHours(content.listedOn ?? null, observedAt),
      firstSeen: summary.times[summary.firstSeen[place.at] as number] as Instant,
      ...paperLinks(id),
    };
  });
}

/** What a row says of itself and of its place in the list. */
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
      gain: upvoteGain(firstUpvotes, upvotes, summary.captures[at] as number),
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
  const before = await lastUsableBefore(table, listDay);
  if (!before || before.query !== summary.query) return new Map();
  const ids = await resolveTitles(table, before.papers, upTo);
  return new Map(before.papers.map((paper, at) => [ids.get(paper) ?? paper, before.ranks[at] as number]));
}

/** What moves of a paper. */
export type PaperCounts = Pick<ListedPaper, 'upvotes' | 'comments' | 'githubStars'>;

/** What a paper is, whole: what nobody knows is null. */
export const contentFields = (content: PaperContent) => ({
  title: content.title,
  abstract: content.abstract ?? null,
  authors: content.authors ? [...content.authors] : null,
  githubUrl: content.githubUrl ?? null,
  projectUrl: content.projectUrl ?? null,
  keywords: content.keywords ? [...content.keywords] : null,
  aiSummary: content.aiSummary ?? null,
  organization: content.organization ?? null,
  submittedBy: content.submittedBy ?? null,
  publishedAt: content.publishedAt ?? null,
  listedOn: content.listedOn ?? null,
});

/** What a paper is and what moves of it, as our JSON has them, in its order. */
export function paperFields<Id extends string | null>(id: Id, content: PaperContent, votes: PaperCounts) {
  const { title, abstract, authors, ...rest } = contentFields(content);
  return { id, title, abstract, authors, ...votes, ...rest };
}

/** Where a paper is at the feed and at arXiv. */
export const paperLinks = (id: string | null) => ({
  url: id && `https://huggingface.co/papers/${id}`,
  arxivUrl: id && `https://arxiv.org/abs/${id}`,
});

/** Hours from the start of a list day to an instant, to a tenth; null without a list day. */
export const ageInHours = (listedOn: Day | null, at: Instant): number | null =>
  listedOn && Math.round(secondsBetween(startOfDay(listedOn), at) / 360) / 10;

/** By the number asked for, most first, unknown last; then by rank. */
function sorted(papers: readonly ListedPaper[], sort: ListSort): ListedPaper[] {
  const value = (paper: ListedPaper) => (sort === 'rank' ? -paper.rank : (paper[sort] ?? Number.NEGATIVE_INFINITY));
  return [...papers].sort((a, b) => (value(b) === value(a) ? a.rank - b.rank : value(b) - value(a)));
}
