import { type Day, dayOf, type Instant, secondsBetween, startOf } from '../kit/clock.ts';
import type { Content } from '../model/listing.ts';
import { kindOf, type SourceName, type Target } from '../model/target.ts';
import { daysBack } from '../record/calendar.ts';
import type { Standing, Summary } from '../record/fold.ts';
import type { PaperKey } from '../record/keys.ts';
import type { Records } from '../record/records.ts';
import type { Coverage, ListAnswer, ListedPaper, ReadFrom } from './answers.ts';
import { wholeContentsOf } from './content.ts';
import { type Archive, asKnownAt, lastUsableBefore, summaryOf } from './store.ts';
import { idsOfTitles, isTitle } from './title.ts';

/** How a list may be sorted; `rank` is the feed's own order. */
export type ListSort = 'rank' | 'upvotes' | 'gain';
/** What may be asked of a list: as it was known at an instant (null: now), and its order. */
export type ListQuestion = { readonly at: Instant | null; readonly sort: ListSort };

/** A list of one target. Never tried, failed and empty ones are answers too, without papers; never another day's. */
export async function listAnswer(archive: Archive, target: Target, { at, sort }: ListQuestion): Promise<ListAnswer> {
  const { records, sample } = archive;
  const upTo = asKnownAt(at, archive.clock());
  const summary = await summaryOf(records, target, upTo);
  const papers = summary?.shown ? await papersOf(records, target, summary, upTo) : [];
  return {
    list: target.source,
    target: target.day,
    observedAt: summary?.shown?.at ?? null,
    sample,
    coverage: coverageOf(summary?.standing ?? null),
    papers: sorted(papers, sort),
    total: papers.length,
    next: null,
  };
}

/** The newest list of a source as known at `at`: of `daily` the newest day with at least one paper, else the newest day with a usable capture. */
export async function newestList(archive: Archive, source: SourceName, question: ListQuestion): Promise<ListAnswer> {
  const upTo = asKnownAt(question.at, archive.clock());
  const today = dayOf(upTo ?? archive.clock());
  const day = (await newestDay(archive.records, source, today, upTo)) ?? today;
  const answer = await listAnswer(archive, { source, day }, question);
  if (source !== 'daily') return answer;
  const now = await summaryOf(archive.records, { source, day: today }, upTo);
  const { status, last } = coverageOf(now?.standing ?? null);
  return {
    ...answer,
    today: { day: today, status, papers: now?.rank.filter((rank) => rank !== null).length ?? 0, last },
  };
}

/** Days after `to` need no look: a list is never captured before its day. */
async function newestDay(records: Records, source: SourceName, to: Day, upTo: Instant | null): Promise<Day | null> {
  for await (const { target, standing } of daysBack(records, source, to)) {
    // without a usable capture by then it had nothing to show, and what came later does not count
    if (!standing.first || (upTo && standing.first > upTo)) continue;
    const known = upTo ? (await summaryOf(records, target, upTo))?.standing : standing;
    if (known && (source !== 'daily' || (known.listed ?? 0) > 0)) return target.day;
  }
  return null;
}

/** Coverage of a target from the standing of its visits; `missing` when there was none. */
export const coverageOf = (standing: Standing | null): Coverage => ({
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
export const readFrom = (
  read: readonly { readonly target: Target; readonly summary: { readonly standing: Standing } }[],
): ReadFrom => ({
  lists: [...Map.groupBy(read, ({ target }) => target.source)].map(([list, days]) => {
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
  records: Records,
  target: Target,
  summary: Summary,
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
    wholeContentsOf(records, places, upTo),
    previousRanks(records, target, summary, upTo),
  ]);
  return places.map((place, row): ListedPaper => {
    const { rank, votes, life } = rowOf(summary, place, previous);
    const content = contents[row] as Content;
    const id = isTitle(place.paper) ? null : place.paper;
    return {
      rank,
      ...paperFields(id, content, votes),
      ...life,
      ageHours: ageOf(content.listedOn ?? null, observedAt),
      firstSeen: summary.times[summary.firstSeen[place.at] as number] as Instant,
      ...linksOf(id),
    };
  });
}

/** What a row says of itself and of its place in the list. */
function rowOf(summary: Summary, { at, paper }: Place, previous: ReadonlyMap<PaperKey, number> | null) {
  const upvotes = summary.upvotes[at] ?? null;
  const firstUpvotes = summary.firstUpvotes[at] ?? null;
  const twice = (summary.captures[at] as number) > 1;
  return {
    rank: summary.rank[at] as number,
    votes: { upvotes, comments: summary.comments[at] ?? null, githubStars: summary.stars[at] ?? null },
    life: {
      previousRank: previous ? (previous.get(paper) ?? null) : (summary.previousRank[at] ?? null),
      firstRank: summary.firstRank[at] ?? null,
      bestRank: summary.bestRank[at] ?? null,
      firstUpvotes,
      peakUpvotes: summary.peakUpvotes[at] ?? null,
      gain: twice && upvotes !== null && firstUpvotes !== null ? upvotes - firstUpvotes : null,
    },
  };
}

/** Ranks in the last list of the day before, when the listing shown is the first of its own; null when the summary knows them itself. */
async function previousRanks(
  records: Records,
  target: Target,
  summary: Summary,
  upTo: Instant | null,
): Promise<ReadonlyMap<PaperKey, number> | null> {
  if (kindOf(target.source) === 'daily' || summary.times[0] !== summary.shown?.at) return null;
  const before = await lastUsableBefore(records, target);
  if (!before || before.query !== summary.query) return new Map();
  const ids = await idsOfTitles(records, before.papers, upTo);
  return new Map(before.papers.map((paper, at) => [ids.get(paper) ?? paper, before.ranks[at] as number]));
}

/** What moves of a paper. */
export type Votes = Pick<ListedPaper, 'upvotes' | 'comments' | 'githubStars'>;

/** What a paper is, whole: what nobody knows is null. */
export const contentFields = (content: Content) => ({
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
export function paperFields<Id extends string | null>(id: Id, content: Content, votes: Votes) {
  const { title, abstract, authors, ...rest } = contentFields(content);
  return { id, title, abstract, authors, ...votes, ...rest };
}

/** Where a paper is at the feed and at arXiv. */
export const linksOf = (id: string | null) => ({
  url: id && `https://huggingface.co/papers/${id}`,
  arxivUrl: id && `https://arxiv.org/abs/${id}`,
});

/** Hours from the start of a list day to an instant, to a tenth; null without a list day. */
export const ageOf = (listedOn: Day | null, at: Instant): number | null =>
  listedOn && Math.round(secondsBetween(startOf(listedOn), at) / 360) / 10;

/** By the number asked for, most first, unknown last; then by rank. */
function sorted(papers: readonly ListedPaper[], sort: ListSort): ListedPaper[] {
  const value = (paper: ListedPaper) => (sort === 'rank' ? -paper.rank : (paper[sort] ?? Number.NEGATIVE_INFINITY));
  return [...papers].sort((a, b) => (value(b) === value(a) ? a.rank - b.rank : value(b) - value(a)));
}
