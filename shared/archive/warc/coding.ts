import { isUtf8 } from 'node:buffer';
import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib';
import { PaperkeepError } from '../../lib/errors.ts';
import { MAX_IMPORTED_BODY_BYTES } from '../../model/limits.ts';
import type { HeaderList } from './http.ts';

/** A payload, and whether it ended before it was whole. */
export type Payload = { readonly body: Uint8Array; readonly cut: boolean };

type Decoder = (bytes: Uint8Array, options: { maxOutputLength: number; finishFlush?: number }) => Uint8Array;

/** How each `content-encoding` is undone, and the flush with which zlib gives what there is of compressed bytes that end early. */
const CODINGS: Readonly<Record<string, { readonly decode: Decoder; readonly flush: number }>> = {
  gzip: { decode: gunzipSync, flush: constants.Z_SYNC_FLUSH },
  'x-gzip': { decode: gunzipSync, flush: constants.Z_SYNC_FLUSH },
  // Servers send it with and without the zlib head, which says deflate (8) in the lower half of its first byte.
  deflate: {
    decode: (bytes, options) => ((bytes[0] ?? 8) % 16 === 8 ? inflateSync : inflateRawSync)(bytes, options),
    flush: constants.Z_SYNC_FLUSH,
  },
  br: { decode: brotliDecompressSync, flush: constants.BROTLI_OPERATION_FLUSH },
  zstd: { decode: zstdDecompressSync, flush: constants.ZSTD_e_flush },
};

/**
 * Decompresses imported bytes by the name of a `content-encoding`. Of bytes that end early it gives what can be read, as `cut`.
 * Null where the bytes are wrong, or no such coding is known.
 *
 * @throws PaperkeepError `TOO_LARGE` for more than `MAX_IMPORTED_BODY_BYTES`.
 */
export function decompress(bytes: Uint8Array, coding: string, endsEarly = false): Payload | null {
  const known = CODINGS[coding];
  if (!known) return null;
  const options = { maxOutputLength: MAX_IMPORTED_BODY_BYTES, ...(endsEarly && { finishFlush: known.flush }) };
  try {
    return { body: known.decode(bytes, options), cut: endsEarly };
  } catch (error) {
    if (hasErrorCode(error, 'ERR_BUFFER_TOO_LARGE')) throw tooLargeError('it', MAX_IMPORTED_BODY_BYTES);
    return hasErrorCode(error, 'Z_BUF_ERROR') && !endsEarly ? decompress(bytes, coding, true) : null;
  }
}

/** True for an error of Node with that code. */
export const hasErrorCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** Says that something is larger than so many bytes, which is more than any list has. */
export const tooLargeError = (what: string, most: number): PaperkeepError =>
  new PaperkeepError({
    code: 'TOO_LARGE',
    message: `${what} is larger than ${most / 1e6} MB`,
    hint: 'no list is that long: see what it is',
  });

/**
 * The payload of an HTTP message as a crawler kept it, chunks joined and compression undone, and the headers that go with it: those
 * that are no longer true get `x-orig-` before their name. Crawlers differ in what they undo before they store; a payload that is
 * already plain stays as it is. So does one that cannot be decompressed, with its `content-encoding`.
 * Cut: chunks or compressed bytes end early, or there are fewer bytes than `content-length` says.
 *
 * @throws PaperkeepError `TOO_LARGE` when it decompresses to more than `MAX_IMPORTED_BODY_BYTES`.
 */
export function decodePayload(
  headers: HeaderList,
  stored: Uint8Array,
): Payload & { readonly headers: [string, string][] } {
  const values = (name: string): string[] =>
    headers
      .filter(([key]) => key.toLowerCase() === name)
      .flatMap(([, value]) => value.toLowerCase().split(','))
      .map((value) => value.trim());
  const chunked = values('transfer-encoding').includes('chunked');
  const codings = values('content-encoding').filter((name) => name !== 'identity');
  const asSent = !chunked && codings.length === 0 && values('x-orig-content-encoding').length === 0;
  const short = asSent && stored.length < Number(values('content-length')[0]);
  const whole = (chunked ? joinChunks(stored) : null) ?? { body: stored, cut: short };
  const plain = codings.length > 0 ? undoCodings(codings, whole) : null;
  const untrue = ['transfer-encoding', ...(plain ? ['content-encoding', 'content-length'] : [])];
  return {
    ...(plain ?? whole),
    headers: headers.map(([name, value]) => {
      const known = name.toLowerCase();
      return [untrue.includes(known) ? `x-orig-${known}` : name, value];
    }),
  };
}

/** Undoes codings, the last first; null if one cannot be undone and the bytes are no text either. */
function undoCodings(codings: readonly string[], stored: Payload): Payload | null {
  let { body, cut } = stored;
  for (const coding of codings.toReversed()) {
    const decoded = decompress(body, coding);
    // Text was plain already, whatever the header says (brotli has no signature to tell by).
    if (isUtf8(body) && (!decoded || decoded.cut)) continue;
    if (!decoded) return null;
    body = decoded.body;
    cut ||= decoded.cut;
  }
  return { body, cut };
}

/** A body in chunks (RFC 9112 7.1) put together; null if it does not begin with one. */
function joinChunks(bytes: Uint8Array): Payload | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Uint8Array[] = [];
  const joined = (cut: boolean): Payload => ({ body: Buffer.concat(chunks), cut });
  for (let at = 0; ; ) {
    const end = view.indexOf('\r\n', at);
    const [, hex] = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i.exec(view.toString('latin1', at, Math.max(at, end))) ?? [];
    if (hex === undefined) return chunks.length > 0 ? joined(true) : null;
    const size = Number.parseInt(hex, 16);
    if (size === 0) return joined(false);
    const chunk = view.subarray(end + 2, end + 2 + size);
    chunks.push(chunk);
    if (chunk.length < size) return joined(true);
    at = end + 2 + size + 2;
  }
}
