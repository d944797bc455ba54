import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import type { Day, Instant } from '../../shared/lib/time.ts';
import { isUsable } from '../../shared/model/listing.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { dayAt } from '../cli/saved.ts';
import { aFile, imported } from '../support/importing.ts';

const AT = '2026-03-03T12:00:00Z' as Instant;
const LIST = Buffer.from(dayAt(AT));
const rowsOf = (listing: { readonly rows: readonly { id: string | null; upvotes: number | null }[] } | null) =>
  listing?.rows.map(({ id, upvotes }) => `${id} ${upvotes}`) ?? [];
const entries: { paper: { id: string; title: string; summary: string; upvotes: number } }[] = JSON.parse(
  LIST.toString(),
);
const TRUE_ROWS = new Set(entries.map(({ paper }) => `${paper.id} ${paper.upvotes}`));

const COMPRESS = { gzip: gzipSync, zstd: zstdCompressSync, brotli: brotliCompressSync, zlib: deflateSync } as const;
const WRAP = {
  'an object': (list: string) => `{"data":${list}}`,
  'an array': (list: string) => `[${list}]`,
  'a JSON string': (list: string) => JSON.stringify(list),
  'a page': (list: string) => `<html><body><pre>${list}</pre></body></html>`,
  Markdown: (list: string) => `# Papers\n\n\`\`\`json\n${list}\n\`\`\`\n`,
  YAML: (list: string) => `papers: ${list}\n`,
  MHTML: (list: string) =>
    `MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n\r\n${list}\r\n--x--\r\n`,
  'JSON lines': () => entries.map((entry) => JSON.stringify(entry)).join('\n'),
  CSV: () => `id,title\n${entries.map(({ paper }) => `${paper.id},"${paper.title}"`).join('\n')}\n`,
  TSV: () =>
    `id\ttitle\tabstract\n${entries.map(({ paper }) => `${paper.id}\t${paper.title}\t${paper.summary}`).join('\n')}\n`,
  BibTeX: () =>
    entries
      .map(({ paper }) => `@misc{${paper.id},\n  title = {${paper.title}},\n  abstract = {${paper.summary}}\n}`)
      .join('\n\n'),
  base64: (list: string) => Buffer.from(list).toString('base64'),
  hex: (list: string) => Buffer.from(list).toString('hex'),
} as const;

const keys = <T extends object>(object: T) => fc.constantFrom(...(Object.keys(object) as (keyof T)[]));
const part = fc.double({ min: 0, max: 1, noNaN: true });
/** Real lists made into something else, as steps, so that a failure can be read. */
const changes = fc.oneof(
  fc.record({ from: part, to: part }),
  fc.record({ compress: keys(COMPRESS), to: part }),
  fc.record({ compress: keys(COMPRESS), again: keys(COMPRESS) }),
  fc.record({ wrap: keys(WRAP) }),
  fc.record({ wrap: keys(WRAP), compress: keys(COMPRESS) }),
  fc.record({ at: part, insert: fc.uint8Array({ minLength: 1, maxLength: 20 }) }),
  fc.record({ bytes: fc.uint8Array({ maxLength: 500 }) }),
  fc.record({ json: fc.json() }),
  fc.record({ prose: fc.lorem({ maxCount: 40, mode: 'sentences' }) }),
);
type Change = {
  from?: number;
  to?: number;
  at?: number;
  compress?: keyof typeof COMPRESS;
  again?: keyof typeof COMPRESS;
  wrap?: keyof typeof WRAP;
  insert?: Uint8Array;
  bytes?: Uint8Array;
  json?: string;
  prose?: string;
};

function change({ from = 0, to = 1, at = 0, compress, again, wrap, insert, bytes, json, prose }: Change): Buffer {
  let list = Buffer.from(bytes ?? json ?? prose ?? LIST);
  if (insert) {
    const place = Math.floor(at * list.length);
    list = Buffer.concat([list.subarray(0, place), insert, list.subarray(place)]);
  }
  if (wrap) list = Buffer.from(WRAP[wrap](list.toString()));
  for (const coding of [compress, again]) if (coding) list = COMPRESS[coding](list);
  return list.subarray(Math.floor(from * list.length), Math.floor(to * list.length));
}

const name = fc.constantFrom('x.json', 'x.JSON.gz', 'x.html', 'x.txt', 'x.bin', 'x.md', 'x.warc.gz', 'x');

describe('a list that was cut, compressed, spliced or wrapped in something else', () => {
  it('is kept, and gives no row that is not in the list', async () => {
    await fc.assert(
      fc.asyncProperty(changes, name, async (changed, file) => {
        const given = { list: 'daily', day: '2026-03-03' as Day, at: AT } as const;
        const { captures, archive } = await imported([aFile(file, change(changed), given)]);
        for (const { key, outcome } of captures) {
          expect(key).not.toBeNull();
          if (key === null || outcome === null || !isUsable(outcome)) continue;
          const { capture } = await readSnapshot(archive, key);
          const rows = rowsOf(parsers.daily.parse(capture).listing);
          expect(rows.filter((row) => !TRUE_ROWS.has(row))).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
