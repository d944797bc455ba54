import { constants, crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { errorCode, errorMessage, PaperkeepError } from '../../lib/errors.ts';
import { MAX_RECORD_BYTES } from '../../model/limits.ts';
import { tooLargeError } from './coding.ts';

/**
 * Head of every gzip member that we write: deflate, no flags, no time, no level, unknown system (RFC 1952 2.3).
 * Fixed, because zlib writes the system it was built on, and because no checksum covers it.
 */
export const GZIP_HEADER = Buffer.from('1f8b08000000000000ff', 'hex');
/** How every gzip member begins. */
const GZIP_MAGIC = GZIP_HEADER.subarray(0, 3);
/** Checksum and length at the end of every gzip member. */
const TRAILER_BYTES = 8;
/** Flags of a head: what else it holds (RFC 1952 2.3.1). */
const [HEAD_CHECKSUM, EXTRA, NAME, COMMENT] = [2, 4, 8, 16] as const;
/** How many compressed bytes are tried to see how a member begins. */
const PROBE_BYTES = 1024;
/** Sizes of the pieces in which a member is decompressed that is too large, or damaged: what zlib decodes in the same step as a fault is lost. */
const PIECE_BYTES = { large: 65_536, damaged: 1024 };

/** True when bytes begin as gzip does. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * Decompresses the gzip member that begins at a byte, and tells where the next one begins.
 *
 * @throws Error where no member begins, or where it is damaged or ends early; PaperkeepError `TOO_LARGE` for more than `MAX_RECORD_BYTES`.
 */
export function readGzipMember(file: Buffer, at: number): { readonly plain: Buffer; readonly end: number } {
  const start = deflatedAt(file, at);
  if (start === null) throw new Error(`no record begins at byte ${at}`);
  const { buffer, engine } = inflate(file.subarray(start));
  const end = start + engine.bytesWritten;
  checkTrailer(file, at, end, crc32(buffer), buffer.length);
  return { plain: buffer, end: end + TRAILER_BYTES };
}

/**
 * The decompressed bytes of a gzip file, in pieces of any size. What cannot be decompressed comes as an Error; what follows the Error is
 * the next member that begins with `start`.
 */
export async function* gunzipPieces(file: Buffer, start: Buffer): AsyncGenerator<Buffer | Error> {
  for (let at = 0; at < file.length; ) {
    let end: number;
    try {
      const member = readGzipMember(file, at);
      yield member.plain;
      end = member.end;
    } catch (error) {
      const size = error instanceof PaperkeepError ? PIECE_BYTES.large : PIECE_BYTES.damaged;
      const damage = yield* inflatePieces(file, at, size);
      if (typeof damage !== 'number') yield damage;
      end = typeof damage === 'number' ? damage : nextMember(file, at + 1, start);
    }
    at = end;
  }
}

/** A member that is too large to be held, or damaged: as much as can be decompressed. Returns its end, or what is wrong with it. */
async function* inflatePieces(file: Buffer, at: number, chunkSize: number): AsyncGenerator<Buffer, number | Error> {
  const start = deflatedAt(file, at);
  if (start === null) return new Error(`no record begins at byte ${at}`);
  // One piece at a time: those that wait in a stream are lost when it breaks off.
  const options = { finishFlush: constants.Z_SYNC_FLUSH, chunkSize, readableHighWaterMark: 1 };
  const stream = createInflateRaw(options);
  stream.end(file.subarray(start));
  let [checksum, length] = [0, 0];
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      [checksum, length] = [crc32(piece, checksum), length + piece.length];
      yield piece;
    }
    const end = start + stream.bytesWritten;
    checkTrailer(file, at, end, checksum, length);
    return end + TRAILER_BYTES;
  } catch (error) {
    return new Error(errorMessage(error));
  }
}

function checkTrailer(file: Buffer, at: number, end: number, checksum: number, length: number): void {
  if (end + TRAILER_BYTES > file.length) throw new Error(`it ends inside the record that begins at byte ${at}`);
  if (file.readUInt32LE(end) !== checksum || file.readUInt32LE(end + 4) !== length % 2 ** 32)
    throw new Error(`the checksum of the record at byte ${at} is wrong`);
}

/** Where the compressed bytes of the member at a byte begin; null if no whole head is there. */
function deflatedAt(file: Buffer, at: number): number | null {
  let next = at + GZIP_HEADER.length;
  if (next > file.length || !file.subarray(at, at + GZIP_MAGIC.length).equals(GZIP_MAGIC)) return null;
  const flags = file[at + 3] as number;
  if (flags & EXTRA) next += 2 + (next + 2 <= file.length ? file.readUInt16LE(next) : 0);
  for (const flag of [NAME, COMMENT]) {
    if (!(flags & flag)) continue;
    const zero = file.indexOf(0, next);
    if (zero < 0) return null;
    next = zero + 1;
  }
  if (flags & HEAD_CHECKSUM) next += 2;
  return next <= file.length ? next : null;
}

/** Where from a byte on a member begins whose first plain bytes are `start`; the end of the file where none does. */
function nextMember(file: Buffer, from: number, start: Buffer): number {
  for (let at = file.indexOf(GZIP_MAGIC, from); at >= 0; at = file.indexOf(GZIP_MAGIC, at + 1)) {
    const deflated = deflatedAt(file, at);
    if (deflated === null) continue;
    try {
      const options = { finishFlush: constants.Z_SYNC_FLUSH };
      const plain = inflateRawSync(file.subarray(deflated, deflated + PROBE_BYTES), options);
      if (plain.subarray(0, start.length).equals(start)) return at;
    } catch {
      // Not the beginning of a member: its first bytes occur in compressed data by chance.
    }
  }
  return file.length;
}

type Inflated = { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };

function inflate(bytes: Uint8Array): Inflated {
  try {
    // With `info` the result is not a Buffer, which the type does not say.
    return inflateRawSync(bytes, { info: true, maxOutputLength: MAX_RECORD_BYTES }) as unknown as Inflated;
  } catch (error) {
    throw errorCode(error) === 'ERR_BUFFER_TOO_LARGE' ? tooLargeError('a record', MAX_RECORD_BYTES) : error;
  }
}
