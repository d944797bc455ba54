import * as z from 'zod';
import { mapConcurrent } from '../lib/concurrency.ts';
import { compareText } from '../lib/order.ts';
import { compactInstant, type Instant, parseInstant } from '../lib/time.ts';
import type { ListDay } from '../model/list.ts';
import { type CalendarDay, readListMonths } from '../table/calendar.ts';
import { decodeListing, type ListingItem } from '../table/items.ts';
import { ALL_LISTINGS, listPk, parseListPk } from '../table/keys.ts';
import { toCoverage } from './answer-coverage.ts';
import type { CaptureAnswer, CaptureFacts, CapturesAnswer } from './captures.schema.ts';
import { type QueryContext, readDays, readSummary } from './context.ts';
import { NotFoundError } from './errors.ts';
import { encodeCursor, type Page, type Paging } from './paging.ts';
import { dateRange, day, endsAfterStart, list, orNull, paging, parsed } from './parameters.ts';
import { defineQuestion } from './question.ts';

/** What a position looks like: the list day and the listing that were last. */
const POSITION = /^LIST#.+#[\d-]{10}\nAT#.+$/;

const parameters = z.object({
  list: orNull(list),
  ...dateRange,
  ...paging(POSITION, 'LIST#daily#2025-01-08\nAT#2025-01-08T06:15:00Z#0123456789ab'),
});

/** When a capture was made; with `-` and 12 hex digits of its key, if several were in one second. */
const captureTime = parsed<{ at: Instant; digest: string | undefined }>(
  (text) => {
    const [, time = text, digest] = /^(.+)-([0-9a-f]{12})$/.exec(text) ?? [];
    const at = parseInstant(time);
    return at && { at, digest };
  },
  'must be a time, 20250108T061500Z or RFC 3339',
  {
    anyOf: [
      { pattern: '^[1-9]\\d{3}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3])([0-5]\\d){2}Z(-[0-9a-f]{12})?$' },
      { format: 'date-time', pattern: '^[1-9]' },
    ],
    examples: ['20250108T061500Z'],
  },
);

/** The index of captures. */
export const capturesQuestion = defineQuestion({
  path: '/captures',
  summary: 'The index of captures, newest list day first, of each list the newest capture first.',
  costClass: 'slow',
  parameters,
  rules: [endsAfterStart],
  answer: async () => (await import('./captures.schema.ts')).CapturesAnswer,
  run: getCaptures,
});
/** One capture. */
export const captureQuestion = defineQuestion({
  path: '/captures/:list/:day/:time',
  summary: "One snapshot's facts; `.warc.gz` is the file.",
  notFound: 'There is no such capture.',
  parameters: z.object({ list, day, time: captureTime }),
  answer: async () => (await import('./captures.schema.ts')).CaptureAnswer,
  run: (context, { list, day, time }) => getCapture(context, { list, day }, time.at, time.digest),
});

/** The index of captures of one list (null: all): newest list day first, then newest capture first. */
export async function getCaptures(
  { table, sample }: QueryContext,
  { list, from, to, ...paging }: z.output<typeof parameters>,
): Promise<CapturesAnswer> {
  const known = [...(await readListMonths(table)).keys()];
  const lists = list ? [list] : known;
  const days = (await mapConcurrent(lists, (name) => readDays(table, name, { from, to })))
    .flat()
    .sort((a, b) => order(a.listDay, b.listDay));
  const page = await pageOfDays(table, days, paging);
  const seen = days.map(({ listDay }) => listDay.day);
  return {
    list,
    from: from ?? seen.at(-1) ?? null,
    to: to ?? seen[0] ?? null,
    captures: page.items.map(factsOf),
    total: days.reduce((sum, { status }) => sum + status.captures + status.failures, 0),
    next: page.next,
    lists: known,
    sample,
  };
}

/** Newest list day first, then by the name of the list. */
const order = (a: ListDay, b: ListDay): number => compareText(b.day, a.day) || compareText(a.list, b.list);

/** Walks the days until a page is full. */
async function pageOfDays(
  table: QueryContext['table'],
  days: readonly CalendarDay[],
  { limit, cursor }: Paging,
): Promise<Page<ListingItem>> {
  const [afterPk = '', afterSk = ''] = cursor?.split('\n') ?? [];
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
  return { items: shown, next: items.length > limit && last ? encodeCursor(`${last.pk}\n${last.sk}`) : null };
}

/**
 * One capture's facts. Where several captures were made in one second, `digest` (12 hex digits, the end of the key) selects one; without it
 * the first of them.
 *
 * @throws {NotFoundError} with the coverage of the list day
 */
export async function getCapture(
  { table, clock, sample }: QueryContext,
  listDay: ListDay,
  at: Instant,
  digest = '',
): Promise<CaptureAnswer> {
  const range = { from: `AT#${at}#${digest}`, to: `AT#${at}#${digest}~` };
  const [item] = await table.range({ pk: listPk(listDay), ...range, limit: 1 });
  if (item) return { ...factsOf(decodeListing(item)), sample };
  const summary = await readSummary({ table, clock }, listDay, null);
  const message = `no capture of ${listDay.list} ${listDay.day} at ${at}`;
  throw new NotFoundError('NOT_CAPTURED', message, toCoverage(summary?.standing ?? null, clock()));
}

/** The facts of a capture. */
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
