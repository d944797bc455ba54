import { isUtf8 } from 'node:buffer';
import { asBuffer } from '../../lib/bytes.ts';
import { findContentCoding } from '../../lib/content-codings.ts';
import { errorCode, PaperkeepError } from '../../lib/errors.ts';
import { renameOutdated } from '../../model/capture.ts';
import { MAX_IMPORTED_BODY_BYTES } from '../../model/limits.ts';
import type { HeaderList } from './http.ts';

/** A payload, and whether it ended before it was whole. */
export type Payload = { readonly body: Uint8Array; readonly cut: boolean };

/**
 * Decompresses imported bytes by the name of a `content-encoding`. Of bytes that end early it gives what can be read, as `cut`.
 * Null where the bytes are wrong, or no such coding is known.
 *
 * @throws PaperkeepError `TOO_LARGE` for more than `MAX_IMPORTED_BODY_BYTES`.
 */
export function decompress(bytes: Uint8Array, coding: string): Payload | null {
  const known = findContentCoding(coding, bytes);
  const decode = (cut: boolean): Payload | null => {
    if (!known) return null;
    const options = { maxOutputLength: MAX_IMPORTED_BODY_BYTES, ...(cut && { finishFlush: known.flush }) };
    try {
      return { body: known.decode(bytes, options), cut };
    } catch (error) {
      if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLargeError('it', MAX_IMPORTED_BODY_BYTES);
      return errorCode(error) === 'Z_BUF_ERROR' && !cut ? decode(true) : null;
    }
  };
  return decode(false);
}

/** An error for something that is larger than so many bytes, more than any list has. */
export const tooLargeError = (what: string, most: number): PaperkeepError =>
  new PaperkeepError({
    code: 'TOO_LARGE',
    message: `${what} is larger than ${most / 1e6} MB`,
    hint: 'no list of the feed is that long: check what the file is',
  });

/**
 * Decodes the payload of an HTTP message as another program stored it: chunks are joined, compression is undone. Headers that no longer
 * describe the payload get `x-orig-` before their name. Programs differ in what they undo before they store; a payload that is plain
 * already stays as it is, and so does one that cannot be decompressed, with its `content-encoding`.
 * The payload is cut where chunks or compressed bytes end early, or where it is shorter than `content-length`.
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
  const outdated = ['transfer-encoding', ...(plain ? ['content-encoding', 'content-length'] : [])];
  return {
    ...(plain ?? whole),
    headers: renameOutdated(headers, outdated),
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
  const view = asBuffer(bytes);
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
