import { constants, createGunzip } from 'node:zlib';
import { decodePayload, decompress, gzipCoding, type Payload, tooLargeError } from '../archive/warc/coding.ts';
import { gunzipReadablePart, isGzip } from '../archive/warc/gzip.ts';
import {
  type HttpMessage,
  isMediaType,
  parseHttpMessage,
  toUint8Array,
  withoutCredentials,
} from '../archive/warc/http.ts';
import { readRecords, type WarcRecord } from '../archive/warc/records.ts';
import { warcinfoFields } from '../archive/warc/snapshot.ts';
import { errorMessage, PaperkeepError } from '../lib/errors.ts';
import { type Day, dayOf, type Instant, parseDay, parseInstant, secondsBetween } from '../lib/time.ts';
import type { Capture, Exchange } from '../model/capture.ts';
import {
  dailyApiPath,
  dayPagePath,
  FEED_ORIGIN,
  parseFeedDate,
  parseListUrl,
  type RequestedList,
  searchPath,
  TRENDING_PATH,
} from '../model/feed-urls.ts';
import { MAX_IMPORTED_BODY_BYTES } from '../model/limits.ts';
import { type ListDay, type ListName, listKind, parseListName } from '../model/list.ts';

/** How long after its first page another page still belongs to the same visit, in seconds. */
const ONE_VISIT = 600;
/** What a file begins with can be told from so many bytes, packed or not. */
const FIRST = 512;
/** A warcinfo lies within so many bytes of the beginning of its file; those seen are below 2 kB. */
const BEGINNING = 65_536;
/** So much is looked through for what a damaged WARC is: before its first list crawlers write no more than robots.txt and the like. */
const TELLING = 1_000_000;

/** A watched search: what it looks for, and the slug it is kept under. */
export type Search = { readonly slug: string; readonly query: string };

/** What a stranger's WARC held. */
export type ForeignCaptures = {
  /** In the order of their times. */
  readonly captures: Capture[];
  /** How many records of its lists are no capture: a search nobody watches, no such day, a redirect, a revisit, an answer not to a GET. */
  readonly skipped: number;
  /** Why the rest of the file, or an answer in it, could not be read; null if all of it was. */
  readonly damage: string | null;
};

/** A payload of which somebody says what it is. */
export type ImportPayload = ListDay &
  Payload & {
    readonly at: Instant;
    /** `warc` and `gzip`: a file that cannot be read, as it came. */
    readonly kind: keyof typeof TYPES;
    /** What a watched search looked for; of other sources nothing. */
    readonly query?: string;
    /** What was asked, where that is known. */
    readonly url?: string;
  };

const TYPES = {
  json: 'application/json',
  html: 'text/html',
  text: 'text/plain',
  warc: 'application/warc',
  gzip: 'application/gzip',
} as const;

/**
 * The capture that a bare payload is: its answer's status and headers are not known, its URL is the one the feed has for such a thing.
 *
 * @throws PaperkeepError `NO_QUERY` for a watched search without its query.
 */
export function payloadCapture({ list, day, at, kind, body, cut, query, url: asked }: ImportPayload): Capture {
  const url = asked ?? FEED_ORIGIN + pathOf({ list, day }, kind, query);
  const headers: [string, string][] = [['content-type', TYPES[kind]]];
  const exchange: Exchange = { url, at, status: null, headers, sent: null, body: toUint8Array(body), cut };
  return { list, day, at, imported: true, exchanges: [exchange] };
}

function pathOf({ list, day }: ListDay, kind: ImportPayload['kind'], query: string | undefined): string {
  switch (listKind(list)) {
    case 'daily':
      return kind === 'html' || kind === 'text' ? dayPagePath(day) : dailyApiPath(day);
    case 'trending':
      return TRENDING_PATH;
    case 'watched':
      if (query === undefined) {
        throw new PaperkeepError({
          code: 'NO_QUERY',
          message: `${list} has no query`,
          hint: 'name it in PAPERKEEP_WATCH',
        });
      }
      return searchPath(query);
  }
}

/**
 * Unpacks gzip, and leaves anything else as it is. Of a file that ends early: all that can be read of it, as `cut`.
 *
 * @throws PaperkeepError `GZIP_DAMAGED` when bytes inside are wrong, `TOO_LARGE` for more than `LARGEST_BODY`, packed or not.
 */
export function gunzipIfNeeded(bytes: Uint8Array): Payload {
  if (!isGzip(bytes)) {
    refuseLarge(bytes.length);
    return { body: bytes, cut: false };
  }
  try {
    return decompress(bytes, gzipCoding);
  } catch (error) {
    if (error instanceof PaperkeepError) throw error;
    const hint = 'fetch the file again';
    throw new PaperkeepError({
      code: 'GZIP_DAMAGED',
      message: `it cannot be unpacked: ${errorMessage(error)}`,
      hint,
      cause: error,
    });
  }
}

function refuseLarge(size: number): void {
  if (size > MAX_IMPORTED_BODY_BYTES) throw tooLargeError('it', MAX_IMPORTED_BODY_BYTES);
}

/** Plain bytes of the first `length`, as far as they can be read: they end anywhere, and may be damaged. */
const beginningOf = (bytes: Uint8Array, length: number): Uint8Array => {
  const first = bytes.subarray(0, length);
  return isGzip(bytes) ? gunzipReadablePart(first, MAX_IMPORTED_BODY_BYTES) : first;
};

/** True for a WARC, packed or not. It may be of any size: no more than its beginning is looked at. */
export const isWarc = (bytes: Uint8Array): boolean =>
  Buffer.from(beginningOf(bytes, FIRST)).toString('utf8').trimStart().startsWith('WARC/');

/** True for a WARC that paperkeep wrote, whole or damaged further on: one for `readWarc`, or, where there are several, for `readSeveral`. */
export async function isPaperkeepWarc(bytes: Uint8Array): Promise<boolean> {
  // Most files are no WARC, and then nothing more has to be unpacked.
  if (!isWarc(bytes)) return false;
  try {
    for await (const record of readRecords([beginningOf(bytes, BEGINNING)], () => true))
      return warcinfoFields(record) !== null;
    return false;
  } catch {
    return false;
  }
}

/**
 * Finds the captures of the feed in a WARC (1.0 or 1.1, gzip or plain) that something else wrote. Pages `p=1`, `p=2` … of one list
 * that follow its first within 10 minutes belong to one capture, every other answer is one by itself.
 * Reads up to the first thing that is no record, or too large for one, and leaves out answers that unpack to too much: `damage` says what it was.
 *
 * @param watched The searches that are watched; others are skipped.
 * @throws PaperkeepError `WARC_UNREADABLE` when nothing could be read, `NOTHING_OF_THE_FEED` when it holds no list of the feed.
 */
export async function readForeignWarc(bytes: Uint8Array, watched: readonly Search[]): Promise<ForeignCaptures> {
  const answers: WarcRecord[] = [];
  const requests = new Map<string, HttpMessage>();
  let skipped = 0;
  let seen = 0;
  let damage: string | null = null;
  try {
    const source = isGzip(bytes) ? gunzipped(bytes) : [bytes];
    const wanted = (field: WarcRecord['field']): boolean => {
      seen += 1;
      return parseListUrl(field('warc-target-uri') ?? '') !== null;
    };
    for await (const record of readRecords(source, wanted)) {
      const type = record.field('warc-type');
      if (type === 'response' || type === 'resource') answers.push(record);
      if (type === 'revisit') skipped += 1;
      if (type === 'request') {
        const request = parseHttpMessage(record.block);
        for (const id of idsOf(record)) requests.set(id, request);
      }
    }
    if (isGzip(bytes)) await refuseCut(bytes);
  } catch (error) {
    damage = errorMessage(error);
  }
  if (seen === 0) damage ??= 'it holds no record';
  const visits: Visit[] = [];
  for (const answer of answers) {
    try {
      const visit = visitOf(answer, requests, watched);
      if (visit) visits.push(visit);
    } catch (error) {
      if (!(error instanceof PaperkeepError)) throw error;
      damage ??= `${answer.field('warc-target-uri')}: ${error.message}`;
    }
  }
  skipped += answers.length - visits.length;
  if (visits.length === 0 && damage !== null) {
    throw new PaperkeepError({
      code: 'WARC_UNREADABLE',
      message: `no WARC that can be read: ${damage}`,
      hint: 'fetch the file again',
    });
  }
  if (visits.length === 0) {
    const hint = 'give a WARC that holds daily, trending or watched lists';
    const what = `it holds no list of the feed (${seen} records, ${skipped} of them skipped)`;
    throw new PaperkeepError({ code: 'NOTHING_OF_THE_FEED', message: what, hint });
  }
  return { captures: capturesOf(visits), skipped, damage };
}

/** Bytes as far as they go; a file that ends early shows in the record that does. */
function gunzipped(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  const stream = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  stream.end(bytes);
  return stream;
}

/** Throws where gzip ends early: within the head of a record nothing else tells it. Unpacks once more, for a stricter end gives less of it. */
async function refuseCut(bytes: Uint8Array): Promise<void> {
  const stream = createGunzip();
  stream.end(bytes);
  try {
    for await (const _ of stream);
  } catch {
    throw new Error('it ends in the middle of a record');
  }
}

/** Under what a request can be found by its answer: its own id, and those it says it belongs to. */
const idsOf = (record: WarcRecord): string[] => [
  record.field('warc-record-id') ?? '',
  ...(record.field('warc-concurrent-to')?.split(',,,') ?? []),
];

/** One answer, and what ties it to others: pages of one list have the same `series`. */
type Visit = { readonly listDay: ListDay; readonly series: string; readonly page: number; readonly exchange: Exchange };

/** Of which list of the feed an answer is, when it came, and what was asked for it. */
type Placed = ListDay & { readonly at: Instant; readonly url: string };

/** Where a record belongs; null for what is of no list of the feed. */
function placed(field: WarcRecord['field'], watched: readonly Search[]): Placed | null {
  const url = addressOf(field);
  const shown = url === null ? null : parseListUrl(url);
  const at = parseInstant(field('warc-date') ?? '');
  const listDay = at && shown && targetOf(shown, dayOf(at), watched);
  return url !== null && listDay ? { ...listDay, at, url } : null;
}

/** What was asked for a record; null where that is no address. Credentials in it are none of the archive's business; a fragment is never sent. */
function addressOf(field: WarcRecord['field']): string | null {
  const url = URL.parse(field('warc-target-uri') ?? '');
  return url && Object.assign(url, { username: '', password: '', hash: '' }).href;
}

function visitOf(
  record: WarcRecord,
  requests: ReadonlyMap<string, HttpMessage>,
  watched: readonly Search[],
): Visit | null {
  const place = placed(record.field, watched);
  const answer = place && answerOf(record);
  if (!answer) return null;
  const request = idsOf(record)
    .map((id) => requests.get(id))
    .find((message) => message !== undefined);
  if (request && !request.first.startsWith('GET ')) return null;
  const sent = request ? withoutCredentials(request.headers) : null;
  const { at, url, ...listDay } = place;
  const exchange: Exchange = { url, at, sent, ...answer, body: toUint8Array(answer.body) };
  const series = new URL(url);
  const page = Number(series.searchParams.get('p') ?? 0);
  series.searchParams.delete('p');
  series.searchParams.sort();
  return { listDay, series: `${listDay.list} ${listDay.day} ${series.href}`, page, exchange };
}

/** What the beginning of a WARC tells of it; what was asked is null where it does not say. */
export type CaptureHints = ListDay & { readonly at: Instant; readonly url: string | null };

/**
 * Of which list and when a WARC is that cannot be read, by what stands before the damage: the warcinfo of a snapshot of ours, else the
 * head of its first record of a list. Null where neither is within its first megabyte.
 */
export async function readCaptureHints(bytes: Uint8Array, watched: readonly Search[]): Promise<CaptureHints | null> {
  let info: Omit<CaptureHints, 'url'> | null = null;
  let url: string | null = null;
  let place: Placed | null = null;
  const wanted = (field: WarcRecord['field']): boolean => {
    // The last field of a head, in most: where it lacks, the one before it may be half of itself.
    if (field('content-length') === null) return false;
    if (field('warc-type') === 'warcinfo') return true;
    const asked = addressOf(field);
    if (asked !== null && parseListUrl(asked) !== null) url ??= asked;
    place ??= placed(field, watched);
    return false;
  };
  try {
    for await (const record of readRecords([beginningOf(bytes, TELLING)], wanted)) info ??= placeIn(record);
  } catch {
    // What can be told has been told.
  }
  return info ? { ...(info as Omit<CaptureHints, 'url'>), url } : place;
}

/** Of which list and when a snapshot of ours says that it is. */
function placeIn(record: WarcRecord): Omit<CaptureHints, 'url'> | null {
  const facts = warcinfoFields(record);
  const list = parseListName(facts?.get('paperkeep-source') ?? '');
  const day = parseDay(facts?.get('paperkeep-target') ?? '');
  const at = parseInstant(facts?.get('paperkeep-at') ?? '');
  return list && day && at ? { list, day, at } : null;
}

function targetOf(shown: RequestedList, visited: Day, watched: readonly Search[]): ListDay | null {
  if (shown.kind === 'watched') {
    const slug = watched.find(({ query }) => query === shown.query)?.slug;
    return slug === undefined ? null : { list: `watched:${slug}` as ListName, day: visited };
  }
  if (shown.kind === 'trending') return { list: 'trending', day: visited };
  const day = shown.date === null ? visited : parseFeedDate(shown.date);
  return day && { list: 'daily', day };
}

/**
 * Status, headers and payload of an answer; null for one that is none: no HTTP, or a redirect to where the list is.
 *
 * @throws PaperkeepError `TOO_LARGE` for more than `LARGEST_BODY`, with its head.
 */
function answerOf(record: WarcRecord): Pick<Exchange, 'status' | 'headers' | 'body' | 'cut'> | null {
  const truncated = record.field('warc-truncated') !== null;
  const { length } = record.block;
  if (record.field('warc-type') === 'resource') {
    const type = record.field('content-type');
    const headers: [string, string][] = type !== null && isMediaType(type) ? [['content-type', type]] : [];
    refuseLarge(length);
    return { status: null, headers, body: record.block, cut: truncated };
  }
  const message = parseHttpMessage(record.block);
  const [, status] = /^HTTP\/\S+ +(\d{3})(?: |$)/.exec(message.first) ?? [];
  if (status === undefined || status.startsWith('3')) return null;
  const { headers, body, cut } = decodePayload(withoutCredentials(message.headers), message.body);
  refuseLarge(length - message.body.length + body.length);
  return { status: Number(status), headers, body, cut: cut || truncated };
}

function capturesOf(visits: readonly Visit[]): Capture[] {
  const ordered = visits.toSorted((one, other) => {
    const [earlier, later] = [one.exchange.at, other.exchange.at];
    return earlier === later ? one.page - other.page : earlier < later ? -1 : 1;
  });
  const captures: Capture[] = [];
  const open = new Map<string, Exchange[]>();
  for (const { listDay, series, page, exchange } of ordered) {
    const pages = open.get(series);
    const first = pages?.[0];
    if (first && page === pages.length && secondsBetween(first.at, exchange.at) <= ONE_VISIT) {
      pages.push(exchange);
      continue;
    }
    const exchanges = [exchange];
    captures.push({ ...listDay, at: exchange.at, imported: true, exchanges });
    if (page === 0) open.set(series, exchanges);
  }
  return captures;
}
