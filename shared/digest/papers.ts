import { mapConcurrent } from '../lib/concurrency.ts';
import { addDays, type Day, dayOf, type Instant } from '../lib/time.ts';
import { type ContentVersion, contentVersions, sortSightings } from '../model/content.ts';
import type { ListDay } from '../model/list.ts';
import type { PaperContent } from '../model/listing.ts';
import { knownGain } from '../model/upvotes.ts';
import { type QueryContext, readDays, readSummary } from '../query/context.ts';
import { expectedAt } from '../query/expected.ts';
import { type PaperListDay, readPaperSummaries } from '../query/paper-summaries.ts';
import { readDaysOldestFirst } from '../table/calendar.ts';
import { readContents } from '../table/contents.ts';
import type { ListDaySummary } from '../table/items.ts';
import { contentKey, formatKey, type PaperKey, paperPk, parseAppearanceKey } from '../table/keys.ts';
import type { TableStore } from '../table/store.ts';
import { isTitleKey } from '../table/titles.ts';

/** How many list days before today a match may lie back: papers are added to a daily list for that long. */
export const WINDOW_DAYS = 14;

/** Upvotes of a paper on one list day: in the first capture with a number, and the most. */
type DayVotes = { readonly day: Day; readonly first: number; readonly peak: number };

/** A paper as it was last seen on a list. */
export type LastSight = ListDay & {
  readonly at: Instant;
  readonly rank: number;
  readonly bestRank: number;
  readonly upvotes: number | null;
  readonly comments: number | null;
  readonly githubStars: number | null;
  readonly gain: number | null;
};

/** A paper that a list of the window showed, with all that decides whether it matches. */
export type DigestPaper = {
  readonly id: string;
  readonly content: PaperContent;
  /** The first list day it was new on: of its daily list, else that on which it entered trending; null where neither is known. */
  readonly day: Day | null;
  /** The list day on which it entered trending for the first time; null where it did not, before the window, or unobserved. */
  readonly enteredTrending: Day | null;
  /** The day of the capture in which its code first appeared, having been absent; null where that was not observed in the window. */
  readonly codeAppeared: Day | null;
  /** Its list days in the window on which upvotes were known, oldest first. */
  readonly votes: readonly DayVotes[];
  /** The most upvotes before the window; null where it was not seen before, 0 where it was seen without upvotes. */
  readonly votesBefore: number | null;
  readonly seen: LastSight;
  /** The upvotes to expect at its age when it was last seen; null where that is not known. */
  readonly expectedUpvotes: number | null;
};

/** A list day without a usable capture, or with hours between two. */
export type Gap = ListDay & { readonly hours: number | null };

/** What a digest is made from. */
export type Window = {
  readonly from: Day;
  readonly to: Day;
  readonly papers: readonly DigestPaper[];
  readonly gaps: readonly Gap[];
};

const LISTS = ['daily', 'trending'] as const;
/** Hours between two captures of a day that a digest reports as a gap: the schedule captures every hour and may miss two. */
const GAP_HOURS = 3;

/**
 * Reads the papers of the daily and trending lists of a range of days. A row of copied text whose paper is not known is left out until
 * it is.
 *
 * @param at Present time that is assumed; captures after it do not count. Null: now.
 * @param minimums Numbers of upvotes that may be asked for.
 */
export async function readWindow(
  context: Pick<QueryContext, 'table' | 'clock'>,
  { from, to }: { readonly from: Day; readonly to: Day },
  at: Instant | null,
  minimums: readonly number[] = [],
): Promise<Window> {
  const { table } = context;
  const days = (await Promise.all(LISTS.map((list) => readDays(table, list, { from, to })))).flat();
  const summaries = await mapConcurrent(days, async ({ listDay }) => ({
    listDay,
    summary: await readSummary(context, listDay, at),
  }));
  const read = summaries.filter((one): one is { listDay: ListDay; summary: ListDaySummary } => one.summary !== null);
  const sightings = new Map<PaperKey, PaperListDay[]>();
  for (const { listDay, summary } of read)
    summary.papers.forEach((paper, place) => {
      if (isTitleKey(paper)) return;
      sightings.set(paper, [...(sightings.get(paper) ?? []), { listDay, summary, place, names: [paper] }]);
    });
  const firstTrending = await firstTrendingCapture(table, at);
  const contents = await contentsOf(table, sightings);
  const papers = await mapConcurrent([...sightings], async ([id, on]) => {
    const versions = versionsOf(id, on, contents);
    const content = versions.at(-1)?.content;
    if (!content) return [];
    const earlier = await readEarlier(table, id, on, content, from);
    return [await describePaper(table, { id, on, content, versions, earlier, from, firstTrending, minimums })];
  });
  return { from, to, papers: papers.flat(), gaps: await findGaps(table, read, { from, to }, at) };
}

/** The first usable capture of trending: what it shows did not enter then. Null before it. */
async function firstTrendingCapture(table: TableStore, at: Instant | null): Promise<Instant | null> {
  for await (const { status } of readDaysOldestFirst(table, 'trending'))
    if (status.first !== null) return at !== null && status.first > at ? null : status.first;
  return null;
}

async function contentsOf(
  table: TableStore,
  sightings: ReadonlyMap<PaperKey, readonly PaperListDay[]>,
): Promise<ReadonlyMap<string, PaperContent>> {
  const refs = new Map(
    [...sightings].flatMap(([paper, on]) =>
      on.flatMap(({ summary, place, names: [name = paper] }) =>
        (summary.runs[place] ?? []).map(
          ([hash]) => [formatKey(contentKey(name, hash)), { paper: name, hash }] as const,
        ),
      ),
    ),
  );
  const found = await readContents(table, [...refs.values()]);
  return new Map([...refs.keys()].flatMap((key, place) => (found[place] ? [[key, found[place]] as const] : [])));
}

/** What a paper was in the window, oldest first. */
function versionsOf(
  id: string,
  on: readonly PaperListDay[],
  contents: ReadonlyMap<string, PaperContent>,
): ContentVersion[] {
  const runs = on.flatMap(({ listDay: { list }, summary, place }) =>
    (summary.runs[place] ?? []).flatMap(([hash, from, to]) =>
      [...new Set([from, to])].map((time) => ({ at: summary.times[time] as Instant, list, hash })),
    ),
  );
  const own = runs.flatMap(({ hash }) => {
    const content = contents.get(formatKey(contentKey(id, hash)));
    return content ? [[hash, content] as const] : [];
  });
  return contentVersions(sortSightings(runs), new Map(own));
}

/** The list days before `from` that show a paper; not read where its daily list lies in the window and trending does not have it. */
async function readEarlier(
  table: TableStore,
  id: string,
  on: readonly PaperListDay[],
  { listedOn }: PaperContent,
  from: Day,
): Promise<ListDay[]> {
  if (listedOn !== undefined && listedOn >= from && on.every(({ listDay }) => listDay.list === 'daily')) return [];
  const pointers = await table.range({ pk: paperPk(id), from: 'ON#', to: 'ON#~' });
  return pointers.flatMap(({ sk }) => parseAppearanceKey(sk) ?? []).filter(({ day }) => day < from);
}

type Described = {
  readonly id: string;
  readonly on: readonly PaperListDay[];
  readonly content: PaperContent;
  readonly versions: readonly ContentVersion[];
  readonly earlier: readonly ListDay[];
  readonly from: Day;
  readonly firstTrending: Instant | null;
  readonly minimums: readonly number[];
};

async function describePaper(table: TableStore, described: Described): Promise<DigestPaper> {
  const { id, on, content, versions, earlier, firstTrending, minimums } = described;
  const firstSeen = ({ summary, place }: PaperListDay) => summary.times[summary.firstSeen[place] as number] as Instant;
  const trending = on.filter(({ listDay: { list } }) => list === 'trending').sort(byDay)[0];
  const enteredTrending =
    trending && firstSeen(trending) !== firstTrending && earlier.every(({ list }) => list !== 'trending')
      ? trending.listDay.day
      : null;
  const daily = [
    ...(content.listedOn === undefined ? [] : [content.listedOn]),
    ...[...earlier, ...on.map(({ listDay }) => listDay)].filter(({ list }) => list === 'daily').map(({ day }) => day),
  ].sort();
  const votes = on
    .flatMap(({ listDay: { day }, summary, place }): DayVotes[] => {
      const [first, peak] = [summary.firstUpvotes[place] ?? null, summary.peakUpvotes[place] ?? null];
      return peak === null ? [] : [{ day, first: first ?? peak, peak }];
    })
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  const isOlder = earlier.length > 0 || (daily[0] !== undefined && daily[0] < described.from);
  // only where it would tell whether the number was reached before are all lists of the paper read
  const mayCross = minimums.some((least) => (votes[0]?.first ?? 0) < least && votes.some(({ peak }) => peak >= least));
  return {
    id,
    content,
    day: daily[0] ?? enteredTrending,
    enteredTrending,
    codeAppeared: codeAppeared(versions),
    votes,
    votesBefore: !isOlder ? null : mayCross ? await mostUpvotes(table, id, described.from) : 0,
    seen: lastSight(on),
    expectedUpvotes: null,
  };
}

const byDay = (a: PaperListDay, b: PaperListDay): number => (a.listDay.day < b.listDay.day ? -1 : 1);

function codeAppeared(versions: readonly ContentVersion[]): Day | null {
  const at = versions.findIndex(
    ({ changed, content }, place) =>
      changed.includes('githubUrl') && content.githubUrl && versions[place - 1]?.content.githubUrl === null,
  );
  return at < 0 ? null : dayOf((versions[at] as ContentVersion).since);
}

/** The most upvotes of a paper on list days before a day. */
async function mostUpvotes(table: TableStore, id: string, before: Day): Promise<number> {
  const { on = [] } = (await readPaperSummaries(table, id)) ?? {};
  const earlier = on.filter(({ listDay: { day } }) => day < before);
  return Math.max(0, ...earlier.map(({ summary, place }) => summary.peakUpvotes[place] ?? 0));
}

/** The newest sight of a paper that knows its upvotes, else the newest. */
function lastSight(on: readonly PaperListDay[]): LastSight {
  const sights = on.map(({ listDay, summary, place }): LastSight => {
    const upvotes = summary.lastUpvotes[place] ?? null;
    return {
      ...listDay,
      at: summary.times[summary.lastSeen[place] as number] as Instant,
      rank: summary.lastRank[place] as number,
      bestRank: summary.bestRank[place] as number,
      upvotes,
      comments: summary.comments[place] ?? null,
      githubStars: summary.stars[place] ?? null,
      gain: knownGain(summary.firstUpvotes[place] ?? null, upvotes, summary.captures[place] as number),
    };
  });
  const newest = (a: LastSight, b: LastSight) =>
    Number(b.upvotes !== null) - Number(a.upvotes !== null) || (a.at < b.at ? 1 : a.at > b.at ? -1 : 0);
  return sights.sort(newest)[0] as LastSight;
}

/** The list days of a range that lack a list or hours of it, from the archive's first day of each list up to the day before `to`. */
async function findGaps(
  table: TableStore,
  read: readonly { readonly listDay: ListDay; readonly summary: ListDaySummary }[],
  { from, to }: { readonly from: Day; readonly to: Day },
  at: Instant | null,
): Promise<Gap[]> {
  const gaps: Gap[] = [];
  for (const list of LISTS) {
    const standings = new Map(
      read
        .filter(({ listDay }) => listDay.list === list)
        .map(({ listDay, summary }) => [listDay.day, summary.standing]),
    );
    const first = await firstDay(table, list);
    if (first === null || (at !== null && first > dayOf(at))) continue;
    for (let day = first > from ? first : from; day < to; day = addDays(day, 1)) {
      const { captures = 0, longestGapMinutes = null } = standings.get(day) ?? {};
      const hours = list === 'trending' && longestGapMinutes !== null ? Math.round(longestGapMinutes / 60) : 0;
      if (captures === 0) gaps.push({ list, day, hours: null });
      else if (hours > GAP_HOURS) gaps.push({ list, day, hours });
    }
  }
  return gaps;
}

async function firstDay(table: TableStore, list: (typeof LISTS)[number]): Promise<Day | null> {
  for await (const { listDay, status } of readDaysOldestFirst(table, list))
    if (status.first !== null) return listDay.day;
  return null;
}

/** Papers with the upvotes to expect of each. They are looked up for all papers that were last seen in the same second at once. */
export async function addExpectedUpvotes(
  context: QueryContext,
  papers: readonly DigestPaper[],
  at: Instant | null,
): Promise<DigestPaper[]> {
  const groups = [...Map.groupBy(papers, ({ seen }) => seen.at)];
  const added = await mapConcurrent(groups, async ([seenAt, group]) => {
    const days = group.map(({ content }) => content.listedOn ?? null);
    const expected = await expectedAt(context, days, seenAt, at);
    return group.map((paper, place) => ({ ...paper, expectedUpvotes: expected(days[place] ?? null) }));
  });
  return added.flat();
}
