import { hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { type Exchange, getHeader } from '../model/capture.ts';
import { MAX_IMPORTED_BODY_BYTES } from '../model/limits.ts';
import type { ParseFailure } from '../model/listing.ts';

/** Types of files that were imported and could not be read, and what they are called; their bytes are kept as they came. */
const FILES: Readonly<Record<string, string>> = { 'application/warc': 'WARC', 'application/gzip': 'gzip file' };

const BLANK = '\r\n\r\n';

/** What is wrong with a file that was imported and kept although it could not be read; null for every other answer. */
export function describeUnreadableFile(exchange: Exchange): ParseFailure | null {
  const file = exchange.status === null ? FILES[getHeader(exchange, 'content-type') ?? ''] : undefined;
  if (file === undefined) return null;
  const { body } = exchange;
  if (body.length === 0) return { outcome: 'no-body', why: `the ${file} is empty` };
  const plain = unpacked(body);
  if ('why' in plain) return { ...plain, why: `the ${file} ${plain.why}` };
  const wrong = wrongIn(plain);
  return { ...wrong, why: `the ${file} ${wrong.why}` };
}

function unpacked(body: Uint8Array): Buffer | ParseFailure {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  try {
    return gunzipSync(body, { maxOutputLength: MAX_IMPORTED_BODY_BYTES });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'Z_BUF_ERROR') return { outcome: 'cut', why: 'ends in the middle' };
    if (code === 'ERR_BUFFER_TOO_LARGE')
      return { outcome: 'other-shape', why: `is larger than ${MAX_IMPORTED_BODY_BYTES / 1e6} MB` };
    return { outcome: 'other-shape', why: `cannot be unpacked: ${message}` };
  }
}

/** The first thing that is wrong with the records of a WARC. */
function wrongIn(plain: Buffer): ParseFailure {
  for (let at = 0; at < plain.length; ) {
    if (plain.toString('latin1', at, at + 5) !== 'WARC/')
      return { outcome: 'other-shape', why: `has something that is no record at byte ${at}` };
    const body = plain.indexOf(BLANK, at) + BLANK.length;
    if (body < BLANK.length) return { outcome: 'cut', why: 'ends in the head of a record' };
    const field = fieldsIn(plain.toString('latin1', at, body));
    const length = Number(field('content-length') ?? Number.NaN);
    const name = `the ${field('warc-type')} of ${field('warc-target-uri') ?? 'it'}`;
    if (!Number.isSafeInteger(length)) return { outcome: 'other-shape', why: `does not say how long ${name} is` };
    const end = body + length;
    if (end > plain.length)
      return { outcome: 'cut', why: `ends after ${plain.length - body} of ${length} bytes of ${name}` };
    const digest = field('warc-block-digest');
    if (digest?.startsWith('sha256:') && digest !== `sha256:${hash('sha256', plain.subarray(body, end))}`)
      return { outcome: 'other-shape', why: `has a wrong digest of ${name}` };
    at = afterBlank(plain, end);
  }
  return { outcome: 'other-shape', why: 'has whole records, but they are no capture' };
}

/** Behind the line ends that follow a record. */
function afterBlank(plain: Buffer, from: number): number {
  let at = from;
  while (plain[at] === 0x0d || plain[at] === 0x0a) at += 1;
  return at;
}

/** The fields of a record's head by their names in lower case. */
function fieldsIn(head: string): (name: string) => string | null {
  const lines = head.split('\r\n').map((line) => /^([^:]+): *(.*)$/.exec(line) ?? []);
  const fields = new Map(lines.map(([, name = '', value = '']) => [name.toLowerCase(), value]));
  return (name) => fields.get(name) ?? null;
}
