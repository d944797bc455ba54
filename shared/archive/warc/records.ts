import { asBuffer } from '../../lib/bytes.ts';
import { errorMessage } from '../../lib/errors.ts';
import { MAX_RECORD_BYTES } from '../../model/limits.ts';
import { tooLargeError } from './coding.ts';
import { gunzipPieces, isGzip } from './gzip.ts';
import { findHeadEnd, parseHttpMessage } from './http.ts';

/** The most bytes of a record's head; those seen are below 2 kB. */
const MAX_HEAD_BYTES = 1_000_000;
const EMPTY = Buffer.alloc(0);
/** How each of our snapshots begins: damaged files are read on from there. */
const SNAPSHOT_START = Buffer.from('WARC/1.1\r\nWARC-Type: warcinfo\r\n');

/** The fields of a record's head, by name in lower case. */
export type WarcFields = {
  /** The first value of a field; null where it is not there. */
  get(name: string): string | null;
  /** Every value of a field, in order. */
  all(name: string): string[];
};

/** A WARC record. */
export type WarcRecord = {
  readonly fields: WarcFields;
  /** What follows the head: an HTTP message, or the payload itself. */
  readonly block: Uint8Array;
};

/** What stands where no record can be read, and why. */
export type WarcDamage = { readonly damage: string };

/** The bytes of one WARC/1.1 record, not compressed; `Content-Length` is added. */
export function writeRecord(fields: readonly (readonly [string, string])[], block: Uint8Array): Uint8Array {
  const lines = [...fields, ['Content-Length', String(block.length)]].map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`WARC/1.1\r\n${lines.join('')}\r\n`), block, Buffer.from('\r\n\r\n')]);
}

/**
 * Reads the records of a WARC file in order: version 1.0 or 1.1, plain, compressed record by record or as a whole, of any size.
 * Field names may have any case, values may be folded, lines may end with a line feed alone.
 *
 * Tolerance: where something is no record, is damaged, ends early or is too large, its damage is yielded instead, and reading goes on
 * at the next snapshot of ours. Nothing between the two is given.
 *
 * @param isWanted Decides by the head whether a record is given; others are passed over without being held in memory.
 */
export const readRecords = (bytes: Uint8Array, isWanted: (fields: WarcFields) => boolean) =>
  parseRecords(decompressPieces(bytes), isWanted);

/** The decompressed bytes of a WARC file, in pieces of any size. What cannot be decompressed comes as an Error. */
export function decompressPieces(bytes: Uint8Array): Iterable<Buffer> | AsyncIterable<Buffer | Error> {
  const file = asBuffer(bytes);
  return isGzip(file) ? gunzipPieces(file, SNAPSHOT_START) : [file];
}

/** Reads records as {@link readRecords} does, from decompressed pieces; an Error among them is damage. */
export async function* parseRecords(
  pieces: Iterable<Buffer | Error> | AsyncIterable<Buffer | Error>,
  isWanted: (fields: WarcFields) => boolean = () => true,
): AsyncGenerator<WarcRecord | WarcDamage> {
  const reader = createPieceReader(pieces);
  for (;;) {
    try {
      await reader.skipLineEnds();
      const record = await readRecord(reader, isWanted);
      if (record === null) return;
      if (record !== 'unwanted') yield record;
    } catch (error) {
      yield { damage: errorMessage(error) };
      if (!(await reader.skipTo(SNAPSHOT_START))) return;
    }
  }
}

type PieceReader = ReturnType<typeof createPieceReader>;

async function readRecord(
  reader: PieceReader,
  isWanted: (fields: WarcFields) => boolean,
): Promise<WarcRecord | 'unwanted' | null> {
  const head = await reader.readHead();
  if (head.length === 0) return null;
  const fields = parseFields(head);
  const kept: Buffer[] = [head];
  try {
    if (!fields || head.includes(SNAPSHOT_START, 1)) {
      throw new Error('something that is no WARC record where one should begin');
    }
    const wanted = isWanted(fields);
    const type = fields.get('warc-type');
    const length = Number(fields.get('content-length') ?? Number.NaN);
    if (!Number.isSafeInteger(length)) throw new Error('a record whose head ends before it says how long it is');
    if (wanted && length > MAX_RECORD_BYTES) throw tooLargeError(`a ${type} record that`, MAX_RECORD_BYTES);
    let size = 0;
    while (size < length) {
      const piece = await reader.read(length - size);
      if (piece.length === 0) throw new Error(`a ${type} record that ends after ${size} of ${length} bytes`);
      size += piece.length;
      if (wanted) kept.push(piece);
    }
    if (!(await reader.isAtRecordEnd())) throw new Error(`a ${type} record that is longer than it says`);
    if (!wanted) return 'unwanted';
    // The block of a file that is in memory is one piece: it is not copied.
    return { fields, block: kept.length === 2 ? (kept[1] as Buffer) : Buffer.concat(kept.slice(1), size) };
  } catch (error) {
    // Another snapshot may begin inside: it does where this one was cut off.
    reader.unread([head.subarray(1), ...kept.slice(1)]);
    throw error;
  }
}

/** The fields of a head; null where it is the head of no record. */
function parseFields(head: Buffer): WarcFields | null {
  const { first, headers } = parseHttpMessage(head);
  if (!/^WARC\/\d/.test(first)) return null;
  const values = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const known = name.toLowerCase();
    // Values are UTF-8 in a WARC, and bytes in HTTP.
    values.set(known, [...(values.get(known) ?? []), Buffer.from(value, 'latin1').toString('utf8')]);
  }
  return { get: (name) => values.get(name)?.[0] ?? null, all: (name) => values.get(name) ?? [] };
}

/** Reads bytes that come in pieces as if they were one. An Error among the pieces is thrown where it stands. */
function createPieceReader(pieces: Iterable<Buffer | Error> | AsyncIterable<Buffer | Error>) {
  const iterator = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  let held: Buffer = EMPTY;

  /** Fetches another piece; false at the end. */
  async function fetchMore(): Promise<boolean> {
    const { done, value } = await iterator.next();
    if (done) return false;
    if (value instanceof Error) throw value;
    held = held.length === 0 ? value : Buffer.concat([held, value]);
    return true;
  }

  return {
    async skipLineEnds(): Promise<void> {
      for (;;) {
        const start = held.findIndex((byte) => byte !== 0x0d && byte !== 0x0a);
        held = start < 0 ? EMPTY : held.subarray(start);
        if (start >= 0 || !(await fetchMore())) return;
      }
    },

    /** Reads up to the next blank line, it included; or all that is left when no blank line follows. */
    async readHead(): Promise<Buffer> {
      for (;;) {
        const end = findHeadEnd(held);
        if (end !== null) {
          const head = held.subarray(0, end);
          held = held.subarray(end);
          return head;
        }
        if (held.length > MAX_HEAD_BYTES) throw tooLargeError('a record whose head', MAX_HEAD_BYTES);
        if (!(await fetchMore())) break;
      }
      const rest = held;
      held = EMPTY;
      return rest;
    },

    /** Reads at most so many bytes; none at the end. */
    async read(most: number): Promise<Buffer> {
      if (held.length === 0) await fetchMore();
      const piece = held.subarray(0, most);
      held = held.subarray(piece.length);
      return piece;
    },

    /** True where a record may end: before a blank line, another record or the end. */
    async isAtRecordEnd(): Promise<boolean> {
      for (;;) {
        const next = held.toString('latin1', 0, 9);
        if (/^\r?\n\r?\n|^(?:\r?\n)?WARC\//.test(next)) return true;
        if (next.length === 9) return false;
        if (!(await fetchMore())) return /^(?:\r?\n)?$/.test(next);
      }
    },

    /** Puts bytes back in front of those that are still to be read. */
    unread(bytes: readonly Buffer[]): void {
      held = Buffer.concat([...bytes, held]);
    },

    /** Goes on to the next place that begins with `start`; false when no such place follows. */
    async skipTo(start: Buffer): Promise<boolean> {
      for (;;) {
        const at = held.indexOf(start);
        held = held.subarray(at >= 0 ? at : Math.max(0, held.length - start.length + 1));
        if (at >= 0) return true;
        try {
          if (!(await fetchMore())) return false;
        } catch {
          held = EMPTY;
        }
      }
    },
  };
}
