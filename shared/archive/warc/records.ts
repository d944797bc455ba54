import { AsyncIterReader, HeadersMultiMap, StatusAndHeaders, WARCParser, WARCRecord, WARCSerializer } from 'warcio';
import { MAX_RECORD_BYTES } from '../../model/limits.ts';
import { tooLargeError } from './coding.ts';

/** The most bytes of a record's head, and of what may stand between two; those seen are below 2 kB. */
const LARGEST_HEAD = 1_000_000;

/** A WARC record as read. */
export type WarcRecord = {
  /** A field of its head by its name in lower case; null if it is not there. A field given several times is joined by `,,,`. */
  field(name: string): string | null;
  /** What stands behind the head: an HTTP message, or the payload itself. */
  readonly block: Uint8Array;
};

const EMPTY = new Uint8Array();

/**
 * The bytes of one WARC/1.1 record, not compressed; `Content-Length` is added.
 * The fields must hold `WARC-Payload-Digest` and `WARC-Block-Digest`, or warcio computes both over the whole block.
 */
export function writeRecord(fields: readonly [string, string][], block: Uint8Array): Promise<Uint8Array> {
  // warcio joins repeated fields by `,,,` and takes such commas apart again when it writes, in the middle of a URL too.
  const headers = Object.assign(new HeadersMultiMap([...fields]), { isMultiValue: () => false });
  const warcHeaders = new StatusAndHeaders({ statusline: 'WARC/1.1', headers });
  return WARCSerializer.serialize(new WARCRecord({ warcHeaders, reader: [block] }));
}

/**
 * Reads the records of a WARC that is not compressed, in order; only those that are `wanted` are kept in memory and told.
 * Throws at the first thing that is no record, at a record that ends early, and at one that would fill the memory; what came before has
 * been told by then.
 */
export async function* readRecords(
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  wanted: (field: WarcRecord['field']) => boolean,
): AsyncGenerator<WarcRecord> {
  // What warcio has read without coming to the end of a head. What was in hand as one piece is no more for it.
  let head = 0;
  let inHead = true;
  async function* bounded(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      if (inHead && head > LARGEST_HEAD) throw tooLargeError('a record whose head', LARGEST_HEAD);
      head += chunk.length;
      yield chunk;
    }
  }
  // HTTP is not left to warcio: it loses the order of repeated headers, empty ones, and the body behind a head without any.
  const parser = new WARCParser(new AsyncIterReader(bounded(), null), { keepHeadersCase: true, parseHttp: false });
  for await (const record of parser) {
    const { statusline, headers } = record.warcHeaders;
    if (!statusline.startsWith('WARC/')) throw new Error('something that is no WARC record where one should begin');
    const fields = new Map([...headers.entries()].map(([name, value]) => [name.toLowerCase(), value]));
    const field = (name: string) => fields.get(name) ?? null;
    const keep = wanted(field);
    if (field('content-length') === null) throw new Error('a record whose head ends before it says how long it is');
    inHead = false;
    const chunks: Uint8Array[] = [];
    let size = 0;
    // Read to the end even if it is not wanted: warcio's own skipping never returns when the file ends first.
    for await (const chunk of record.reader) {
      size += chunk.length;
      if (keep && size > MAX_RECORD_BYTES) throw tooLargeError(`a ${field('warc-type')} record that`, MAX_RECORD_BYTES);
      if (keep) chunks.push(chunk);
    }
    inHead = true;
    head = 0;
    const length = Number(field('content-length'));
    if (size !== length) throw new Error(`a ${field('warc-type')} record that ends after ${size} of ${length} bytes`);
    const [only = EMPTY, ...others] = chunks;
    // Of bytes in hand a block is one piece: it is not copied.
    if (keep) yield { field, block: others.length === 0 ? only : Buffer.concat(chunks, size) };
  }
}
