import { STATUS_CODES } from 'node:http';
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import { errorMessage, PaperkeepError } from '../../lib/errors.ts';
import { parseDay, parseInstant } from '../../lib/time.ts';
import type { Capture, Exchange } from '../../model/capture.ts';
import { MAX_RECORD_BYTES } from '../../model/limits.ts';
import { parseListName } from '../../model/list.ts';
import { captureKeyWithDigests, payloadDigests, sha256 } from '../keys.ts';
import type { SnapshotStore } from '../store.ts';
import { GZIP_HEAD, isGzip, readGzipMember } from './gzip.ts';
import {
  type HttpMessage,
  isMediaType,
  isValidHeader,
  parseHttpMessage,
  serializeHead,
  toUint8Array,
  withoutCredentials,
} from './http.ts';
import { readRecords, type WarcRecord, writeRecord } from './records.ts';

type Kind = 'warcinfo' | 'response' | 'resource' | 'metadata' | 'request';
type Fields = readonly [string, string][];
type Draft = { readonly fields: Fields; readonly block: Uint8Array };

const EMPTY = new Uint8Array();
/** The digest of no payload. */
const NOTHING = sha256(EMPTY);

/**
 * A capture as WARC/1.1: `warcinfo`, then per exchange its `response` and `request` (a `resource` where only the payload is known, a
 * `metadata` that says why where nothing answered), each record a gzip member of its own. Nothing but the capture enters, so the same capture gives the same bytes; different releases
 * of zlib may compress differently, the records inside stay the same to the byte.
 * Headers with credentials are dropped. Throws a RangeError for what HTTP or WARC cannot carry, such as a line end in a header.
 */
export const serializeCapture = async (capture: Capture): Promise<Uint8Array> => (await createSnapshot(capture)).bytes;

/** What the archive keeps of a capture: its key, and the WARC that `writeWarc` gives. */
export async function createSnapshot(capture: Capture): Promise<Snapshot> {
  const exchanges = capture.exchanges.map(fit);
  const digests = payloadDigests(capture);
  const key = captureKeyWithDigests(capture, digests);
  const drafts = exchanges.flatMap((exchange, index) => draftsOf(exchange, index, key, digests[index] as string));
  const members = await Promise.all([infoOf(capture, key), ...drafts].map(compressed));
  return { key, bytes: Buffer.concat(members), capture };
}

/**
 * Reads what `writeWarc` wrote, unpacked or not, and checks all of it: checksums, digests, that every record is there.
 * (All but the up to 7 bits that deflate leaves unused at the end of a member, which mean nothing.)
 *
 * @throws PaperkeepError `SNAPSHOT_DAMAGED` with what is wrong.
 */
export const parseSnapshot = async (bytes: Uint8Array): Promise<Capture> => (await heldBy(bytes)).capture;

/** The capture that a snapshot's bytes hold, and its key. */
async function heldBy(bytes: Uint8Array): Promise<Omit<Snapshot, 'bytes'>> {
  const records: WarcRecord[] = [];
  try {
    for await (const record of readRecords(isGzip(bytes) ? members(bytes) : [bytes], () => true)) records.push(record);
  } catch (error) {
    throw damaged(errorMessage(error));
  }
  const facts = records[0] && warcinfoFields(records[0]);
  if (!facts) throw damaged('it does not begin with the warcinfo of a paperkeep snapshot');
  const pairs = pairsOf(records.map(checked).slice(1));
  const exchanges = pairs.map(exchangeOf);
  const [list, day, at] = [
    parseListName(facts.get('paperkeep-source') ?? ''),
    parseDay(facts.get('paperkeep-target') ?? ''),
    parseInstant(facts.get('paperkeep-at') ?? ''),
  ];
  if (!list || !day || !at) throw damaged('its warcinfo does not say of which list and when it is');
  const capture: Capture = { list, day, at, imported: facts.get('paperkeep-imported') === 'yes', exchanges };
  const digests = pairs.map(({ answer }, index) =>
    exchanges[index]?.unanswered === undefined ? answer.sha256 : NOTHING,
  );
  const key = captureKeyWithDigests(capture, digests);
  checkIds(records, key);
  return { key, capture };
}

/** A snapshot with its file's bytes and the capture that they hold. */
export type Snapshot = { readonly key: string; readonly bytes: Uint8Array; readonly capture: Capture };

/**
 * The snapshot that is stored under a key.
 *
 * @throws PaperkeepError `SNAPSHOT_MISSING` if there is none, `SNAPSHOT_DAMAGED` if it cannot be read whole or is another capture.
 */
export async function readSnapshot(store: SnapshotStore, key: string): Promise<Snapshot> {
  const bytes = await store.get(key);
  if (bytes === null)
    throw new PaperkeepError({ code: 'SNAPSHOT_MISSING', message: `${key} is not in ${store.url}`, hint: MEND });
  const held = await heldBy(bytes).catch((error: unknown) => {
    throw error instanceof PaperkeepError
      ? new PaperkeepError({ code: error.code, message: `${key}: ${error.message}`, hint: MEND })
      : error;
  });
  if (held.key !== key) throw damaged(`${key} holds another capture, ${held.key}`);
  return { ...held, bytes };
}

/** What the `warcinfo` of one of our snapshots says, by name; null for any other record. */
export function warcinfoFields(record: WarcRecord): ReadonlyMap<string, string> | null {
  if (record.field('warc-type') !== 'warcinfo') return null;
  const lines = Buffer.from(record.block).toString('utf8').split('\r\n');
  const facts = new Map(lines.map((line) => line.split(': ', 2) as [string, string]));
  return facts.get('software') === 'paperkeep' ? facts : null;
}

const MEND = 'put it back from a copy of the archive (`paperkeep copy`)';
const damaged = (what: string): PaperkeepError =>
  new PaperkeepError({ code: 'SNAPSHOT_DAMAGED', message: `the snapshot is damaged: ${what}`, hint: MEND });

const labelled = (sha256: string): string => `sha256:${sha256}`;

/** A UUID of version 8 (RFC 9562 5.8: made by rules of one's own), from the capture's key and the record's place in it. */
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

/** The exchange without credentials; throws if something in it could not be read back as it is. */
function fit(exchange: Exchange): Exchange {
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

function infoOf({ list, day, at, imported }: Capture, key: string): Draft {
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
    ['WARC-Payload-Digest', labelled(sha256(block))],
    ['WARC-Block-Digest', labelled(sha256(block))],
    ['Content-Type', 'application/warc-fields'],
  ];
  return { fields, block };
}

/** The records of one exchange: its answer and, if it is known, its request. */
function draftsOf(exchange: Exchange, index: number, key: string, bodyDigest: string): Draft[] {
  const { url, sent } = exchange;
  const answerId = recordId(key, index, kindOfAnswer(exchange));
  if (!sent) return [answerOf(exchange, answerId, [], bodyDigest)];
  const requestId = recordId(key, index, 'request');
  const { pathname, search } = new URL(url);
  return [
    answerOf(exchange, answerId, [['WARC-Concurrent-To', requestId]], bodyDigest),
    draft(exchange, {
      kind: 'request',
      id: requestId,
      type: 'application/http; msgtype=request',
      more: [['WARC-Concurrent-To', answerId]],
      head: serializeHead(`GET ${pathname}${search} HTTP/1.1`, sent),
      payload: EMPTY,
      payloadDigest: sha256(EMPTY),
    }),
  ];
}

const kindOfAnswer = ({ status, unanswered }: Exchange): Kind =>
  unanswered !== undefined ? 'metadata' : status === null ? 'resource' : 'response';

/** How the one line of a `metadata` begins that stands where an answer would. */
const WHY = 'unanswered: ';

function answerOf(exchange: Exchange, id: string, links: Fields, payloadDigest: string): Draft {
  const { status, headers, body, cut, unanswered } = exchange;
  if (unanswered !== undefined) {
    const payload = Buffer.from(`${WHY}${unanswered}\r\n`);
    const type = 'application/warc-fields';
    return draft(exchange, {
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
    return draft(exchange, {
      kind: 'response',
      id,
      type: 'application/http; msgtype=response',
      more,
      head,
      payload: body,
      payloadDigest,
    });
  }
  const told = headers[0]?.[1];
  const type = told ?? sniffed(body);
  // Marks a type that we found ourselves, so that reading gives back no header where none was known.
  const found: Fields = told === undefined ? [['WARC-Identified-Payload-Type', type]] : [];
  return draft(exchange, {
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

function draft({ url, at }: Exchange, { kind, id, type, more, head, payload, payloadDigest }: Parts): Draft {
  const block = head.length > 0 ? Buffer.concat([head, payload]) : payload;
  const blockDigest = block === payload ? payloadDigest : sha256(block);
  const fields: Fields = [
    ['WARC-Type', kind],
    ['WARC-Record-ID', id],
    ['WARC-Date', at],
    ['WARC-Target-URI', url],
    ...more,
    ['WARC-Payload-Digest', labelled(payloadDigest)],
    ['WARC-Block-Digest', labelled(blockDigest)],
    ['Content-Type', type],
  ];
  return { fields, block };
}

/** The media type of a payload of which nothing else is known, by its first byte that is not blank. */
function sniffed(body: Uint8Array): string {
  const first = body.find((byte) => byte > 0x20);
  if (first === 0x5b || first === 0x7b) return 'application/json';
  return first === 0x3c ? 'text/html' : 'text/plain';
}

const gzipped = promisify<Uint8Array, { level: number }, Buffer>(gzip);
/** Up to so many bytes packing takes less time (15 µs for a request) than handing over to another thread (150 µs). */
const SMALL = 4096;

/** A record as a gzip member. By node:zlib, off the main thread: warcio's own took twice as long for 60 kB of JSON. */
async function compressed({ fields, block }: Draft): Promise<Uint8Array> {
  const plain = await writeRecord(fields, block);
  const member = plain.length <= SMALL ? gzipSync(plain, { level: 6 }) : await gzipped(plain, { level: 6 });
  member.set(GZIP_HEAD);
  return member;
}

/** The plain bytes of each member of our own gzip; strict, where zlib would pass over what no checksum covers. */
function* members(bytes: Uint8Array): Generator<Uint8Array> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < view.length; ) {
    if (!view.subarray(at, at + GZIP_HEAD.length).equals(GZIP_HEAD)) throw new Error(`no record begins at byte ${at}`);
    const { plain, end } = readGzipMember(view, at, MAX_RECORD_BYTES);
    yield plain;
    at = end;
  }
}

/** A record whose digests are right: its HTTP message, if it is one, and the SHA-256 of its payload, hex. */
type Checked = WarcRecord & { readonly message: HttpMessage | null; readonly sha256: string };

function checked({ field, block }: WarcRecord): Checked {
  const http = field('warc-type') === 'response' || field('warc-type') === 'request';
  const message = http ? parseHttpMessage(block) : null;
  const payloadDigest = sha256(message?.body ?? block);
  const blockDigest = message ? sha256(block) : payloadDigest;
  if (
    field('warc-block-digest') !== labelled(blockDigest) ||
    field('warc-payload-digest') !== labelled(payloadDigest)
  ) {
    throw damaged(`the digest of ${nameOf(field)} is wrong`);
  }
  return { field, block, message, sha256: payloadDigest };
}

const nameOf = (field: WarcRecord['field']): string =>
  `the ${field('warc-type')} of ${field('warc-target-uri') ?? 'it'}`;

/** An answer and its request, if it is known. */
type Pair = { readonly answer: Checked; readonly request: Checked | null };

function pairsOf(records: readonly Checked[]): Pair[] {
  const pairs: Pair[] = [];
  for (let next = 0; next < records.length; ) {
    const answer = records[next++] as Checked;
    const linked = answer.field('warc-concurrent-to');
    const request = linked === null ? null : (records[next++] ?? null);
    if (linked !== null && request?.field('warc-record-id') !== linked) {
      throw damaged(`the request of ${answer.field('warc-target-uri')} is missing`);
    }
    pairs.push({ answer, request });
  }
  return pairs;
}

function exchangeOf({ answer, request }: Pair): Exchange {
  const at = parseInstant(answer.field('warc-date') ?? '');
  if (at === null) throw damaged(`${nameOf(answer.field)} has no date`);
  const known = { url: answer.field('warc-target-uri') ?? '', at, cut: answer.field('warc-truncated') !== null };
  const sent = request && (request.message?.headers ?? []);
  if (answer.field('warc-type') === 'metadata') {
    const unanswered = Buffer.from(answer.block).toString('utf8').slice(WHY.length, -2);
    return { ...known, status: null, headers: [], sent, body: EMPTY, unanswered };
  }
  if (!answer.message) {
    const type = answer.field('warc-identified-payload-type') === null ? answer.field('content-type') : null;
    const headers: [string, string][] = type === null ? [] : [['content-type', type]];
    return { ...known, status: null, headers, sent, body: toUint8Array(answer.block) };
  }
  const { first, headers, body } = answer.message;
  return { ...known, status: Number(first.split(' ')[1]), headers, sent, body };
}

/** Every record carries the id that follows from the capture, and none is missing or too many. */
function checkIds(records: readonly WarcRecord[], key: string): void {
  let index = -1;
  for (const { field } of records) {
    const kind = field('warc-type') as Kind;
    if (kind === 'response' || kind === 'resource' || kind === 'metadata') index += 1;
    if (field('warc-record-id') !== recordId(key, Math.max(0, index), kind)) {
      throw damaged(`${nameOf(field)} does not belong to the capture, or another record is missing`);
    }
  }
}
