import { type Day, dayOf, type Instant, secondsBetween, startOf } from '../kit/clock.ts';
import { inTurns } from '../kit/turns.ts';
import type { Content } from '../model/listing.ts';
import { kindOf, type SourceName, type Target } from '../model/target.ts';
import { daysBack } from '../record/calendar.ts';
import type { Standing, Summary } from '../record/fold.ts';
import type { PaperKey } from '../record/keys.ts';
import type { Records } from '../record/records.ts';
import type { Coverage, ListAnswer, ListedPaper } from './answers.ts';
import { contentsOf, firstSeen, idOfTitle, lifeOf, wholeContents } from './content.ts';
import { type Archive, asKnownAt, lastUsableBefore, summaryOf } from './store.ts';

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

async function newestDay(records: Records, source: SourceName, to: Day, upTo: Instant | null): Promise<Day | null> {
  const shows = (summary: Pick<Summary, 'standing'> | null) =>
    summary !== null &&
    (source === 'daily'
      ? (summary.standing.listed ?? 0) > 0 && summary.standing.status !== 'failed'
      : summary.standing.captures > 0);
  // a day's list is never captured before the day itself, so days after `to` need no look
  for await (const { target, standing } of daysBack(records, source, to)) {
    if (!shows({ standing })) continue;
    if (upTo === null || shows(await summaryOf(records, target, upTo))) return target.day;
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

/** A row of the listing shown, as the summary's columns have it. */
type Place = { readonly at: number; readonly paper: PaperKey; readonly hash: string };

async function papersOf(
  records: Records,
  target: Target,
  summary: Summary,
  upTo: Instant | null,
): Promise<ListedPaper[]> {
  const observedAt = summary.shown?.at as Instant;
  const time = summary.times.indexOf(observedAt);
  const places = summary.papers.flatMap((paper, at): Place[] => {
    const hash = summary.runs[at]?.findLast(([, from]) => from <= time)?.[0];
    return summary.rank[at] === null || hash === undefined ? [] : [{ at, paper, hash }];
  });
  const [contents, ids, previous] = await Promise.all([
    contentsOf(records, places),
    inTurns(places, ({ paper }) => idOf(records, paper, upTo)),
    previousRanks(records, target, summary),
  ]);
  const whole = await wholeContents(
    records,
    places.map((_, row) => ({ id: ids[row] ?? null, content: contents[row] ?? { title: '' } })),
    upTo,
  );
  return places.map((place, row): ListedPaper => {
    const { rank, votes, life } = rowOf(summary, place, previous, observedAt);
    const content = whole[row] as Content;
    return {
      rank,
      ...paperFields(ids[row] ?? null, content, votes),
      ...life,
      ageHours: ageOf(content.listedOn ?? null, observedAt),
    };
  });
}

/** What a row says of itself and of its place in the list. */
function rowOf(
  summary: Summary,
  { at, paper }: Place,
  previous: ReadonlyMap<PaperKey, number> | null,
  observedAt: Instant,
) {
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
      firstSeen: summary.times[summary.firstSeen[at] as number] ?? observedAt,
    },
  };
}

/** Ranks in the last list of the day before, when the listing shown is the first of its own; null when the summary knows them itself. */
async function previousRanks(
  records: Records,
  target: Target,
  summary: Summary,
): Promise<Map<PaperKey, number> | null> {
  if (kindOf(target.source) === 'daily' || summary.times[0] !== summary.shown?.at) return null;
  const before = await lastUsableBefore(records, target);
  return new Map(
    before?.query === summary.query ? before?.papers.map((paper, at) => [paper, before.ranks[at] as number]) : [],
  );
}

/** A paper's id; of a row of copied text the id of the one paper that bears its title and was known by then. */
async function idOf(records: Records, paper: PaperKey, upTo: Instant | null): Promise<string | null> {
  if (!paper.startsWith('~')) return paper;
  const id = await idOfTitle(records, paper.slice(1));
  if (id === null || upTo === null) return id;
  const life = await lifeOf(records, id);
  return life?.on.some((on) => on.summary.papers[on.place] === id && firstSeen(on) <= upTo) ? id : null;
}

/** What moves of a paper. */
export type Votes = Pick<ListedPaper, 'upvotes' | 'comments' | 'githubStars'>;

/** What a paper is, whole: what nobody knows is null. */
export const contentFields = (content: Content) => ({
  title: content.title,
  abstract: content.abstract ?? null,
  authors: [...(content.authors ?? [])],
  githubUrl: content.githubUrl ?? null,
  projectUrl: content.projectUrl ?? null,
  keywords: content.keywords ? [...content.keywords] : null,
  aiSummary: content.aiSummary ?? null,
  organization: content.organization ?? null,
  submittedBy: content.submittedBy ?? null,
  publishedAt: content.publishedAt ?? null,
  listedOn: content.listedOn ?? null,
});

/** A paper's fields as our JSON has them, in its order. */
export function paperFields<Id extends string | null>(id: Id, content: Content, votes: Votes) {
  const { title, abstract, authors, ...rest } = contentFields(content);
  const url = id === null ? null : `https://huggingface.co/papers/${id}`;
  const arxivUrl = id === null ? null : `https://arxiv.org/abs/${id}`;
  return { id, title, abstract, authors, ...votes, ...rest, url, arxivUrl };
}

const ageOf = (listedOn: Day | null, at: Instant): number | null =>
  listedOn && Math.round(secondsBetween(startOf(listedOn), at) / 360) / 10;

/** By the number asked for, most first, unknown last; then by rank. */
function sorted(papers: readonly ListedPaper[], sort: ListSort): ListedPaper[] {
  const value = (paper: ListedPaper) => (sort === 'rank' ? -paper.rank : (paper[sort] ?? Number.NEGATIVE_INFINITY));
  return [...papers].sort((a, b) => (value(b) === value(a) ? a.rank - b.rank : value(b) - value(a)));
}
