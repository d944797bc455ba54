import { mapConcurrent } from '../lib/concurrency.ts';
import { addSeconds, type Instant, secondsBetween } from '../lib/time.ts';
import { CHANGE_NAMES } from '../model/changes.ts';
import type { ContentVersion } from '../model/content.ts';
import { listKind } from '../model/list.ts';
import type { PaperContent } from '../model/listing.ts';
import { ageToleranceSeconds } from '../model/upvotes.ts';
import type { TableStore } from '../table/store.ts';
import type { Milestones } from './milestones.schema.ts';
import { type Observation, observationsBetween } from './observations.ts';
import { firstSeen, lastSeen, type PaperListDay, type PaperSummaries } from './paper-summaries.ts';
import { trendingStays } from './trending-stays.ts';

/** Ages of `velocity`, in hours after first sight: the first three of those of `votes_at_age` in the exports. */
const AGES = [6, 24, 48];

/**
 * The milestones of a paper over all its lists. Most of them are in the summaries of its lists; listings are read only for the rest, so
 * that the work depends on the paper alone.
 */
export async function getMilestones(
  table: TableStore,
  { on }: PaperSummaries,
  versions: readonly ContentVersion[],
): Promise<Milestones> {
  const first = on[0] as PaperListDay;
  const upvotes = first.summary.firstUpvotes[first.place] ?? null;
  return {
    first: { ...placeOf(first, firstSeen(first)), rank: first.summary.firstRank[first.place] as number, upvotes },
    best: await bestOf(table, on),
    peak: await peakOf(table, on),
    velocity: await mapConcurrent(AGES, (age) => velocityAt(table, on, { at: firstSeen(first), upvotes, age })),
    trending: await trendingStays(
      table,
      on.filter(({ listDay }) => listDay.list === 'trending'),
    ),
    changes: listChanges(versions),
  };
}

const placeOf = ({ listDay }: PaperListDay, at: Instant) => ({ list: listDay.list, day: listDay.day, at });

/** A watched search has an order of its own, so its ranks count only for papers that were on no other list. */
async function bestOf(table: TableStore, on: readonly PaperListDay[]): Promise<Milestones['best']> {
  const lists = on.filter(({ listDay }) => listKind(listDay.list) !== 'watched');
  const ranked = lists.length > 0 ? lists : on;
  const rank = Math.min(...ranked.map(({ summary, place }) => summary.bestRank[place] as number));
  const reached = await firstReached(
    table,
    ranked.filter(({ summary, place }) => summary.bestRank[place] === rank),
    ({ summary, place }) => summary.firstRank[place] === rank,
    (row) => row.rank === rank,
  );
  return reached && { ...reached, rank };
}

async function peakOf(table: TableStore, on: readonly PaperListDay[]): Promise<Milestones['peak']> {
  const peaks = on.flatMap(({ summary, place }) => summary.peakUpvotes[place] ?? []);
  if (peaks.length === 0) return null;
  const upvotes = Math.max(...peaks);
  const reached = await firstReached(
    table,
    on.filter(({ summary, place }) => summary.peakUpvotes[place] === upvotes),
    ({ summary, place }) => summary.firstUpvotes[place] === upvotes,
    (row) => row.upvotes === upvotes,
  );
  return reached && { ...reached, upvotes };
}

/**
 * Where and when a value was first reached; all of `lists` reached it. Where it was reached at first sight, the summary has it; of other
 * lists only earlier listings are read. Null only while a replay is under way.
 */
async function firstReached(
  table: TableStore,
  lists: readonly PaperListDay[],
  atFirst: (on: PaperListDay) => boolean,
  reached: (row: NonNullable<Observation['row']>) => boolean,
) {
  const known = lists.find(atFirst);
  let found = known ? placeOf(known, firstSeen(known)) : null;
  for (const on of lists.filter((on) => !atFirst(on))) {
    const end: Instant = found && found.at < lastSeen(on) ? found.at : lastSeen(on);
    if (firstSeen(on) >= end) continue;
    const seen = (await observationsBetween(table, on, firstSeen(on), end)).find(({ row }) => row && reached(row));
    if (seen && (!found || seen.at < found.at)) found = placeOf(on, seen.at);
  }
  return found;
}

/** A capture that may know a paper's upvotes, and its distance from the age asked for, in seconds. */
type Near = { readonly on: PaperListDay; readonly at: Instant; readonly off: number };

/** Upvotes per hour from first sight to the capture nearest to that age: at most a sixth of it away, or an hour. */
async function velocityAt(
  table: TableStore,
  lists: readonly PaperListDay[],
  { at, upvotes, age }: { readonly at: Instant; readonly upvotes: number | null; readonly age: number },
): Promise<Milestones['velocity'][number]> {
  const unknown = { firstHours: age, hours: null, gained: null, perHour: null, readAt: null };
  if (upvotes === null) return unknown;
  const asked = addSeconds(at, age * 3600);
  const within = ageToleranceSeconds(age);
  const [from, to] = [addSeconds(asked, -within), addSeconds(asked, within)];
  const near = lists.flatMap((on) =>
    votedBetween(on, from, to).map((at): Near => ({ on, at, off: Math.abs(secondsBetween(asked, at)) })),
  );
  for (const { on, at: readAt } of near.sort((a, b) => a.off - b.off)) {
    const seen = (await observationsBetween(table, on, readAt, readAt)).find(
      ({ row }) => (row?.upvotes ?? null) !== null,
    );
    if (!seen) continue;
    const hours = secondsBetween(at, readAt) / 3600;
    const gained = (seen.row?.upvotes as number) - upvotes;
    return { firstHours: age, hours, gained, perHour: gained / hours, readAt };
  }
  return unknown;
}

/** The captures of a list between two moments that may know a paper's upvotes. */
function votedBetween(on: PaperListDay, from: Instant, to: Instant): Instant[] {
  const { times, firstSeen, lastSeen, peakUpvotes } = on.summary;
  if (peakUpvotes[on.place] === null) return [];
  return times.slice(firstSeen[on.place], (lastSeen[on.place] as number) + 1).filter((at) => at >= from && at <= to);
}

type Change = Milestones['changes'][number];

/** What changed in a paper and when. */
const listChanges = (versions: readonly ContentVersion[]): Change[] =>
  versions.flatMap(({ since, changed, content }, at) => {
    const before = versions[at - 1]?.content;
    return before ? changed.map((field) => changeOf(field as keyof PaperContent, before, content, since)) : [];
  });

function changeOf(field: keyof PaperContent, before: PaperContent, after: PaperContent, at: Change['at']): Change {
  const values = { from: shortOf(field, before), to: shortOf(field, after) };
  if (field === 'listedOn') return { at, what: 'moved-day', ...values };
  const verb = isNone(before[field]) ? 'appeared' : isNone(after[field]) ? 'disappeared' : 'changed';
  return { at, what: `${CHANGE_NAMES[field]}-${verb}`, ...values };
}

const isNone = (value: PaperContent[keyof PaperContent]): boolean => value === null || value === undefined;

/** The value where it is short; abstracts, summaries, authors and keywords are in `versions`. */
function shortOf(field: keyof PaperContent, content: PaperContent): string | null {
  if (field === 'organization') return content.organization?.fullname ?? null;
  if (field === 'abstract' || field === 'aiSummary' || field === 'authors' || field === 'keywords') return null;
  return content[field] ?? null;
}
