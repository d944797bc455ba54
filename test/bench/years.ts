import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { addDays, addSeconds, type Day, eachDay, type Instant, startOfDay } from '../../shared/lib/time.ts';
import type { Capture } from '../../shared/model/capture.ts';
import { type ListDay, snapshotKey } from '../../shared/model/list.ts';
import type { ListingRow, PaperContent } from '../../shared/model/listing.ts';
import { foldListings } from '../../shared/record/fold.ts';
import { createCaptureItems } from '../../shared/record/items.ts';
import { isWeekend } from '../../shared/sample/calendar.ts';
import { createRandom, seededHex } from '../../shared/sample/random.ts';
import {
  createAppearanceItems,
  createSummaryItems,
  encodeListing,
  type ListingItem,
} from '../../shared/table/items.ts';
import { listingKey, monthKey } from '../../shared/table/keys.ts';
import type { Item } from '../../shared/table/store.ts';

/** Papers of a daily list and of the trending list, as the feed has them. */
const LISTED = 25;
const TRENDING = 50;
/** When a list is visited, in hours from the beginning of its day. */
const DAILY_HOURS: readonly number[] = [6, 10, 14, 18, 24, 36];
/** When the schedule visits it: every hour of its day, every third of the next, then once a day until it is settled. */
export const SCHEDULED_HOURS: readonly number[] = [
  ...Array.from({ length: 24 }, (_, hour) => hour),
  ...Array.from({ length: 8 }, (_, at) => 24 + 3 * at),
  ...Array.from({ length: 13 }, (_, at) => 48 + 24 * at),
];
const TRENDING_HOURS = [3, 9, 15, 21];
/** Names that papers draw from. */
const PEOPLE = 20_000;
const KEYWORDS = 30_000;
const LABS = 1_000;
/** The words of abstracts, as many as 6,500 real ones have, the most frequent first: these, then `word23` and so on. */
const VOCABULARY = 48_000;
const WORDS =
  'and a the to we of in for that on with tables this by as long-tables is model our rows reads language'.split(' ');

/** The word at a place, from 1, by how frequent it is. */
export const wordAt = (place: number): string => WORDS[place - 1] ?? `word${place}`;

/** The id of a paper on the daily list of a day by its place there, from 0. */
export const paperOf = (day: Day, place: number): string =>
  `${day.slice(2, 4)}${day.slice(5, 7)}.${Number(day.slice(8)) * 1000 + 10_000 + place}`;

/** The row of one made-up paper; 1,300 characters of abstract, as real ones have. */
function rowOf(day: Day, place: number): ListingRow {
  const id = paperOf(day, place);
  const chance = createRandom(id);
  const some = (name: string, of: number) => `${name} ${Math.floor(chance() * of)}`;
  // by Zipf's law: the twelfth word is in four of five abstracts, the thirty-eighth in one of three, as in real ones
  const placeOf = (of: number, from = 0) => Math.floor(of ** (from + (1 - from) * chance()));
  const words = (count: number) => Array.from({ length: count }, () => wordAt(placeOf(VOCABULARY))).join(' ');
  const content: PaperContent = {
    title: `${words(8)} ${id}`,
    abstract: words(190),
    authors: [some('Ada Author', PEOPLE), some('Ben Author', PEOPLE), some('Cem Author', PEOPLE)],
    publishedAt: startOfDay(addDays(day, -1)),
    listedOn: day,
    githubUrl: chance() < 0.4 ? `https://github.example/${id}` : null,
    projectUrl: null,
    keywords: [...new Set(Array.from({ length: 6 }, () => `keyword ${placeOf(KEYWORDS, 0.15)}`))],
    aiSummary: words(20),
    organization: { name: `lab-${placeOf(LABS)}`, fullname: 'A Laboratory of Tables' },
    submittedBy: 'somebody',
  };
  return { rank: place + 1, id, upvotes: 60 - place, comments: 1, githubStars: 12, content };
}

const facts = (listDay: ListDay, at: Instant) => {
  const digest = seededHex(`${listDay.list} ${at}`, 12);
  return {
    ...listDay,
    at,
    digest,
    key: snapshotKey({ ...listDay, at, digest }),
    bytes: 20_000,
    sha256: seededHex(at, 64),
  };
};

/** The items of one visit of a daily list, contents and pointers included. */
function recorded(listDay: ListDay, at: Instant, rows: readonly ListingRow[]) {
  const capture: Capture = { ...listDay, at, imported: false, exchanges: [] };
  const listing = {
    via: 'api',
    pages: 1,
    complete: true,
    listed: rows.length,
    rows,
    rejects: [],
    unknown: {},
    query: null,
  } as const;
  return createCaptureItems(facts(listDay, at), capture, { outcome: 'list', why: '', listing }, 1);
}

/** A listing as another visit would have made it: other votes, the same papers. */
const again = (listing: ListingItem, listDay: ListDay, at: Instant, more: number): ListingItem => {
  const { key, digest } = facts(listDay, at);
  const upvotes = listing.upvotes.map((votes) => votes && votes + more);
  return { ...listing, ...listingKey(listDay, at, digest), key, at, upvotes };
};

function partition(listDay: ListDay, listings: readonly ListingItem[]): Item[] {
  const summary = foldListings(listDay, listings);
  if (!summary) return [];
  return [
    ...listings.map(encodeListing),
    ...createAppearanceItems(listDay, summary.papers),
    monthKey(listDay),
    ...Object.values(createSummaryItems(listDay, summary)),
  ];
}

/** The columns of the papers that trend: of those listed last, newest first. */
function trendingOf(listed: readonly ListingItem[], listDay: ListDay, at: Instant): ListingItem | null {
  const newest = listed.toReversed();
  const [model] = newest;
  if (!model) return null;
  const column = <T>(pick: (listing: ListingItem) => readonly T[]) => newest.flatMap(pick).slice(0, TRENDING);
  const { key, digest } = facts(listDay, at);
  return {
    ...model,
    ...listingKey(listDay, at, digest),
    key,
    at,
    via: 'page',
    complete: null,
    listed: TRENDING,
    papers: column(({ papers }) => papers),
    ranks: column(({ papers }) => papers).map((_, rank) => rank + 1),
    upvotes: column(({ upvotes }) => upvotes),
    comments: column(({ comments }) => comments),
    stars: column(({ stars }) => stars),
    contents: column(({ contents }) => contents),
  };
}

/** The items of every list from one day to another: daily lists on weekdays, visited so many hours after the start of their day; trending every day. Papers and votes are made up. */
export function itemsOfDays(from: Day, to: Day, dailyHours = DAILY_HOURS): Item[] {
  const items: Item[] = [];
  const listed: ListingItem[] = [];
  const add = (more: readonly Item[]) => {
    for (const item of more) items.push(item);
  };
  for (const day of eachDay(from, to)) {
    const listDay: ListDay = { list: 'daily', day };
    const times = dailyHours.map((hour) => addSeconds(startOfDay(day), hour * 3600));
    const [first, ...later] = times;
    if (first && !isWeekend(day)) {
      const { listing, contents } = recorded(
        listDay,
        first,
        Array.from({ length: LISTED }, (_, at) => rowOf(day, at)),
      );
      for (const { content, pointers } of contents) add([content, ...pointers]);
      add(partition(listDay, [listing, ...later.map((at, visit) => again(listing, listDay, at, visit + 1))]));
      listed.push(listing);
      if (listed.length > TRENDING / LISTED) listed.shift();
    }
    const trending: ListDay = { list: 'trending', day };
    const visits = TRENDING_HOURS.map((hour) => trendingOf(listed, trending, addSeconds(startOfDay(day), hour * 3600)));
    add(
      partition(
        trending,
        visits.filter((listing) => listing !== null),
      ),
    );
  }
  return items;
}

/**
 * Stores the items of those days in the table of a data folder. A thread of its own makes them, whose memory goes with it: a client with a large heap
 * would measure how long its own garbage takes to collect.
 */
export async function storeDays(folder: string, from: Day, to: Day): Promise<void> {
  const worker = new Worker(new URL('./store-days.ts', import.meta.url), { workerData: { folder, from, to } });
  const [code] = await once(worker, 'exit');
  if (code !== 0) throw new Error(`the days from ${from} to ${to} could not be stored`);
}
