import { constants, crc32, gunzipSync, inflateRawSync } from 'node:zlib';
import { hasErrorCode, tooLargeError } from './coding.ts';

/**
 * Head of every gzip member of ours: deflate, no flags, no time, level unsaid, system unknown (RFC 1952 2.3).
 * Fixed, because zlib writes the system it was built on, and because no checksum covers it.
 */
export const GZIP_HEAD = Buffer.from('1f8b08000000000000ff', 'hex');
/** How every member begins whose bytes are deflated, as all are. */
export const GZIP_MAGIC = GZIP_HEAD.subarray(0, 3);
/** Checksum and length behind every gzip member. */
const GZIP_TAIL = 8;

/** True when bytes begin as gzip does. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The plain bytes of a gzip member, and where the next one begins. */
export type GzipMember = { readonly plain: Buffer; readonly end: number };

/**
 * The gzip member that begins at a byte. Throws where none does, where it is damaged or ends early, and `TOO_LARGE` where it unpacks to
 * more than `most` bytes.
 */
export function readGzipMember(view: Buffer, at: number, most: number): GzipMember {
  const body = bodyAt(view, at);
  if (body === null) throw new Error(`no record begins at byte ${at}`);
  const inflated = inflate(view.subarray(body), most);
  const end = body + inflated.engine.bytesWritten;
  if (end + GZIP_TAIL > view.length) throw new Error(`it ends inside the record that begins at byte ${at}`);
  const right =
    view.readUInt32LE(end) === crc32(inflated.buffer) && view.readUInt32LE(end + 4) === inflated.buffer.length;
  if (!right) throw new Error(`the checksum of the record at byte ${at} is wrong`);
  return { plain: inflated.buffer, end: end + GZIP_TAIL };
}

/** Flags of a head: what else stands in it (RFC 1952 2.3.1). */
const [HEAD_CHECKSUM, EXTRA, NAME, COMMENT] = [2, 4, 8, 16] as const;

/** Where the deflated bytes of the member at a byte begin; null if there is no whole head. */
function bodyAt(view: Buffer, at: number): number | null {
  let next = at + GZIP_HEAD.length;
  if (next > view.length || !view.subarray(at, at + 3).equals(GZIP_MAGIC)) return null;
  const flags = view[at + 3] as number;
  if (flags & EXTRA) next += 2 + (next + 2 <= view.length ? view.readUInt16LE(next) : 0);
  for (const flag of [NAME, COMMENT]) {
    if (!(flags & flag)) continue;
    const zero = view.indexOf(0, next);
    if (zero < 0) return null;
    next = zero + 1;
  }
  if (flags & HEAD_CHECKSUM) next += 2;
  return next <= view.length ? next : null;
}

type Inflated = { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };

function inflate(bytes: Uint8Array, most: number): Inflated {
  try {
    // With `info` the answer is not a Buffer, which the type does not say.
    return inflateRawSync(bytes, { info: true, maxOutputLength: most }) as unknown as Inflated;
  } catch (error) {
    throw hasErrorCode(error, 'ERR_BUFFER_TOO_LARGE') ? tooLargeError('a record', most) : error;
  }
}

/**
 * All that can be read of gzip that ends early, is damaged further on, or unpacks to more than `most` bytes; empty where nothing can.
 * What goes wrong shows only in whether a beginning can be unpacked, so the longest that can is looked for, by halves.
 */
export function gunzipReadablePart(bytes: Uint8Array, most: number): Buffer {
  const unpacked = (length: number): Buffer | null => {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: most };
    try {
      return gunzipSync(bytes.subarray(0, length), options);
    } catch {
      return null;
    }
  };
  const whole = unpacked(bytes.length);
  if (whole) return whole;
  let best: Buffer = Buffer.alloc(0);
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    const plain = unpacked(middle);
    if (plain) [best, good] = [plain, middle];
    else bad = middle;
  }
  return best;
}
