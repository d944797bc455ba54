import { compact, type Day, type Instant } from '../kit/clock.ts';
import { byText } from '../kit/order.ts';
import { inTurns } from '../kit/turns.ts';
import type { SourceName, Target } from '../model/target.ts';
import { type CalendarDay, listsOf } from '../record/calendar.ts';
import { LISTINGS, listPk, readListPk } from '../record/keys.ts';
import { asListing, type ListingItem } from '../record/listing.ts';
import type { CaptureAnswer, CaptureFacts, CapturesAnswer } from './answers.ts';
import { asCursor, type Page, type Paging } from './page.ts';
import { type Archive, daysOf } from './store.ts';

/** Which captures: of one list (null: all), of targets from `from` to `to` (null: open). */
export type CapturesQuestion = { readonly list: SourceName | null; readonly from: Day | null; readonly to: Day | null };

/** The index of captures, newest target first, newest capture first, without `next`. */
export async function capturesAnswer(
  { records, sample }: Archive,
  { list, from, to }: CapturesQuestion,
  paging: Paging,
): Promise<{ answer: CapturesAnswer; page: Page<ListingItem> }> {
  const known = [...(await listsOf(records)).keys()];
  const lists = list ? [list] : known;
  const days = (await inTurns(lists, (name) => daysOf(records, name, { from, to })))
    .flat()
    .sort((a, b) => order(a.target, b.target));
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
      lists: known,
      sample,
    },
    page,
  };
}

/** Newest target first, then by the name of the list. */
const order = (a: Target, b: Target): number => byText(b.day, a.day) || byText(a.source, b.source);

/** What a position looks like: the target and the listing that were last. */
export const CAPTURE_POSITION = /^LIST#.+#[\d-]{10}\nAT#.+$/;

/** Walks the days until a page is full. */
async function pageOfDays(
  records: Archive['records'],
  days: readonly CalendarDay[],
  { limit, after }: Paging,
): Promise<Page<ListingItem>> {
  const [afterPk = '', afterSk = ''] = after?.split('\n') ?? [];
  const begin = readListPk(afterPk);
  const items: ListingItem[] = [];
  for (const { target } of days) {
    if (begin && order(target, begin) < 0) continue;
    const pk = listPk(target);
    const range = { pk, ...LISTINGS, newestFirst: true, limit: limit + 1 - items.length };
    items.push(...(await records.range(pk === afterPk ? { ...range, after: afterSk } : range)).map(asListing));
    if (items.length > limit) break;
  }
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown, cursor: items.length > limit && last ? asCursor(`${last.pk}\n${last.sk}`) : null };
}

/**
 * One capture's facts; null when there is none of that target at that time. Where several were taken in one second, `digest`
 * (12 hex digits, the end of its key) tells which; without it the first of them.
 */
export async function captureAnswer(
  { records, sample }: Archive,
  target: Target,
  at: Instant,
  digest = '',
): Promise<CaptureAnswer | null> {
  const range = { from: `AT#${at}#${digest}`, to: `AT#${at}#${digest}~` };
  const [item] = await records.range({ pk: listPk(target), ...range, limit: 1 });
  return item ? { ...factsOf(asListing(item)), sample } : null;
}

/** What the index says of a capture. */
function factsOf(listing: ListingItem): CaptureFacts {
  const { source, day } = readListPk(listing.pk) as Target;
  const url = `/captures/${source}/${day}/${compact(listing.at)}-${listing.sk.slice(-12)}`;
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
