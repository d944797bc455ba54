import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ListName } from '../../shared/model/list.ts';
import { isUsable, type ParseResult } from '../../shared/model/listing.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { aCapture, aCopiedPage, anExchange, aPage, bytesOf, entries, idOf } from './feed.ts';

/**
 * Nothing that is not a list becomes one: whatever is made of a list's bytes by cutting, re-encoding, joining or wrapping them, a usable
 * listing has no row that the list has not. (Rows may be missing: a text may be cut.)
 */

const COUNT = 6;
const json = JSON.stringify(entries(COUNT));
const page = aPage({
  entries: entries(COUNT),
  props: { dateString: '2025-01-08', periodType: 'day', isTrending: false },
});
const trendingPage = aPage({ entries: entries(COUNT) });
const copied = aCopiedPage(COUNT);
const other = JSON.stringify(entries(COUNT, 50));

const ids = new Set(Array.from({ length: COUNT }, (_, at) => idOf(at)));
const titles = new Set(entries(COUNT).map((entry) => (entry.paper as { title: string }).title));
const copiedTitles = new Set(copied.split('\n').filter((line) => line.startsWith('Tables ')));

/** Parses a file as an import does where nothing is known but what its bytes begin with. */
function parseAll(bytes: Uint8Array, type: string | null): ParseResult[] {
  const headers = type === null ? [] : [['content-type', type] as const];
  const url = 'https://huggingface.co/papers/date/2025-01-08';
  const exchange = anExchange({ url, status: null, sent: null, headers, body: bytes });
  return (['daily', 'trending', 'watched:a'] as ListName[]).map((list) =>
    parsers[list === 'watched:a' ? 'watched' : (list as 'daily')].parse(
      aCapture({ list, imported: true, exchanges: [exchange] }),
    ),
  );
}

function expectNoFalseRow(bytes: Uint8Array, type: string | null): void {
  for (const { outcome, listing } of parseAll(bytes, type)) {
    if (!isUsable(outcome) || !listing) continue;
    for (const { id, content } of listing.rows) {
      if (listing.via === 'text') expect(copiedTitles).toContain(content.title);
      else expect(ids).toContain(id);
      if (listing.via !== 'text') expect(titles).toContain(content.title);
    }
  }
}

const anyType = fc.constantFrom(null, 'application/json', 'text/html', 'text/plain');
const anyList = fc.constantFrom(json, page, trendingPage, copied);

test('a list that is cut anywhere, at either end, never gives a false row', () => {
  fc.assert(
    fc.property(anyList, anyType, fc.nat(), fc.boolean(), (list, type, at, fromEnd) => {
      const place = at % list.length;
      expectNoFalseRow(bytesOf(fromEnd ? list.slice(place) : list.slice(0, place)), type);
    }),
    { numRuns: 150 },
  );
});

const compressions = [gzipSync, deflateSync, brotliCompressSync, zstdCompressSync];
const encodings: readonly ((text: string) => Uint8Array)[] = [
  ...compressions.map((compress) => (text: string) => new Uint8Array(compress(text))),
  (text) => Buffer.from(text, 'utf16le'),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  (text) => Buffer.from(text, 'utf16le').swap16(),
  (text) => Buffer.from(Buffer.from(text).toString('base64')),
  (text) => Buffer.from(Buffer.from(text).toString('hex')),
  (text) => Buffer.from(encodeURIComponent(text)),
  (text) => Buffer.from(JSON.stringify(text)),
  (text) => Buffer.from(text.replaceAll('=', '=3D').replaceAll(/(.{70})/g, '$1=\r\n')),
  (text) => Buffer.from(text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')),
];
test('a list in another encoding never gives a false row', () => {
  fc.assert(
    fc.property(anyList, anyType, fc.constantFrom(...encodings), (list, type, encode) => {
      expectNoFalseRow(encode(list), type);
    }),
    { numRuns: 150 },
  );
});

const PROSE = `These terms apply to everyone ${'who reads them, '.repeat(20)}and to all others.`;
const wrappers: readonly ((text: string) => string)[] = [
  (text) => `{"data":${JSON.stringify(text)},"papers":${JSON.stringify(text)}}`,
  (text) => `[${text}]`,
  (text) => `{"papers":${text}}`,
  (text) => `callback(${text})`,
  (text) => `id,text,at\n1,"${text.replaceAll('"', '""')}",now\n`,
  (text) => `id\ttext\n1\t${text}\n`,
  (text) => `title: a list\ntext: |\n  ${text.replaceAll('\n', '\n  ')}\nsource: the papers page of today\n`,
  (text) => `# A list\n\n\`\`\`\n${text}\n\`\`\`\n\nand that was all of it\n`,
  (text) => `> ${text.replaceAll('\n', '\n> ')}`,
  (text) => `@misc{list,\n  note = {${text}}\n}\n`,
  (text) => `<rss><item><description><![CDATA[${text}]]></description></item></rss>`,
  (text) => `<html><body><pre>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</pre></body></html>`,
  (text) => `MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n--x\n\n${text}\n--x--\n`,
  (text) => `WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: ${text.length}\r\n\r\n${text}\r\n\r\n`,
  (text) => text.split('').reverse().join(''),
];
test('a list that is wrapped in another format never gives a false row', () => {
  fc.assert(
    fc.property(anyList, anyType, fc.constantFrom(...wrappers), (list, type, wrap) => {
      expectNoFalseRow(bytesOf(wrap(list)), type);
    }),
    { numRuns: 200 },
  );
});

test('a list that is joined with another file, or has a part cut out, never gives a false row', () => {
  const file = fc.constantFrom(
    json,
    page,
    copied,
    other,
    PROSE,
    '{"error":"no such page"}',
    'id,title\n1,Leaves\n',
    '\0\u0001\u0002',
  );
  fc.assert(
    fc.property(anyList, file, anyType, fc.boolean(), (list, joined, type, first) => {
      // Of a page that is followed by another list, its own list is read.
      if (joined === other && list !== page && list !== trendingPage) return;
      expectNoFalseRow(bytesOf(first ? `${joined}\n${list}` : `${list}\n${joined}`), type);
    }),
    { numRuns: 200 },
  );
});

test('files that are not a list never become one: text, JSON of other shapes, markup, binary', () => {
  const file = fc.oneof(
    fc.uint8Array({ maxLength: 2_000 }),
    fc.string({ maxLength: 500, unit: 'binary' }).map(bytesOf),
    fc.jsonValue().map((value) => bytesOf(Array.isArray(value) && value.length === 0 ? {} : value)),
    fc
      .array(fc.lorem({ mode: 'sentences', maxCount: 12 }), { maxLength: 20 })
      .map((lines) => bytesOf(lines.join('\n\n'))),
    fc
      .array(fc.lorem(), { maxLength: 9 })
      .map((lines) =>
        bytesOf(`<html><body>${lines.map((line) => `<article><h3>${line}</h3></article>`).join('')}</body></html>`),
      ),
  );
  fc.assert(
    fc.property(file, anyType, (bytes, type) => {
      for (const { outcome } of parseAll(bytes, type)) expect(isUsable(outcome)).toBe(false);
    }),
    { numRuns: 200 },
  );
});
