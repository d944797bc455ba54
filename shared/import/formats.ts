import { decompress, type Payload, tooLargeError } from '../archive/warc/coding.ts';
import { isGzip } from '../archive/warc/gzip.ts';
import { textEncoding } from '../lib/bytes.ts';
import { PaperkeepError } from '../lib/errors.ts';
import { MAX_IMPORTED_BODY_BYTES } from '../model/limits.ts';

/** The content of a file, decompressed where that works, and what it is. */
export type FileContent = Payload & { readonly mediaType: string };

/** How files begin that hold no list as they are. */
const SIGNATURES: readonly (readonly [signature: string, mediaType: string])[] = [
  ['PK\x03\x04', 'application/zip'],
  ['PK\x05\x06', 'application/zip'],
  ['\x28\xb5\x2f\xfd', 'application/zstd'],
  ['PAR1', 'application/vnd.apache.parquet'],
  ['SQLite format 3\0', 'application/vnd.sqlite3'],
  ['filedesc://', 'application/x-arc'],
  ['%PDF-', 'application/pdf'],
  ['BZh', 'application/x-bzip2'],
  ['\xfd7zXZ\0', 'application/x-xz'],
  ['7z\xbc\xaf\x27\x1c', 'application/x-7z-compressed'],
];

/** Text that its name says to be something else than the copied text of a page. */
const TEXT_BY_NAME: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  md: 'text/markdown',
  markdown: 'text/markdown',
  bib: 'application/x-bibtex',
};
/** Text with any other extension than these: a program's log, a mail, a document. */
const OTHER_TEXT = 'application/x-other-text';
const COPIED_TEXT = /^(?:txt|text)?$/;

const MHTML = /^(?:from: <saved by|mime-version:|snapshot-content-location:|content-type: multipart\/related)/i;
const HAR = /^\s*\{\s*"log"\s*:\s*\{/;
/** Where a tar archive has its signature: after the head of its first file. */
const TAR_SIGNATURE = [257, 'ustar'] as const;
/** Characters that text does not hold: all controls but tab, line feed, form feed and carriage return. */
const CONTROLS = /[^\P{Cc}\t\n\f\r]/u;

/** How often a file may be compressed; one that decompresses to itself would have no end. */
const MAX_DEPTH = 3;

/**
 * Finds out what a file holds, by its content and by what its name promises: a file that is called `.json` holds JSON or nothing that
 * can be read. Compressed content is decompressed (gzip, zstd, zlib; brotli, which has no signature, where JSON or HTML comes out), unless
 * it becomes larger than `MAX_IMPORTED_BODY_BYTES`.
 *
 * @throws PaperkeepError `TOO_LARGE` for a file of more than `MAX_IMPORTED_BODY_BYTES`.
 */
export function readFileContent(name: string, bytes: Uint8Array, depth = 1): FileContent {
  if (bytes.length > MAX_IMPORTED_BODY_BYTES) throw tooLargeError('it', MAX_IMPORTED_BODY_BYTES);
  const read = (coding: string): FileContent | null => {
    const payload = depth > MAX_DEPTH ? null : decompressIfSmall(bytes, coding);
    const content = payload && readFileContent(name, payload.body, depth + 1);
    return content && { ...content, cut: content.cut || payload.cut };
  };
  if (isGzip(bytes)) return read('gzip') ?? { mediaType: 'application/gzip', body: bytes, cut: false };
  const lists = (decodeText(bytes) === null ? ['zstd', 'deflate', 'br'].map(read) : []).filter(
    (content) => content && /\/(?:json|html)$/.test(content.mediaType),
  );
  return lists[0] ?? identify(name, bytes);
}

/** What bytes decompress to; null where that is too large to be a list, or they are not compressed so. */
function decompressIfSmall(bytes: Uint8Array, coding: string): Payload | null {
  try {
    return decompress(bytes, coding);
  } catch (error) {
    if (error instanceof PaperkeepError) return null;
    throw error;
  }
}

/** What bytes are, by how they begin; text by its name. */
function identify(name: string, body: Uint8Array): FileContent {
  const found = (mediaType: string): FileContent => ({ mediaType, body, cut: false });
  const start = Buffer.from(body.subarray(0, 1000));
  const [, signed] = SIGNATURES.find(([signature]) => start.toString('latin1').startsWith(signature)) ?? [];
  if (signed) return found(signed);
  if (start.toString('latin1').startsWith(TAR_SIGNATURE[1], TAR_SIGNATURE[0])) return found('application/x-tar');
  const text = decodeText(body);
  if (text === null) return found('application/octet-stream');
  const first = text.slice(0, 1000).trimStart();
  if (HAR.test(first)) return found('application/har+json');
  if (/^[[{]/.test(first)) return found('application/json');
  if (first.startsWith('<')) return found('text/html');
  if (CONTROLS.test(text)) return found('application/octet-stream');
  if (MHTML.test(first)) return found('multipart/related');
  const extension = /\.([a-z]+)(?:\.gz)?$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  if (COPIED_TEXT.test(extension)) return found('text/plain');
  return found(extension === 'json' ? 'application/json' : (TEXT_BY_NAME[extension] ?? OTHER_TEXT));
}

/** Bytes as text, UTF-8 or UTF-16 with its byte-order mark; null where they are no text. The last character may be cut. */
function decodeText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(textEncoding(bytes), { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}
