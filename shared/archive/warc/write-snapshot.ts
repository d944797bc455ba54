import { STATUS_CODES } from 'node:http';
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import type { Capture, Exchange } from '../../model/capture.ts';
import { captureKeyWithDigests, payloadDigests, sha256 } from '../keys.ts';
import { GZIP_HEADER } from './gzip.ts';
import { type HeaderList, isMediaType, isValidHeader, serializeHead, withoutCredentials } from './http.ts';
import { writeRecord } from './records.ts';

/** The types of the WARC records in a snapshot. */
export type RecordKind = 'warcinfo' | 'response' | 'resource' | 'metadata' | 'request';
type Draft = { readonly fields: HeaderList; readonly block: Uint8Array };

const EMPTY = new Uint8Array();

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

/** How a digest is written in a field of a record. */
export const labelDigest = (sha256: string): string => `sha256:${sha256}`;

/** A record's id: a UUID of version 8 (RFC 9562 5.8, made by our own rules) from the capture's key and the record's place in it. */
export function recordId(key: string, index: number, kind: RecordKind): string {
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
  const fields: HeaderList = [
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
  const { url, sent, unanswered } = exchange;
  const response = toResponse(exchange);
  const responseId = recordId(key, index, response.kind);
  const digest = unanswered === undefined ? bodyDigest : sha256(response.payload);
  if (!sent) return [draftRecord(exchange, responseId, [], response, digest)];
  const requestId = recordId(key, index, 'request');
  const { pathname, search } = new URL(url);
  const request: Content = {
    kind: 'request',
    type: 'application/http; msgtype=request',
    head: serializeHead(`GET ${pathname}${search} HTTP/1.1`, sent),
    payload: EMPTY,
  };
  return [
    draftRecord(exchange, responseId, [['WARC-Concurrent-To', requestId]], response, digest),
    draftRecord(exchange, requestId, [['WARC-Concurrent-To', responseId]], request, sha256(EMPTY)),
  ];
}

/** What a record holds: its content type, fields of its own, the head of an HTTP message, and the payload. */
type Content = {
  readonly kind: RecordKind;
  readonly type: string;
  readonly fields?: HeaderList;
  readonly head?: Uint8Array;
  readonly payload: Uint8Array;
};

/** How the one line of a `metadata` begins that stands where a response would. */
export const UNANSWERED = 'unanswered: ';

function toResponse({ status, headers, body, cut, unanswered }: Exchange): Content {
  if (unanswered !== undefined) {
    const payload = Buffer.from(`${UNANSWERED}${unanswered}\r\n`);
    return { kind: 'metadata', type: 'application/warc-fields', payload };
  }
  const fields: HeaderList = cut ? [['WARC-Truncated', 'disconnect']] : [];
  if (status !== null) {
    const head = serializeHead(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, headers);
    return { kind: 'response', type: 'application/http; msgtype=response', fields, head, payload: body };
  }
  const known = headers[0]?.[1];
  if (known !== undefined) return { kind: 'resource', type: known, fields, payload: body };
  // The field marks a type that we found ourselves, so that reading gives back no header where none was known.
  const type = sniffMediaType(body);
  return { kind: 'resource', type, fields: [...fields, ['WARC-Identified-Payload-Type', type]], payload: body };
}

function draftRecord(
  { url, at }: Exchange,
  id: string,
  links: HeaderList,
  { kind, type, fields = [], head = EMPTY, payload }: Content,
  payloadDigest: string,
): Draft {
  const block = head.length > 0 ? Buffer.concat([head, payload]) : payload;
  const blockDigest = block === payload ? payloadDigest : sha256(block);
  return {
    fields: [
      ['WARC-Type', kind],
      ['WARC-Record-ID', id],
      ['WARC-Date', at],
      ['WARC-Target-URI', url],
      ...links,
      ...fields,
      ['WARC-Payload-Digest', labelDigest(payloadDigest)],
      ['WARC-Block-Digest', labelDigest(blockDigest)],
      ['Content-Type', type],
    ],
    block,
  };
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
