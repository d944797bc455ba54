import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readFileContent } from '../../shared/import/formats.ts';

const LIST = '[{"paper":{"id":"2501.00001","title":"A made-up paper","upvotes":3}}]';
const PAGE = '<!doctype html><html><body>Papers</body></html>';
const LONG = Array.from({ length: 2000 }, (_, at) => `${at * at}`).join();
/** Bytes without any structure. */
const NOISE = Uint8Array.from({ length: 3000 }, (_, at) => Math.abs(Math.sin(at + 1) * 1e9) & 0xff);

const typeOf = (name: string, body: string | Uint8Array) => readFileContent(name, Buffer.from(body)).mediaType;

describe('Recognising the format of a file', () => {
  it.each<[string, string, string | Uint8Array]>([
    ['application/json', 'x.json', LIST],
    ['application/json', 'x', ` \n${LIST}`],
    ['application/json', 'x.json', Buffer.from(`\ufeff${LIST}`, 'utf16le')],
    ['text/html', 'x.html', PAGE],
    ['text/plain', 'x.txt', 'Daily Papers'],
    ['text/plain', 'x.txt', Buffer.from('\ufeffPapers', 'utf16le')],
    ['application/har+json', 'x.har', '{ "log": { "version": "1.2" } }'],
    ['multipart/related', 'x.mhtml', 'From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n'],
    ['application/zip', 'x.wacz', 'PK\x03\x04rest'],
    ['application/vnd.sqlite3', 'x.sqlite', 'SQLite format 3\0rest'],
    ['application/vnd.apache.parquet', 'x.parquet', 'PAR1rest'],
    ['application/x-arc', 'x.arc.gz', gzipSync('filedesc://x.arc 127.0.0.1')],
    ['application/x-tar', 'x.tar.gz', gzipSync(`a.json${'\0'.repeat(251)}ustar\x0000`)],
    ['application/x-xz', 'x.json.xz', Buffer.from('\xfd7zXZ\0rest', 'latin1')],
    ['application/x-bzip2', 'x.json.bz2', 'BZh91AY'],
    ['application/x-7z-compressed', 'x.7z', Buffer.from('7z\xbc\xaf\x27\x1c\0', 'latin1')],
    ['application/pdf', 'x.txt', '%PDF-1.7\n'],
    ['application/octet-stream', 'x.txt', NOISE],
    ['application/octet-stream', 'x.txt', 'Papers\0and controls'],
    ['application/octet-stream', 'x.txt', Buffer.from('caf\xe9 papers', 'latin1')],
    ['application/octet-stream', 'x.json', Buffer.from('[{"title":"caf\xe9"}]', 'latin1')],
    ['application/octet-stream', 'x.html', Buffer.from('<p>caf\xe9</p>', 'latin1')],
    ['text/plain', 'copied page', 'Daily Papers'],
    ['application/x-other-text', 'x.eml', 'Subject: Daily Papers'],
    ['text/csv', 'x.csv', 'rank,title\n1,A'],
    ['text/tab-separated-values', 'x.TSV', 'rank\ttitle'],
    ['application/yaml', 'x.yml', '- title: A'],
    ['text/markdown', 'x.md', '# Papers'],
    ['application/x-bibtex', 'x.bib', '@misc{a}'],
  ])('a file is %s by its content and, if it is text, by its name: %s', (mediaType, name, body) => {
    expect(typeOf(name, body)).toBe(mediaType);
  });

  it('a file whose name ends in .json holds JSON or nothing that can be read', () => {
    for (const name of ['x.json', 'x.JSON', 'x.json.gz']) {
      expect(typeOf(name, 'Daily Papers\n\nA title')).toBe('application/json');
      expect(typeOf(name, NOISE)).toBe('application/octet-stream');
    }
  });

  it('text is text even if its last character is cut off', () => {
    expect(typeOf('x.txt', Buffer.from('Papers\u2013').subarray(0, -1))).toBe('text/plain');
  });

  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
    ['zlib', deflateSync],
    ['brotli', brotliCompressSync],
  ] as const)(
    'a file compressed with %s is decompressed when it holds JSON or a page, whatever its name',
    (_, compress) => {
      for (const [body, mediaType] of [
        [LIST, 'application/json'],
        [PAGE, 'text/html'],
      ] as const) {
        const content = readFileContent('x.json', compress(body));
        expect(content).toMatchObject({ mediaType, cut: false });
        expect(Buffer.from(content.body).toString()).toBe(body);
      }
    },
  );

  it('a file that was compressed two or three times is decompressed as often, and no more than three times', () => {
    const twice = gzipSync(brotliCompressSync(LIST));
    for (const bytes of [twice, gzipSync(twice), zstdCompressSync(gzipSync(LIST))])
      expect(Buffer.from(readFileContent('x.json.gz', bytes).body).toString()).toBe(LIST);
    expect(typeOf('x.json.gz', gzipSync(gzipSync(gzipSync(gzipSync(LIST)))))).toBe('application/gzip');
  });

  it('a compressed file that holds something else stays as it is', () => {
    expect(typeOf('x', zstdCompressSync(LONG))).toBe('application/zstd');
    expect(typeOf('x.warc.zst', zstdCompressSync('WARC/1.1\r\n'))).toBe('application/zstd');
    expect(typeOf('x.txt', brotliCompressSync(LONG))).toBe('application/octet-stream');
  });

  it('of a compressed file that ends early, what can be decompressed is read', () => {
    const packed = gzipSync(`[${LONG}]`);
    const { body, cut, mediaType } = readFileContent('x.json.gz', packed.subarray(0, packed.length / 2));
    expect([cut, mediaType]).toEqual([true, 'application/json']);
    expect(body.length).toBeGreaterThan(1000);
    expect(`[${LONG}]`.startsWith(Buffer.from(body).toString())).toBe(true);
  });

  it('a gzip file with wrong bytes inside stays as it is', () => {
    const packed = gzipSync(LONG).fill(0xff, 100, 200);
    expect(readFileContent('x.json.gz', packed)).toEqual({ mediaType: 'application/gzip', body: packed, cut: false });
  });

  it('a file larger than 64 MB is refused, and one that would become larger stays compressed', () => {
    const most = Buffer.alloc(64_000_000, ' ');
    const more = Buffer.alloc(64_000_001, ' ');
    expect(() => readFileContent('x.json', more)).toThrow(
      expect.objectContaining({ code: 'TOO_LARGE', message: 'it is larger than 64 MB' }),
    );
    for (const packed of [gzipSync(more), gzipSync(more).subarray(0, -4)])
      expect(readFileContent('x.json', packed)).toEqual({ mediaType: 'application/gzip', body: packed, cut: false });
    expect(readFileContent('x.json', gzipSync(most)).body.length).toBe(most.length);
  });
});
