import { hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { asBuffer } from '../lib/bytes.ts';
import { type Exchange, getHeader } from '../model/capture.ts';
import { MAX_IMPORTED_BODY_BYTES } from '../model/limits.ts';
import type { ParseFailure } from '../model/listing.ts';

/** What imported files are called that should have been readable and are damaged; their bytes are kept as they came. */
const DAMAGED_FILES: Readonly<Record<string, string>> = { 'application/warc': 'WARC', 'application/gzip': 'gzip file' };

/** Sentences for imported files of other formats; their bytes are kept unchanged. */
const OTHER_FORMATS: Readonly<Record<string, string>> = {
  'application/zip': 'a ZIP or WACZ file is not read: unpack it, and import the WARC files in it',
  'application/zstd': 'a file compressed with zstd is not read: decompress it, and import the result',
  'application/x-tar': 'a tar archive is not read: unpack it, and import the files in it',
  'application/x-7z-compressed': 'a 7z archive is not read: unpack it, and import the files in it',
  'application/x-bzip2': 'a file compressed with bzip2 is not read: decompress it, and import the result',
  'application/x-xz': 'a file compressed with xz is not read: decompress it, and import the result',
  'application/x-arc': 'an ARC file is not read: convert it to WARC, and import that',
  'application/har+json': 'a HAR file is not read: save the page or the API response itself, and import that',
  'multipart/related': 'an MHTML file is not read: save the page as HTML, and import that',
  'application/vnd.apache.parquet': 'a Parquet file is no capture',
  'application/vnd.sqlite3': 'an SQLite database is no capture',
  'application/pdf': 'a PDF is no capture',
  'text/csv': 'a CSV file is no capture',
  'text/tab-separated-values': 'a TSV file is no capture',
  'application/yaml': 'a YAML file is no capture',
  'text/markdown': 'a Markdown file is no capture',
  'application/x-bibtex': 'a BibTeX file is no capture',
  'application/x-other-text': 'text is only read from a .txt file',
  'application/octet-stream': 'the bytes are neither JSON nor HTML nor text',
};

/** What is to be said of a file of another format, by its media type; null for the formats that are read. */
export const describeOtherFormat = (mediaType: string): string | null => OTHER_FORMATS[mediaType] ?? null;

const BLANK_LINE = '\r\n\r\n';

/** Says why an imported file that is kept unchanged holds no list: its format, or what is wrong with it. Null for every other response. */
export function describeUnreadableFile(exchange: Exchange): ParseFailure | null {
  const type = exchange.status === null ? (getHeader(exchange, 'content-type') ?? '') : '';
  const format = describeOtherFormat(type);
  if (format) return { outcome: 'other-shape', why: format };
  const name = DAMAGED_FILES[type];
  if (!name) return null;
  const { body } = exchange;
  const { outcome, why }: ParseFailure = body.length === 0 ? { outcome: 'no-body', why: 'is empty' } : findDamage(body);
  return { outcome, why: `the ${name} ${why}` };
}

function findDamage(body: Uint8Array): ParseFailure {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return findRecordDamage(asBuffer(body));
  try {
    return findRecordDamage(gunzipSync(body, { maxOutputLength: MAX_IMPORTED_BODY_BYTES }));
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'Z_BUF_ERROR') return { outcome: 'cut', why: 'ends in the middle' };
    const isLarge = code === 'ERR_BUFFER_TOO_LARGE';
    const why = isLarge ? `is larger than ${MAX_IMPORTED_BODY_BYTES / 1e6} MB` : `cannot be unpacked: ${message}`;
    return { outcome: 'other-shape', why };
  }
}

/** The first thing that is wrong with the records of a WARC. */
function findRecordDamage(plain: Buffer): ParseFailure {
  for (let at = 0; at < plain.length; ) {
    if (plain.toString('latin1', at, at + 5) !== 'WARC/')
      return { outcome: 'other-shape', why: `has something that is no record at byte ${at}` };
    const start = plain.indexOf(BLANK_LINE, at) + BLANK_LINE.length;
    if (start < BLANK_LINE.length) return { outcome: 'cut', why: 'ends in the head of a record' };
    const head = plain.toString('latin1', at, start);
    const field = (name: string) => new RegExp(`\\r\\n${name}: *(.*)\\r\\n`, 'i').exec(head)?.[1] ?? null;
    const length = Number(field('content-length') ?? Number.NaN);
    const name = `the ${field('warc-type')} of ${field('warc-target-uri') ?? 'it'}`;
    if (!Number.isSafeInteger(length)) return { outcome: 'other-shape', why: `does not say how long ${name} is` };
    const end = start + length;
    if (end > plain.length)
      return { outcome: 'cut', why: `ends after ${plain.length - start} of ${length} bytes of ${name}` };
    const digest = field('warc-block-digest');
    if (digest?.startsWith('sha256:') && digest !== `sha256:${hash('sha256', plain.subarray(start, end))}`)
      return { outcome: 'other-shape', why: `has a wrong digest of ${name}` };
    at = end;
    while (plain[at] === 0x0d || plain[at] === 0x0a) at += 1;
  }
  return { outcome: 'other-shape', why: 'has whole records, but they are no capture' };
}
