import { STATUS_CODES } from 'node:http';
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import { asBuffer, toUint8Array } from '../../lib/bytes.ts';
import { PaperkeepError } from '../../lib/errors.ts';
import { type Day, type Instant, parseDay, parseInstant } from '../../lib/time.ts';
import type { Capture, Exchange } from '../../model/capture.ts';
import { type ListName, parseListName } from '../../model/list.ts';
import { captureKeyWithDigests, payloadDigests, sha256 } from '../keys.ts';
import type { SnapshotStore } from '../store.ts';
import { GZIP_HEADER, isGzip, readGzipMember } from './gzip.ts';
import {
  type HttpMessage,
  isMediaType,
  isValidHeader,
  parseHttpMessage,
  serializeHead,
  withoutCredentials,
} from './http.ts';
import { parseRecords, type WarcFields, type WarcRecord, writeRecord } from './records.ts';

type Kind = 'warcinfo' | 'response' | 'resource' | 'metadata' | 'request';
type Fields = readonly (readonly [string, string])[];
type Draft = { readonly fields: Fields; readonly block: Uint8Array };

const EMPTY = new Uint8Array();
const EMPTY_SHA256 = sha256(EMPTY);

/** A capture as the archive keeps it: its key, the bytes of its WARC file, and the capture that they hold. */
export type Snapshot = { readonly key: string; readonly bytes: Uint8Array; readonly capture: Capture };

/**
 * Writes a capture as WARC/1.1: `warcinfo`, then per exchange its `response` and its `request` (a `resource` where only the payload is
 * known; where nothing answered, a `metadata` with the reason), each record a gzip member of its own. Nothing but the capture enters, so
 * the same capture gives the same bytes. (Other releases of zlib may compress differently; the records inside stay the same.)
 * Headers with credentials are dropped.
 *
 * @throws RangeError for what HTTP or WARC cannot carry, such as a line end in a header.
 */
export async function createSnapshot(capture: Capture): Promise<Snapshot> {
  const exchanges = capture.exchanges.map(checkExchange);
  const digests = payloadDigests(capture);
  const key = captureKeyWithDigests(capture, digests);
  const drafts = exchanges.flatMap((exchange, index) => draftExchange(exchange, index, key, digests[index] as string));
  const members = await Promise.all([draftWarcinfo(capture, key), ...drafts].map(compressRecord));
  return { key, bytes: Buffer.concat(members), capture };
}

/**
 * Reads a file that `createSnapshot` wrote, decompressed or not, and checks all of it: checksums, digests, that every record is there.
 * (All but the up to 7 bits that deflate leaves unused at the end of a member, which mean nothing.)
 * The snapshot's bytes are the file's where it is compressed record by record, else they are written again.
 *
 * @throws PaperkeepError `SNAPSHOT_DAMAGED` with what is wrong.
 */
export async function parseSnapshot(file: Uint8Array): Promise<Snapshot> {
  const { key, capture, byRecord } = await parseSnapshotFile(file);
  return byRecord ? { key, capture, bytes: file } : createSnapshot(capture);
}

/**
 * Reads the snapshot that is stored under a key.
 *
 * @throws PaperkeepError `SNAPSHOT_MISSING` if no snapshot is stored there, `SNAPSHOT_DAMAGED` if it cannot be read whole or is another capture.
 */
export async function readSnapshot(store: SnapshotStore, key: string): Promise<Snapshot> {
  const bytes = await store.get(key);
  if (bytes === null)
    throw new PaperkeepError({ code: 'SNAPSHOT_MISSING', message: `${key} is not in ${store.url}`, hint: RESTORE });
  const parsed = await parseSnapshotFile(bytes).catch((error: unknown) => {
    throw error instanceof PaperkeepError
      ? new PaperkeepError({ code: error.code, message: `${key}: ${error.message}`, hint: RESTORE })
      : error;
  });
  if (parsed.key !== key) throw snapshotDamage(`${key} holds another capture, ${parsed.key}`);
  return { key, bytes, capture: parsed.capture };
}

async function parseSnapshotFile(file: Uint8Array) {
  const pieces = isGzip(file) ? [...readMembers(file)] : [asBuffer(file)];
  const records: WarcRecord[] = [];
  for await (const record of parseRecords(pieces)) {
    if ('damage' in record) throw snapshotDamage(record.damage);
    records.push(record);
  }
  return { ...parseSnapshotRecords(records), byRecord: isGzip(file) && pieces.length === records.length };
}

/** The plain bytes of each member of a file of ours; strict, where zlib would pass over what no checksum covers. */
function* readMembers(file: Uint8Array): Generator<Buffer | Error> {
  const view = asBuffer(file);
  for (let at = 0; at < view.length; ) {
    try {
      if (!view.subarray(at, at + GZIP_HEADER.length).equals(GZIP_HEADER))
        throw new Error(`no record begins at byte ${at}`);
      const { plain, end } = readGzipMember(view, at);
      yield plain;
      at = end;
    } catch (error) {
      yield error as Error;
      return;
    }
  }
}

/**
 * Checks the records of one snapshot and gives the capture that they hold.
 *
 * @throws PaperkeepError `SNAPSHOT_DAMAGED` with what is wrong.
 */
export function parseSnapshotRecords(records: readonly WarcRecord[]): Omit<Snapshot, 'bytes'> {
  const info = records[0] && parseWarcinfo(records[0]);
  if (!info) throw snapshotDamage('it does not begin with the warcinfo of a paperkeep snapshot');
  const pairs = pairRecords(records.map(checkRecord).slice(1));
  const exchanges = pairs.map(toExchange);
  const { list, day, at, imported } = info;
  if (!list || !day || !at) throw snapshotDamage('its warcinfo does not name its list, day and time');
  const capture: Capture = { list, day, at, imported, exchanges };
  const digests = pairs.map(({ response }, index) =>
    exchanges[index]?.unanswered === undefined ? response.sha256 : EMPTY_SHA256,
  );
  const key = captureKeyWithDigests(capture, digests);
  checkIds(records, key);
  return { key, capture };
}

/** What the `warcinfo` of a snapshot says of it; null where it says nothing that can be read. */
export type SnapshotInfo = {
  readonly list: ListName | null;
  readonly day: Day | null;
  readonly at: Instant | null;
  readonly imported: boolean;
};

/** Reads the `warcinfo` of one of our snapshots; null for any other record. */
export function parseWarcinfo({ fields, block }: WarcRecord): SnapshotInfo | null {
  if (fields.get('warc-type') !== 'warcinfo') return null;
  const lines = Buffer.from(block).toString('utf8').split('\r\n');
  const values = new Map(lines.map((line) => line.split(': ', 2) as [string, string]));
  if (values.get('software') !== 'paperkeep') return null;
  return {
    list: parseListName(values.get('paperkeep-source') ?? ''),
    day: parseDay(values.get('paperkeep-target') ?? ''),
    at: parseInstant(values.get('paperkeep-at') ?? ''),
    imported: values.get('paperkeep-imported') === 'yes',
  };
}

/** The codes of errors about one snapshot: damaged, missing, or not readable on its disk. */
const DAMAGE: ReadonlySet<string> = new Set(['SNAPSHOT_DAMAGED', 'SNAPSHOT_MISSING', 'SNAPSHOT_UNREADABLE']);
/** True for an error about one snapshot; false for any other, such as an archive that cannot be reached. */
export const isSnapshotDamage = (error: unknown): boolean => error instanceof PaperkeepError && DAMAGE.has(error.code);

const RESTORE = 'put it back from a copy of the archive';
const snapshotDamage = (what: string): PaperkeepError =>
  new PaperkeepError({ code: 'SNAPSHOT_DAMAGED', message: `the snapshot is damaged: ${what}`, hint: RESTORE });

const labelDigest = (sha256: string): string => `sha256:${sha256}`;

/** A record's id: a UUID of version 8 (RFC 9562 5.8, made by our own rules) from the capture's key and the record's place in it. */
function recordId(key: string, index: number, kind: Kind): string {
  const hex = sha256(`${key}\n${index}\n${kind}\n`);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ];
  return `<urn:uuid:${parts.join('-')}>`;
}

/** The exchange without credentials; throws a RangeError for what could not be read back as it is. */
function checkExchange(exchange: Exchange): Exchange {
  const headers = withoutCredentials(exchange.headers);
  const sent = exchange.sent && withoutCredentials(exchange.sent);
  const unfit = [...headers, ...(sent ?? [])].find(([name, value]) => !isValidHeader(name, value));
  if (unfit) throw new RangeError(`no HTTP header can be ${JSON.stringify(unfit)}`);
  if (!/^[!-~]+$/.test(exchange.url) || !URL.canParse(exchange.url)) {
    throw new RangeError(`no URL can be ${JSON.stringify(exchange.url)}`);
  }
  if (exchange.unanswered !== undefined && !/^[^\r\n]+$/.test(exchange.unanswered)) {
    throw new RangeError(`no line can be ${JSON.stringify(exchange.unanswered)}`);
  }
  if (exchange.status === null) {
    const [type, ...rest] = headers;
    const plain = type === undefined || (type[0] === 'content-type' && isMediaType(type[1]));
    if (!plain || rest.length > 0) throw new RangeError('without a status only a content-type can be known');
  } else if (!/^\d{3}$/.test(String(exchange.status))) {
    throw new RangeError(`no HTTP status can be ${exchange.status}`);
  }
  return { ...exchange, headers, sent };
}

function draftWarcinfo({ list, day, at, imported }: Capture, key: string): Draft {
  const facts = [
    ['software', 'paperkeep'],
    ['format', 'WARC File Format 1.1'],
    ['paperkeep-source', list],
    ['paperkeep-target', day],
    ['paperkeep-at', at],
    ...(imported ? [['paperkeep-imported', 'yes']] : []),
  ];
  const block = Buffer.from(facts.map(([name, value]) => `${name}: ${value}\r\n`).join(''));
  const fields: Fields = [
    ['WARC-Type', 'warcinfo'],
    ['WARC-Record-ID', recordId(key, 0, 'warcinfo')],
    ['WARC-Date', at],
    ['WARC-Payload-Digest', labelDigest(sha256(block))],
    ['WARC-Block-Digest', labelDigest(sha256(block))],
    ['Content-Type', 'application/warc-fields'],
  ];
  return { fields, block };
}

/** The records of one exchange: its response and, if it is known, its request. */
function draftExchange(exchange: Exchange, index: number, key: string, bodyDigest: string): Draft[] {
  const { url, sent } = exchange;
  const responseId = recordId(key, index, responseKind(exchange));
  if (!sent) return [draftResponse(exchange, responseId, [], bodyDigest)];
  const requestId = recordId(key, index, 'request');
  const { pathname, search } = new URL(url);
  return [
    draftResponse(exchange, responseId, [['WARC-Concurrent-To', requestId]], bodyDigest),
    draftRecord(exchange, {
      kind: 'request',
      id: requestId,
      type: 'application/http; msgtype=request',
      more: [['WARC-Concurrent-To', responseId]],
      head: serializeHead(`GET ${pathname}${search} HTTP/1.1`, sent),
      payload: EMPTY,
      payloadDigest: sha256(EMPTY),
    }),
  ];
}

const responseKind = ({ status, unanswered }: Exchange): Kind =>
  unanswered !== undefined ? 'metadata' : status === null ? 'resource' : 'response';

/** How the one line of a `metadata` begins that stands where a response would. */
const UNANSWERED = 'unanswered: ';

function draftResponse(exchange: Exchange, id: string, links: Fields, payloadDigest: string): Draft {
  const { status, headers, body, cut, unanswered } = exchange;
  if (unanswered !== undefined) {
    const payload = Buffer.from(`${UNANSWERED}${unanswered}\r\n`);
    const type = 'application/warc-fields';
    return draftRecord(exchange, {
      kind: 'metadata',
      id,
      type,
      more: links,
      head: EMPTY,
      payload,
      payloadDigest: sha256(payload),
    });
  }
  const more: Fields = cut ? [...links, ['WARC-Truncated', 'disconnect']] : links;
  if (status !== null) {
    const head = serializeHead(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, headers);
    return draftRecord(exchange, {
      kind: 'response',
      id,
      type: 'application/http; msgtype=response',
      more,
      head,
      payload: body,
      payloadDigest,
    });
  }
  const known = headers[0]?.[1];
  const type = known ?? sniffMediaType(body);
  // Marks a type that we found ourselves, so that reading gives back no header where none was known.
  const found: Fields = known === undefined ? [['WARC-Identified-Payload-Type', type]] : [];
  return draftRecord(exchange, {
    kind: 'resource',
    id,
    type,
    more: [...more, ...found],
    head: EMPTY,
    payload: body,
    payloadDigest,
  });
}

type Parts = {
  readonly kind: Kind;
  readonly id: string;
  readonly type: string;
  readonly more: Fields;
  readonly head: Uint8Array;
  readonly payload: Uint8Array;
  /** SHA-256 of the payload, hex. */
  readonly payloadDigest: string;
};

function draftRecord({ url, at }: Exchange, { kind, id, type, more, head, payload, payloadDigest }: Parts): Draft {
  const block = head.length > 0 ? Buffer.concat([head, payload]) : payload;
  const blockDigest = block === payload ? payloadDigest : sha256(block);
  const fields: Fields = [
    ['WARC-Type', kind],
    ['WARC-Record-ID', id],
    ['WARC-Date', at],
    ['WARC-Target-URI', url],
    ...more,
    ['WARC-Payload-Digest', labelDigest(payloadDigest)],
    ['WARC-Block-Digest', labelDigest(blockDigest)],
    ['Content-Type', type],
  ];
  return { fields, block };
}

/** The media type of a payload of which nothing else is known, by its first byte that is not blank. */
function sniffMediaType(body: Uint8Array): string {
  const first = body.find((byte) => byte > 0x20);
  if (first === 0x5b || first === 0x7b) return 'application/json';
  return first === 0x3c ? 'text/html' : 'text/plain';
}

const gzipInThread = promisify<Uint8Array, { level: number }, Buffer>(gzip);
/** Up to so many bytes compressing takes less time (15 µs for a request) than handing over to another thread (150 µs). */
const SMALL_BYTES = 4096;

/** A record as a gzip member, compressed off the main thread where that takes long. */
async function compressRecord({ fields, block }: Draft): Promise<Uint8Array> {
  const plain = writeRecord(fields, block);
  const member = plain.length <= SMALL_BYTES ? gzipSync(plain, { level: 6 }) : await gzipInThread(plain, { level: 6 });
  member.set(GZIP_HEADER);
  return member;
}

/** A record whose digests are right: its HTTP message, if it is one, and the SHA-256 of its payload, hex. */
type CheckedRecord = WarcRecord & { readonly message: HttpMessage | null; readonly sha256: string };

function checkRecord({ fields, block }: WarcRecord): CheckedRecord {
  const http = /^(?:response|request)$/.test(fields.get('warc-type') ?? '');
  const message = http ? parseHttpMessage(block) : null;
  const payloadDigest = sha256(message?.body ?? block);
  const blockDigest = message ? sha256(block) : payloadDigest;
  if (
    fields.get('warc-block-digest') !== labelDigest(blockDigest) ||
    fields.get('warc-payload-digest') !== labelDigest(payloadDigest)
  ) {
    throw snapshotDamage(`the digest of ${describeRecord(fields)} is wrong`);
  }
  return { fields, block, message, sha256: payloadDigest };
}

const describeRecord = (fields: WarcFields): string =>
  `the ${fields.get('warc-type')} of ${fields.get('warc-target-uri') ?? 'it'}`;

/** A response and its request, if it is known. */
type Pair = { readonly response: CheckedRecord; readonly request: CheckedRecord | null };

function pairRecords(records: readonly CheckedRecord[]): Pair[] {
  const pairs: Pair[] = [];
  for (let next = 0; next < records.length; ) {
    const response = records[next++] as CheckedRecord;
    const linked = response.fields.get('warc-concurrent-to');
    const request = linked === null ? null : (records[next++] ?? null);
    if (linked !== null && request?.fields.get('warc-record-id') !== linked) {
      throw snapshotDamage(`the request of ${response.fields.get('warc-target-uri')} is missing`);
    }
    pairs.push({ response, request });
  }
  return pairs;
}

function toExchange({ response, request }: Pair): Exchange {
  const at = parseInstant(response.fields.get('warc-date') ?? '');
  if (at === null) throw snapshotDamage(`${describeRecord(response.fields)} has no date`);
  const known = {
    url: response.fields.get('warc-target-uri') ?? '',
    at,
    cut: response.fields.get('warc-truncated') !== null,
  };
  const sent = request && (request.message?.headers ?? []);
  if (response.fields.get('warc-type') === 'metadata') {
    const unanswered = Buffer.from(response.block).toString('utf8').slice(UNANSWERED.length, -2);
    return { ...known, status: null, headers: [], sent, body: EMPTY, unanswered };
  }
  if (!response.message) {
    const type =
      response.fields.get('warc-identified-payload-type') === null ? response.fields.get('content-type') : null;
    const headers: [string, string][] = type === null ? [] : [['content-type', type]];
    return { ...known, status: null, headers, sent, body: toUint8Array(response.block) };
  }
  const { first, headers, body } = response.message;
  return { ...known, status: Number(first.split(' ')[1]), headers, sent, body };
}

/** Checks that every record has the id that follows from the capture, so that none is missing, repeated or moved. */
function checkIds(records: readonly WarcRecord[], key: string): void {
  let index = -1;
  for (const { fields } of records) {
    const kind = fields.get('warc-type') as Kind;
    if (kind === 'response' || kind === 'resource' || kind === 'metadata') index += 1;
    if (fields.get('warc-record-id') !== recordId(key, Math.max(0, index), kind)) {
      throw snapshotDamage(`${describeRecord(fields)} does not belong to the capture, or another record is missing`);
    }
  }
}
