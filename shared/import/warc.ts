import { decodePayload, tooLargeError } from '../archive/warc/coding.ts';
import { type HttpMessage, isMediaType, parseHttpMessage, withoutCredentials } from '../archive/warc/http.ts';
import { parseSnapshotRecords, parseWarcinfo, type SnapshotInfo } from '../archive/warc/read-snapshot.ts';
import { decompressPieces, readRecords, type WarcFields, type WarcRecord } from '../archive/warc/records.ts';
import { createSnapshot, type Snapshot } from '../archive/warc/write-snapshot.ts';
import { toUint8Array } from '../lib/bytes.ts';
import { errorMessage, PaperkeepError } from '../lib/errors.ts';
import { type Day, dayOf, type Instant, parseInstant, secondsBetween } from '../lib/time.ts';
import type { WatchedSearch } from '../lists.ts';
import type { Capture, Exchange } from '../model/capture.ts';
import { DAILY_API_PATH, parseFeedDate, parseListUrl } from '../model/feed-urls.ts';
import { MAX_IMPORTED_BODY_BYTES } from '../model/limits.ts';
import type { ListDay } from '../model/list.ts';
import { pageDay } from '../parse/page.ts';
import { type DamagedWarcInfo, findEntryDays } from './payload.ts';

/** How long after its first page another page of a list still belongs to the same visit, in seconds. */
const VISIT_SECONDS = 600;

/** A capture that another program made. `names` holds per exchange what a `revisit` may call its response. */
export type ForeignCapture = { readonly capture: Capture; readonly names: readonly (readonly string[])[] };

/** A record that says: this response has the payload of an earlier one. */
export type Revisit = {
  readonly url: string;
  /** What the earlier response may be called, the surest first. */
  readonly names: readonly string[];
  /** The exchange once the earlier one is known, and the captures it makes; a sentence where it makes none. */
  resolve(earlier: Exchange): readonly Capture[] | string;
};

/** A record of a list that became no capture, and why. `lost` is false for what holds no list: a redirect. */
export type SkippedRecord = { readonly url: string; readonly why: string; readonly lost: boolean };

/** What a WARC file holds of the feed. */
export type WarcContents = {
  /** Snapshots of ours, in their order. */
  readonly snapshots: readonly Snapshot[];
  /** Captures by other programs, in the order of their times. */
  readonly captures: readonly ForeignCapture[];
  readonly revisits: readonly Revisit[];
  readonly skipped: readonly SkippedRecord[];
  /** Why snapshots of ours cannot be read, and which they are. */
  readonly damagedSnapshots: readonly string[];
  /** Why other parts of the file cannot be read. */
  readonly damages: readonly string[];
  /** What the first record of a list, or of a snapshot of ours, says of the file. */
  readonly hints: DamagedWarcInfo | null;
  /** How many records it has. */
  readonly records: number;
};

/** Whose WARC a file is, compressed or not: ours or another program's; null when it is not a WARC. Only its beginning is read. */
export async function detectWarc(bytes: Uint8Array): Promise<'ours' | 'foreign' | null> {
  for await (const piece of decompressPieces(bytes)) {
    const start = piece instanceof Error ? '' : piece.toString('latin1', 0, 1024).trimStart();
    if (!start.startsWith('WARC/')) return null;
    return start.includes('\r\nsoftware: paperkeep\r\n') ? 'ours' : 'foreign';
  }
  return null;
}

/**
 * Reads everything of the feed in a WARC file: snapshots of ours, however they were put together or compressed again, and the responses
 * of lists that another program recorded. Pages `p=1`, `p=2` … of one list that follow its first within 10 minutes belong to one capture,
 * every other response is one by itself. What cannot be read is named, and reading goes on as {@link readRecords} says.
 *
 * @param watched The searches that are watched; responses of others are skipped.
 */
export async function readWarcFile(bytes: Uint8Array, watched: readonly WatchedSearch[]): Promise<WarcContents> {
  const ours: SnapshotRecords[] = [];
  const foreign: WarcRecord[] = [];
  const damages: string[] = [];
  const firsts: { info?: DamagedWarcInfo; place?: DamagedWarcInfo | undefined; url?: string } = {};
  let current: SnapshotRecords | null = null;
  let seen = 0;
  const isWanted = (fields: WarcFields): boolean => {
    seen += 1;
    if (fields.get('warc-type') === 'warcinfo') return true;
    const url = readTargetUrl(fields);
    if (url === null || parseListUrl(url) === null) return current !== null;
    // The last field of most heads: where it is missing, the field before it may be half of itself.
    if (fields.get('content-length') === null) return true;
    firsts.url ??= url;
    firsts.place ??= hintsOfRecord(url, fields, watched);
    return true;
  };
  for await (const record of readRecords(bytes, isWanted)) {
    if ('damage' in record) {
      if (current) current.damage = record.damage;
      else damages.push(record.damage);
    } else if (record.fields.get('warc-type') === 'warcinfo') {
      const info = parseWarcinfo(record);
      current = info && { info, records: [record], damage: null };
      if (current) ours.push(current);
      if (info?.list && info.day && info.at) firsts.info ??= { list: info.list, day: info.day, at: info.at, url: null };
    } else if (current) current.records.push(record);
    else foreign.push(record);
  }
  const { snapshots, damagedSnapshots } = await readSnapshots(ours);
  const others = readForeignRecords(foreign, watched);
  const hints = firsts.info ? { ...firsts.info, url: firsts.url ?? null } : (firsts.place ?? null);
  return { snapshots, damagedSnapshots, ...others, damages: [...damages, ...others.damages], hints, records: seen };
}

/** The records of one of our snapshots, and what is wrong with the file where they end. */
type SnapshotRecords = { readonly info: SnapshotInfo; readonly records: WarcRecord[]; damage: string | null };

async function readSnapshots(ours: readonly SnapshotRecords[]) {
  const snapshots: Snapshot[] = [];
  const damagedSnapshots: string[] = [];
  for (const { info, records, damage } of ours) {
    const { list, day, at } = info;
    const name = list && day && at ? `${list} of ${day}, captured at ${at}` : 'a snapshot that does not say what it is';
    try {
      const { capture } = parseSnapshotRecords(records);
      snapshots.push(await createSnapshot(capture));
      if (damage !== null) damagedSnapshots.push(`what follows ${name} is damaged: ${damage}`);
    } catch (error) {
      if (!(error instanceof PaperkeepError)) throw error;
      damagedSnapshots.push(`${name}: ${damage === null ? error.message : `the snapshot is damaged: ${damage}`}`);
    }
  }
  return { snapshots, damagedSnapshots };
}

/** The URL that a record is about, without credentials (which the archive must not hold) and fragment (it is never sent). */
function readTargetUrl(fields: WarcFields): string | null {
  // wget writes it in angle brackets.
  const url = URL.parse((fields.get('warc-target-uri') ?? '').replace(/^<(.*)>$/, '$1'));
  return url && Object.assign(url, { username: '', password: '', hash: '' }).href;
}

/** When a record was captured; WARC allows a time without seconds. Null where it does not say. */
const readDate = (fields: WarcFields): Instant | null =>
  parseInstant((fields.get('warc-date') ?? '').replace(/^(\S{10}T\d\d:\d\d)(?=Z|[+-])/, '$1:00'));

/** The list days that a request for a list is about, by what the response holds where the request names none; a sentence when they cannot be known. */
function findListDays(
  url: string,
  at: Instant,
  body: Uint8Array,
  watched: readonly WatchedSearch[],
): ListDay[] | string {
  const requested = parseListUrl(url);
  switch (requested?.kind) {
    case 'trending':
      return [{ list: 'trending', day: dayOf(at) }];
    case 'watched': {
      const search = watched.find(({ query }) => query === requested.query);
      return search ? [{ list: `watched:${search.slug}`, day: dayOf(at) }] : 'this search is not watched';
    }
    case 'daily': {
      const named = requested.date === null ? statedDays(url, body) : [parseFeedDate(requested.date)];
      const days = named.length > 0 ? named : [dayOf(at)];
      return days.flatMap((day) => (day ? [{ list: 'daily' as const, day }] : []));
    }
    default:
      return 'it is no list of the feed';
  }
}

const statedDays = (url: string, body: Uint8Array): Day[] => {
  if (new URL(url).pathname.startsWith(DAILY_API_PATH)) return findEntryDays(body);
  const day = pageDay(Buffer.from(body).toString('utf8'));
  return day ? [day] : [];
};

function hintsOfRecord(
  url: string,
  fields: WarcFields,
  watched: readonly WatchedSearch[],
): DamagedWarcInfo | undefined {
  const at = readDate(fields);
  const days = at && findListDays(url, at, EMPTY, watched);
  return at && typeof days !== 'string' && days?.[0] ? { ...days[0], at, url } : undefined;
}

const EMPTY = new Uint8Array();

type Foreign = Pick<WarcContents, 'captures' | 'revisits' | 'skipped' | 'damages'>;

function readForeignRecords(records: readonly WarcRecord[], watched: readonly WatchedSearch[]): Foreign {
  const requests = new Map<string, HttpMessage>();
  for (const record of records) {
    if (record.fields.get('warc-type') !== 'request') continue;
    const request = parseHttpMessage(record.block);
    for (const id of linkedIds(record.fields)) requests.set(id, request);
  }
  const visits: Visit[] = [];
  const revisits: Revisit[] = [];
  const skipped: SkippedRecord[] = [];
  const damages: string[] = [];
  for (const record of records) {
    const { fields } = record;
    const url = readTargetUrl(fields) as string;
    const skip = (why: string, lost = true) => void skipped.push({ url, why, lost });
    const at = readDate(fields);
    const type = fields.get('warc-type');
    if (type === 'request' || type === 'metadata') continue;
    if (at === null) skip('it does not say when it was captured');
    else if (type === 'revisit') revisits.push(toRevisit(record, url, at, watched));
    else if (type !== 'response' && type !== 'resource') skip(`it is a ${type} record`);
    else {
      try {
        const response = readResponse(record);
        const request = linkedIds(fields)
          .map((id) => requests.get(id))
          .find((message) => message !== undefined);
        if (!response) skip('it is no HTTP response');
        else if (response.status === 304) skip('it says "not modified", and holds no list');
        else if (/^3/.test(String(response.status))) skip('it is a redirect', false);
        else if (request && !request.first.startsWith('GET ')) skip(`it answers "${request.first}"`);
        else {
          const sent = request ? withoutCredentials(request.headers) : null;
          const exchange: Exchange = { url, at, sent, ...response };
          const listDays = findListDays(url, at, exchange.body, watched);
          const names = [fields.get('warc-record-id'), fields.get('warc-payload-digest'), `${url} ${at}`];
          if (typeof listDays === 'string') skip(listDays);
          else if (listDays.length === 0) skip('it names a day that does not exist');
          else
            for (const listDay of listDays)
              visits.push({ listDay, exchange, names: names.filter((name) => name !== null) });
        }
      } catch (error) {
        if (!(error instanceof PaperkeepError)) throw error;
        damages.push(`${url}: ${errorMessage(error)}`);
      }
    }
  }
  return { captures: groupPages(visits), revisits, skipped, damages };
}

/** The ids by which a request and its response find each other: a record's own, and those it says it belongs to. */
const linkedIds = (fields: WarcFields): string[] => [
  ...fields.all('warc-record-id'),
  ...fields.all('warc-concurrent-to'),
];

/**
 * Status, headers and payload of a response; null where it is no HTTP.
 *
 * @throws PaperkeepError `TOO_LARGE` for more than `MAX_IMPORTED_BODY_BYTES`, with its head.
 */
function readResponse({ fields, block }: WarcRecord): Pick<Exchange, 'status' | 'headers' | 'body' | 'cut'> | null {
  const truncated = fields.get('warc-truncated') !== null;
  const limit = (size: number) => {
    if (size > MAX_IMPORTED_BODY_BYTES) throw tooLargeError('it', MAX_IMPORTED_BODY_BYTES);
  };
  if (fields.get('warc-type') === 'resource') {
    const type = fields.get('content-type');
    const headers: [string, string][] = type !== null && isMediaType(type) ? [['content-type', type]] : [];
    limit(block.length);
    return { status: null, headers, body: toUint8Array(block), cut: truncated };
  }
  const message = parseHttpMessage(block);
  const status = readStatus(message);
  if (status === null) return null;
  const { headers, body, cut } = decodePayload(withoutCredentials(message.headers), message.body);
  limit(block.length - message.body.length + body.length);
  return { status, headers, body: toUint8Array(body), cut: cut || truncated };
}

const readStatus = ({ first }: HttpMessage): number | null => {
  const status = /^HTTP\/\S+ +(\d{3})(?: |$)/.exec(first)?.[1];
  return status === undefined ? null : Number(status);
};

function toRevisit(
  { fields, block }: WarcRecord,
  url: string,
  at: Instant,
  watched: readonly WatchedSearch[],
): Revisit {
  const referred = parseInstant(fields.get('warc-refers-to-date') ?? '');
  const names = [
    fields.get('warc-refers-to'),
    `${fields.get('warc-refers-to-target-uri') ?? url} ${referred}`,
    fields.get('warc-payload-digest'),
  ];
  return {
    url,
    names: names.filter((name) => name !== null),
    resolve(earlier) {
      const message = parseHttpMessage(block);
      const status = readStatus(message);
      // "Not modified" has no headers of the list itself: only its payload is known.
      const known = status !== null && status !== 304;
      const type = earlier.headers.filter(([name]) => name.toLowerCase() === 'content-type').slice(0, 1);
      const headers = known
        ? decodePayload(withoutCredentials(message.headers), EMPTY).headers
        : type.map(([, value]): [string, string] => ['content-type', value]);
      const { body, cut } = earlier;
      const exchange: Exchange = { url, at, status: known ? status : null, headers, sent: null, body, cut };
      const listDays = findListDays(url, at, body, watched);
      if (typeof listDays === 'string') return listDays;
      return listDays.map((listDay) => ({ ...listDay, at, imported: true, exchanges: [exchange] }));
    },
  };
}

/** One response of a list. */
type Visit = { readonly listDay: ListDay; readonly exchange: Exchange; readonly names: readonly string[] };

/** Puts the pages of one list that were fetched one by one into one capture. */
function groupPages(visits: readonly Visit[]): ForeignCapture[] {
  const paged = visits.map((visit) => {
    const series = new URL(visit.exchange.url);
    const page = Number(series.searchParams.get('p') ?? 0);
    series.searchParams.delete('p');
    series.searchParams.sort();
    return { ...visit, page, series: `${visit.listDay.list} ${visit.listDay.day} ${series.href}` };
  });
  paged.sort((one, other) => {
    const [earlier, later] = [one.exchange.at, other.exchange.at];
    return earlier === later ? one.page - other.page : earlier < later ? -1 : 1;
  });
  const captures: ForeignCapture[] = [];
  const open = new Map<string, { exchanges: Exchange[]; names: (readonly string[])[] }>();
  for (const { listDay, series, page, exchange, names } of paged) {
    const visit = open.get(series);
    const first = visit?.exchanges[0];
    if (visit && first && page === visit.exchanges.length && secondsBetween(first.at, exchange.at) <= VISIT_SECONDS) {
      visit.exchanges.push(exchange);
      visit.names.push(names);
      continue;
    }
    const started = { exchanges: [exchange], names: [names] };
    captures.push({
      capture: { ...listDay, at: exchange.at, imported: true, exchanges: started.exchanges },
      names: started.names,
    });
    if (page === 0) open.set(series, started);
  }
  return captures;
}
