import { mapConcurrent } from '../lib/concurrency.ts';
import { compareText } from '../lib/order.ts';
import { compactInstant, type Day, type Instant } from '../lib/time.ts';
import type { ListDay, ListName } from '../model/list.ts';
import { type CalendarDay, readListMonths } from '../table/calendar.ts';
import { decodeListing, type ListingItem } from '../table/items.ts';
import { ALL_LISTINGS, listPk, parseListPk } from '../table/keys.ts';
import { type QueryContext, readDays } from './context.ts';
import { encodeCursor, type Page, type Paging } from './paging.ts';
import type { CaptureAnswer, CaptureFacts, CapturesAnswer } from './schemas.ts';

/** Which captures: of one list (null: all), of list days from `from` to `to` (null: open). */
export type CapturesQuestion = { readonly list: ListName | null; readonly from: Day | null; readonly to: Day | null };

/** The index of captures, newest list day first, newest capture first, without `next`. */
export async function getCaptures(
  { table, sample }: QueryContext,
  { list, from, to }: CapturesQuestion,
  paging: Paging,
): Promise<{ answer: CapturesAnswer; page: Page<ListingItem> }> {
  const known = [...(await readListMonths(table)).keys()];
  const lists = list ? [list] : known;
  const days = (await mapConcurrent(lists, (name) => readDays(table, name, { from, to })))
    .flat()
    .sort((a, b) => order(a.listDay, b.listDay));
  const page = await pageOfDays(table, days, paging);
  const seen = days.map(({ listDay }) => listDay.day);
  return {
    answer: {
      list,
      from: from ?? seen.at(-1) ?? null,
      to: to ?? seen[0] ?? null,
      captures: page.items.map(factsOf),
      total: days.reduce((sum, { status }) => sum + status.captures + status.failures, 0),
      next: null,
      lists: known,
      sample,
    },
    page,
  };
}

/** Newest list day first, then by the name of the list. */
const order = (a: ListDay, b: ListDay): number => compareText(b.day, a.day) || compareText(a.list, b.list);

/** What a position looks like: the list day and the listing that were last. */
export const CAPTURE_POSITION = /^LIST#.+#[\d-]{10}\nAT#.+$/;

/** Walks the days until a page is full. */
async function pageOfDays(
  table: QueryContext['table'],
  days: readonly CalendarDay[],
  { limit, after }: Paging,
): Promise<Page<ListingItem>> {
  const [afterPk = '', afterSk = ''] = after?.split('\n') ?? [];
  const begin = parseListPk(afterPk);
  const items: ListingItem[] = [];
  for (const { listDay } of days) {
    if (begin && order(listDay, begin) < 0) continue;
    const pk = listPk(listDay);
    const range = { pk, ...ALL_LISTINGS, newestFirst: true, limit: limit + 1 - items.length };
    items.push(...(await table.range(pk === afterPk ? { ...range, after: afterSk } : range)).map(decodeListing));
    if (items.length > limit) break;
  }
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown, cursor: items.length > limit && last ? encodeCursor(`${last.pk}\n${last.sk}`) : null };
}

/**
 * One capture's facts; null when there is none of that list day at that time. Where several were taken in one second, `digest`
 * (12 hex digits, the end of its key) tells which; without it the first of them.
 */
export async function getCapture(
  { table, sample }: QueryContext,
  listDay: ListDay,
  at: Instant,
  digest = '',
): Promise<CaptureAnswer | null> {
  const range = { from: `AT#${at}#${digest}`, to: `AT#${at}#${digest}~` };
  const [item] = await table.range({ pk: listPk(listDay), ...range, limit: 1 });
  return item ? { ...factsOf(decodeListing(item)), sample } : null;
}

/** What the index says of a capture. */
function factsOf(listing: ListingItem): CaptureFacts {
  const { list, day } = parseListPk(listing.pk) as ListDay;
  const url = `/captures/${list}/${day}/${compactInstant(listing.at)}-${listing.sk.slice(-12)}`;
  return {
    key: listing.key,
    list,
    day,
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
