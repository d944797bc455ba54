import * as z from 'zod';
import { compareText } from '../lib/order.ts';
import type { DateRange } from '../lib/period.ts';
import { addDays, addSeconds, type Day, dayOf, eachDay, type Instant, secondsBetween } from '../lib/time.ts';
import { type ListName, listKind } from '../model/list.ts';
import type { PaperContent } from '../model/listing.ts';
import { readContents } from '../table/contents.ts';
import type { PaperKey } from '../table/keys.ts';
import type { TableStore } from '../table/store.ts';
import { publicId, resolveTitles } from '../table/titles.ts';
import {
  type BoundaryListings,
  boundaryListingsByDay,
  type DayListing,
  type InstantRange,
  newestBoundaryListings,
  oldestDay,
} from './boundary-listings.ts';
import type { QueryContext } from './context.ts';
import { newestUsableCapture } from './coverage.ts';
import { NotFoundError } from './errors.ts';
import type { MoversAnswer } from './movers.schema.ts';
import { list, orNull, rangeEnd, rangeStart } from './parameters.ts';
import { defineQuestion } from './question.ts';

/** The length of each window, in hours. */
export const WINDOW_HOURS = { '24h': 24, '7d': 7 * 24, '30d': 30 * 24 } as const;

const window = z.enum(['24h', '7d', '30d'], 'must be 24h, 7d or 30d').meta({ examples: ['7d'] });

const parameters = z.object({
  list: orNull(list).meta({ description: 'trending when left out, or daily where trending has nothing to compare' }),
  from: orNull(rangeStart),
  to: orNull(rangeEnd),
  window: orNull(window),
  sort: z.enum(['upvotes', 'stars'], 'must be upvotes or stars').default('upvotes'),
});

/** What the papers that moved are sorted by: upvotes or GitHub stars gained in an hour. */
export type MoversSort = z.output<typeof parameters>['sort'];
type MoversRange = Pick<z.output<typeof parameters>, 'from' | 'to' | 'window'>;

/** What entered a list, left it and moved. */
export const moversQuestion = defineQuestion({
  path: '/movers',
  costClass: 'slow',
  summary:
    'What entered a list, left it and moved between two captures; without a range, in the day before the newest.',
  notFound: 'Nothing was captured by `from`, or no search is watched under that name.',
  parameters,
  rules: [
    {
      parameters: ['window', 'from'],
      check: ({ window, from }) => (window && from ? 'ends at to: leave out from, or the window' : null),
    },
    {
      parameters: ['from', 'to'],
      check: ({ from, to }, { clock }) =>
        from && !resolveMoversRange({ from, to, window: null }, clock())
          ? 'must be before to, and to is now where it is later or left out'
          : null,
    },
  ],
  answer: async () => (await import('./movers.schema.ts')).MoversAnswer,
  async run(context, { list, sort, ...range }) {
    if (list !== null) return getMoversOf(context, list, range, sort);
    try {
      return await getMoversOf(context, 'trending', range, sort);
    } catch (error) {
      if (error instanceof NotFoundError) return getMoversOf(context, 'daily', range, sort);
      throw error;
    }
  },
});

async function getMoversOf(context: QueryContext, list: ListName, { from, to, window }: MoversRange, sort: MoversSort) {
  const { table, clock } = context;
  const range = resolveMoversRange({ from, to, window }, clock()) as InstantRange;
  if (from || to) return getMovers(context, list, range, sort);
  // a range that is left open, or a window in which nothing was captured, ends with the newest capture, so that an archive which stopped
  // collecting shows what it has
  const newest = await newestUsableCapture(table, list, clock);
  const end = newest && (!window || newest < range.from) ? newest : null;
  return getMovers(context, list, resolveMoversRange({ from, to: end, window }, clock()) as InstantRange, sort);
}

/**
 * The two moments of a range: it ends now unless `to` is earlier, and begins a window before its end (a day, unless `window` is given)
 * unless `from` is given. Null when the first is not before the second.
 */
export function resolveMoversRange({ from, to, window }: MoversRange, now: Instant): InstantRange | null {
  const end = to && to < now ? to : now;
  const begin = from ?? addSeconds(end, -WINDOW_HOURS[window ?? '24h'] * 3600);
  return begin < end ? { from: begin, to: end } : null;
}

/** Days before the first moment whose daily lists are read: papers are added to a list for that long. */
const DAYS_BEFORE = 14;

/**
 * What entered a list, left it and moved between two moments in the past, the first before the second.
 *
 * @throws {NotFoundError} where nothing was captured by the first moment, or another search was watched then
 */
export async function getMovers(
  { table, sample }: QueryContext,
  list: ListName,
  { from, to }: InstantRange,
  sort: MoversSort = 'upvotes',
): Promise<MoversAnswer> {
  const days: DateRange = { from: addDays(dayOf(from), -DAYS_BEFORE), to: dayOf(to) };
  const isDaily = listKind(list) === 'daily';
  const boundary = isDaily
    ? await boundaryListingsByDay(table, list, { from, to }, days)
    : await newestBoundaryListings(table, list, { from, to });
  const missing = await describeMissing(table, { list, from, first: days.from }, boundary);
  if (missing) throw new NotFoundError('NOT_CAPTURED', missing);
  const { before, after } = boundary;
  const ids = await resolveTitles(table, [...new Set([...before, ...after].flatMap(({ papers }) => papers))], null);
  const [was, is] = [sightsOf(before, ids), sightsOf(after, ids)];
  const [newestBefore, newestAfter] = [newestOf(before), newestOf(after)];
  return {
    list,
    from: { asked: from, observedAt: newestBefore },
    to: { asked: to, observedAt: newestAfter },
    hours: secondsBetween(newestBefore, newestAfter) / 3600,
    ...(await changesOf(table, was, is, { isDaily, sort })),
    coverage: {
      before: before.map(captureOf),
      after: after.map(captureOf),
      missing: isDaily ? missingOf(days, after) : [],
    },
    sample,
  };
}

const newestOf = (reads: readonly DayListing[]): Instant =>
  reads
    .map(({ at }) => at)
    .sort()
    .at(-1) as Instant;

const captureOf = ({ day, at, complete, papers }: DayListing) => ({ day, at, complete, papers: papers.length });

function missingOf({ from, to }: DateRange, after: readonly DayListing[]): Day[] {
  const captured = new Set(after.map(({ day }) => day));
  return eachDay(from, to).filter((day) => !captured.has(day));
}

/** Why nothing can be compared; null when it can. */
async function describeMissing(
  table: TableStore,
  { list, from, first }: { readonly list: ListName; readonly from: Instant; readonly first: Day },
  { before: [then], after: [now] }: BoundaryListings,
): Promise<string | null> {
  if (then && now && then.query !== now.query)
    return `by ${from} another search was watched under that name (${then.query}, now ${now.query}): they are not compared`;
  if (then) return null;
  const oldest = await oldestDay(table, list);
  const lists = listKind(list) === 'daily' ? `of the daily lists of ${first} to ${dayOf(from)}` : `of ${list}`;
  const known = oldest
    ? `; the oldest list is that of ${oldest.day}, first captured at ${oldest.first}`
    : ', and nothing has been since';
  return `two captures are compared, but nothing ${lists} had been captured by ${from}${known}`;
}

/** A paper in the newest capture of a moment that holds it. */
type Sight = {
  /** The name of its row in the table, under which its content is stored. */
  readonly key: PaperKey;
  readonly read: DayListing;
  readonly rank: number;
  readonly upvotes: number | null;
  readonly stars: number | null;
  readonly hash: string;
};
type Sights = ReadonlyMap<PaperKey, Sight>;

/** Every paper of a moment, once: as its newest capture has it; of two in one second, that of the later list day. */
function sightsOf(reads: readonly DayListing[], ids: ReadonlyMap<PaperKey, string>): Map<PaperKey, Sight> {
  const sights = new Map<PaperKey, Sight>();
  for (const read of reads.toSorted((a, b) => compareText(b.at, a.at) || compareText(b.day, a.day))) {
    read.papers.forEach((key, at) => {
      const paper = ids.get(key) ?? key;
      if (sights.has(paper)) return;
      const [rank, hash] = [read.ranks[at] as number, read.contents[at] as string];
      sights.set(paper, { key, read, rank, upvotes: read.upvotes[at] ?? null, stars: read.stars[at] ?? null, hash });
    });
  }
  return sights;
}

type Changes = Pick<MoversAnswer, 'entered' | 'left' | 'moved'>;

/** What entered, what left, and what was seen at both moments in two different captures. */
async function changesOf(
  table: TableStore,
  was: Sights,
  is: Sights,
  { isDaily, sort }: { readonly isDaily: boolean; readonly sort: MoversSort },
): Promise<Changes> {
  // a rate that is unknown is lower than any other
  const rateOf = (row: ReturnType<typeof movementOf>) =>
    (sort === 'stars' ? row.starsPerHour : row.upvotesPerHour) ?? -Number.MAX_VALUE;
  const entered = [...is].filter(([paper]) => !was.has(paper));
  const left = [...was].filter(([paper]) => !is.has(paper));
  const moved = [...is].flatMap(([paper, after]) => {
    const before = was.get(paper);
    return before && before.read.key !== after.read.key ? [{ paper, before, after }] : [];
  });
  const shown = [...entered, ...left, ...moved.map(({ paper, after }) => [paper, after] as const)];
  const contents = await contentsOf(table, shown);
  const named = (paper: PaperKey) => ({
    id: publicId(paper),
    title: contents.get(paper)?.title ?? paper,
  });
  return {
    entered: entered
      .map(([paper, { rank, upvotes }]) => ({ ...named(paper), rank, upvotes }))
      .sort((a, b) => a.rank - b.rank || byName(a, b)),
    left: left
      .map(([paper, { rank }]) => ({ ...named(paper), rankBefore: rank }))
      .sort((a, b) => a.rankBefore - b.rankBefore || byName(a, b)),
    moved: moved
      .map(({ paper, before, after }) => ({
        ...named(paper),
        listedOn: contents.get(paper)?.listedOn ?? null,
        ...movementOf(before, after, isDaily),
      }))
      .sort((a, b) => rateOf(b) - rateOf(a) || byName(a, b)),
  };
}

/** How a paper moved between two captures. Ranks of two days' lists say nothing of each other. */
function movementOf(before: Sight, after: Sight, isDaily: boolean) {
  const isOneList = !isDaily || before.read.day === after.read.day;
  const seconds = secondsBetween(before.read.at, after.read.at);
  // one division: equal rates are equal numbers, whatever the hours
  const perHour = (was: number | null, is: number | null) =>
    was === null || is === null || seconds <= 0 ? null : ((is - was) * 3600) / seconds;
  return {
    rankBefore: isOneList ? before.rank : null,
    rankAfter: isOneList ? after.rank : null,
    upvotesBefore: before.upvotes,
    upvotesAfter: after.upvotes,
    hours: seconds / 3600,
    upvotesPerHour: perHour(before.upvotes, after.upvotes),
    starsBefore: before.stars,
    starsAfter: after.stars,
    starsPerHour: perHour(before.stars, after.stars),
  };
}

/** By id; rows without one after all others, by title. */
const byName = (a: { id: string | null; title: string }, b: { id: string | null; title: string }) =>
  compareText(a.id ?? '~', b.id ?? '~') || compareText(a.title, b.title);

/** The content of each paper as the capture shown had it; null where the table does not have it. */
async function contentsOf(
  table: TableStore,
  shown: readonly (readonly [PaperKey, Sight])[],
): Promise<Map<PaperKey, PaperContent | null>> {
  const contents = await readContents(
    table,
    shown.map(([, { key, hash }]) => ({ paper: key, hash })),
  );
  return new Map(shown.map(([paper], at) => [paper, contents[at] ?? null]));
}
