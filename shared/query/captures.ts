import { compact, type Day, type Instant } from '../kit/clock.ts';
import { inTurns } from '../kit/turns.ts';
import type { SourceName, Target } from '../model/target.ts';
import { type CalendarDay, calendarOf, listsOf } from '../record/calendar.ts';
import { LISTINGS, listPk, readListPk } from '../record/keys.ts';
import { asListing, type ListingItem } from '../record/listing.ts';
import type { CaptureAnswer, CaptureFacts, CapturesAnswer } from './answers.ts';
import { asCursor, fromCursor, type Page, type Paging } from './page.ts';
import type { Archive } from './store.ts';

/** Which captures: of one list (null: all), of targets from `from` to `to` (null: open). */
export type CapturesQuestion = { readonly list: SourceName | null; readonly from: Day | null; readonly to: Day | null };

const FIRST_DAY = '1000-01-01' as Day;
const LAST_DAY = '2999-12-31' as Day;

/** The index of captures, newest target first, newest capture first, without `next`. */
export async function capturesAnswer(
  { records, sample }: Archive,
  { list, from, to }: CapturesQuestion,
  paging: Paging,
): Promise<{ answer: CapturesAnswer; page: Page<ListingItem> }> {
  const lists = list ? [list] : [...(await listsOf(records)).keys()];
  const days = (await inTurns(lists, (name) => calendarOf(records, name, from ?? FIRST_DAY, to ?? LAST_DAY)))
    .flat()
    .sort((a, b) => compare(b.target.day, a.target.day) || compare(a.target.source, b.target.source));
  const page = await pageOfDays(records, days, paging);
  const seen = days.map(({ target }) => target.day);
  return {
    answer: {
      list,
      from: from ?? seen.at(-1) ?? null,
      to: to ?? seen[0] ?? null,
      captures: page.items.map(factsOf),
      total: days.reduce((sum, { standing }) => sum + standing.captures + standing.failures, 0),
      next: null,
      sample,
    },
    page,
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Walks the days until a page is full; a cursor names the target and the listing that were last. */
async function pageOfDays(
  records: Archive['records'],
  days: readonly CalendarDay[],
  { limit, cursor }: Paging,
): Promise<Page<ListingItem>> {
  const [afterPk, afterSk] = cursor === null ? [] : fromCursor(cursor).split('\n');
  const start = afterPk === undefined ? 0 : days.findIndex(({ target }) => listPk(target) === afterPk);
  if (start < 0) return { items: [], cursor: null };
  const items: ListingItem[] = [];
  for (const { target } of days.slice(start)) {
    const pk = listPk(target);
    const after = pk === afterPk && afterSk ? { after: afterSk } : {};
    const range = { pk, ...LISTINGS, newestFirst: true, limit: limit + 1 - items.length, ...after };
    items.push(...(await records.range(range)).map(asListing));
    if (items.length > limit) break;
  }
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown, cursor: items.length > limit && last ? asCursor(`${last.pk}\n${last.sk}`) : null };
}

/** One capture's facts; null when there is none of that target at that time. */
export async function captureAnswer(
  { records, sample }: Archive,
  target: Target,
  at: Instant,
): Promise<CaptureAnswer | null> {
  const [item] = await records.range({ pk: listPk(target), from: `AT#${at}#`, to: `AT#${at}~`, limit: 1 });
  return item ? { ...factsOf(asListing(item)), sample } : null;
}

/** What the index says of a capture. */
function factsOf(listing: ListingItem): CaptureFacts {
  const { source, day } = readListPk(listing.pk) as Target;
  const url = `/captures/${source}/${day}/${compact(listing.at)}`;
  return {
    key: listing.key,
    list: source,
    target: day,
    at: listing.at,
    bytes: listing.bytes,
    sha256: listing.sha256,
    outcome: listing.outcome,
    why: listing.why,
    via: listing.via,
    listed: listing.listed,
    complete: listing.complete,
    rejects: listing.rejected,
    imported: listing.imported,
    url,
    download: `${url}.warc.gz`,
  };
}
