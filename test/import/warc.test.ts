import { brotliCompressSync, deflateRawSync, deflateSync, gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { detectWarc, readWarcFile } from '../../shared/import/warc.ts';
import type { WatchedSearch } from '../../shared/lists.ts';
import { aCapture, anExchange, serializeCapture, utf8 } from '../archive/captures.ts';

type Fields = Record<string, string>;
type Part = string | Uint8Array;

const SITE = 'https://huggingface.co';
const AT = '2025-01-08T06:15:00Z';
const LIST = '[{"paper":{"id":"2501.00001","upvotes":3}}]';
const MORE_THAN_64_MB = Buffer.alloc(64_000_001);
/** What another program recorded in a WARC file. */
async function readForeignWarc(bytes: Uint8Array, watched: readonly WatchedSearch[]) {
  const { captures, skipped, damages } = await readWarcFile(bytes, watched);
  return { captures: captures.map(({ capture }) => capture), skipped, damage: damages[0] ?? null };
}

const WATCHED = [{ slug: 'agents', query: 'language agents' }];

const bytesOf = (...parts: Part[]): Buffer => Buffer.concat(parts.map((part) => Buffer.from(part)));

/** A record as other programs write it. */
function record(type: string, fields: Fields, ...block: Part[]): Buffer {
  const body = bytesOf(...block);
  const head = { 'WARC-Type': type, 'WARC-Date': AT, ...fields, 'Content-Length': String(body.length) };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  return bytesOf(`WARC/1.0\r\n${lines.join('')}\r\n`, body, '\r\n\r\n');
}

/** A response of 200 with a list. */
const response = (path: string, fields: Fields = {}, headers = '', body: Part = LIST): Buffer =>
  record(
    'response',
    { 'WARC-Target-URI': SITE + path, 'Content-Type': 'application/http; msgtype=response', ...fields },
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${headers}\r\n`,
    body,
  );

const INFO = record('warcinfo', { 'Content-Type': 'application/warc-fields' }, 'software: some-crawler/1.0\r\n');
const read = (...records: Uint8Array[]) => readForeignWarc(bytesOf(INFO, ...records), WATCHED);

describe('a WARC of another program', () => {
  it('gives captures that are marked as imported', async () => {
    const { captures, skipped, damage } = await read(
      response('/api/daily_papers?date=2025-01-07', {}, 'ETag: "1"\r\n'),
    );
    expect(captures).toEqual([
      {
        list: 'daily',
        day: '2025-01-07',
        at: AT,
        imported: true,
        exchanges: [
          {
            url: `${SITE}/api/daily_papers?date=2025-01-07`,
            at: AT,
            status: 200,
            headers: [
              ['Content-Type', 'application/json'],
              ['ETag', '"1"'],
            ],
            sent: null,
            body: utf8(LIST),
            cut: false,
          },
        ],
      },
    ]);
    expect({ skipped, damage }).toEqual({ skipped: [], damage: null });
  });

  it.each([
    ['/api/daily_papers?date=2025-01-07&limit=100', 'daily', '2025-01-07'],
    ['/api/daily_papers', 'daily', '2025-01-08'],
    ['/papers/date/2025-01-07', 'daily', '2025-01-07'],
    ['/papers/date/2025-01-07/', 'daily', '2025-01-07'],
    ['/papers?date=2025-01-07', 'daily', '2025-01-07'],
    ['/papers/trending', 'trending', '2025-01-08'],
    ['/papers?q=language+agents', 'watched:agents', '2025-01-08'],
    ['/papers?q=language%20agents', 'watched:agents', '2025-01-08'],
  ])('gives %s as %s of %s', async (path, list, day) => {
    const { captures } = await read(response(path));
    expect(captures).toMatchObject([{ list, day, at: AT }]);
  });

  it.each(['https://www.huggingface.co', 'https://hf.co', 'http://127.0.0.1:4711', 'http://localhost:80'])(
    'is searched for the feed under the address %s',
    async (origin) => {
      const { captures } = await read(response('', { 'WARC-Target-URI': `${origin}/papers/trending` }));
      expect(captures).toHaveLength(1);
    },
  );

  it('gives nothing for other records, and names each record of a list that it skips', async () => {
    const { captures, skipped } = await read(
      response('/papers/trending'),
      response('/papers/2501.00001'),
      response('/api/daily_papers?week=2025-W02'),
      response('', { 'WARC-Target-URI': 'https://example.org/papers/trending' }),
      response('', { 'WARC-Target-URI': 'urn:pageinfo:x' }),
      record('metadata', { 'WARC-Target-URI': `${SITE}/papers/trending` }, 'fetchTimeMs: 12\r\n'),
      response('/papers?q=unwatched+words'),
      response('/papers/date/2025-02-30'),
      response('/papers/trending', { 'WARC-Date': 'yesterday' }),
      record('response', { 'WARC-Target-URI': `${SITE}/papers/trending` }, 'HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n'),
      record('response', { 'WARC-Target-URI': `${SITE}/papers/trending` }, 'HTTP/1.1 304 Not Modified\r\n\r\n'),
      record('response', { 'WARC-Target-URI': `${SITE}/papers/trending` }, 'no HTTP at all'),
      record('conversion', { 'WARC-Target-URI': `${SITE}/papers/trending` }, 'Papers'),
    );
    expect(captures).toHaveLength(1);
    expect(skipped.map(({ url, why }) => [url.slice(SITE.length), why])).toEqual([
      ['/papers?q=unwatched+words', 'this search is not watched'],
      ['/papers/date/2025-02-30', 'it names a day that does not exist'],
      ['/papers/trending', 'it does not say when it was captured'],
      ['/papers/trending', 'it is a redirect'],
      ['/papers/trending', 'it says "not modified", and holds no list'],
      ['/papers/trending', 'it is no HTTP response'],
      ['/papers/trending', 'it is a conversion record'],
    ]);
  });

  it('gives responses that are no lists, since they were observed', async () => {
    const answer = (status: string) =>
      record('response', { 'WARC-Target-URI': `${SITE}/papers/trending` }, `HTTP/2 ${status}\r\n\r\nslow down`);
    const { captures } = await read(answer('429'), answer('503 Service Unavailable'));
    expect(captures.map(({ exchanges }) => exchanges[0]?.status)).toEqual([429, 503]);
  });

  it('gives the request of a response, whichever comes first, without credentials', async () => {
    const request = (fields: Fields, line = 'GET') =>
      record(
        'request',
        { 'WARC-Target-URI': `${SITE}/papers/trending`, ...fields },
        `${line} /papers/trending HTTP/1.1\r\nUser-Agent: crawler\r\nCookie: secret\r\nauthorization: secret\r\n\r\n`,
      );
    const id = (name: string) => `<urn:uuid:${name}>`;
    const sentOf = async (...records: Uint8Array[]) => {
      const { captures } = await read(...records);
      return captures.map(({ exchanges }) => exchanges[0]?.sent);
    };
    const sent = [['User-Agent', 'crawler']];
    const heritrix = [
      response('/papers/trending', { 'WARC-Record-ID': id('a') }),
      request({ 'WARC-Record-ID': id('b'), 'WARC-Concurrent-To': id('a') }),
    ];
    const wget = [
      request({ 'WARC-Record-ID': id('b') }),
      response('/papers/trending', { 'WARC-Record-ID': id('a'), 'WARC-Concurrent-To': id('b') }),
    ];
    expect(await sentOf(...heritrix)).toEqual([sent]);
    expect(await sentOf(...wget)).toEqual([sent]);
    expect(await sentOf(response('/papers/trending', { 'WARC-Record-ID': id('c') }), ...wget)).toEqual([null, sent]);
    const head = request({ 'WARC-Record-ID': id('b'), 'WARC-Concurrent-To': id('a') }, 'HEAD');
    const { captures, skipped } = await read(...heritrix.slice(0, 1), head);
    expect([captures, skipped]).toMatchObject([[], [{ why: 'it answers "HEAD /papers/trending HTTP/1.1"' }]]);
  });

  it('gives no credentials, neither of the response nor of the URL', async () => {
    const { captures } = await read(
      response(
        '',
        { 'WARC-Target-URI': 'https://me:secret@huggingface.co/papers/trending#secret' },
        'Set-Cookie: secret\r\n',
      ),
    );
    expect(captures[0]?.exchanges[0]).toMatchObject({ url: `${SITE}/papers/trending` });
    expect(JSON.stringify(captures)).not.toContain('secret');
  });

  it('joins the pages of one visit in their order', async () => {
    const page = (p: number, date: string, more = '') =>
      response(`/api/daily_papers?limit=100&p=${p}&date=2025-01-07${more}`, { 'WARC-Date': date });
    const { captures } = await read(
      page(1, '2025-01-08T06:15:00.5Z'),
      page(0, '2025-01-08T06:15:00Z'),
      page(2, '2025-01-08T06:25:00Z'),
      page(3, '2025-01-08T06:25:01Z'), // ten minutes are over
      page(0, '2025-01-08T07:00:00Z'),
      page(2, '2025-01-08T07:00:02Z'), // page 1 is missing
      page(1, '2025-01-08T08:00:00Z'), // there is no page 0 before it
      page(1, '2025-01-08T08:00:01Z'),
      page(1, '2025-01-08T07:00:03Z', '&sort=publishedAt'), // another list
    );
    const pages = captures.map(({ at, exchanges }) => [
      at.slice(11, 19),
      ...exchanges.map(({ url }) => /p=(\d)/.exec(url)?.[1]),
    ]);
    expect(pages).toEqual([
      ['06:15:00', '0', '1', '2'],
      ['06:25:01', '3'],
      ['07:00:00', '0'],
      ['07:00:02', '2'],
      ['07:00:03', '1'],
      ['08:00:00', '1'],
      ['08:00:01', '1'],
    ]);
  });

  it.each<[string, string]>([
    [
      'names of fields in another case',
      'warc-type: response\r\nwarc-target-uri: URL\r\nWarc-Date: AT\r\ncontent-length: LENGTH\r\n',
    ],
    [
      'folded lines',
      'WARC-Type: response\r\nWARC-Target-URI:\r\n URL\r\nWARC-Date:\r\n\tAT\r\nContent-Length: LENGTH\r\n',
    ],
    ['line feeds alone', 'WARC-Type: response\nWARC-Target-URI: URL\nWARC-Date: AT\nContent-Length: LENGTH\n'],
    [
      'an address in angle brackets, as wget writes it',
      'WARC-Type: response\r\nWARC-Target-URI: <URL>\r\nWARC-Date: AT\r\nContent-Length: LENGTH\r\n',
    ],
    [
      'no blank before values',
      'WARC-Type:response\r\nWARC-Target-URI:URL\r\nWARC-Date:AT\r\nContent-Length:LENGTH\r\n',
    ],
  ])('is read with %s in the heads of its records', async (_, head) => {
    const http = `HTTP/1.1 200 OK\r\nCONTENT-TYPE: application/json\r\n\r\n${LIST}`;
    const values = { URL: `${SITE}/papers/trending`, AT, LENGTH: String(http.length) };
    const filled = head.replaceAll(/URL(?=[>\r\n])|\bAT\b|LENGTH/g, (name) => values[name as keyof typeof values]);
    const end = head.includes('\r') ? '\r\n' : '\n';
    const file = bytesOf(`WARC/1.1${end}${filled}${end}`, http, end, end, response('/papers/date/2025-01-07'));
    const { captures, damage } = await readForeignWarc(file, []);
    expect(damage).toBeNull();
    expect(captures.map(({ list, exchanges }) => [list, Buffer.from(exchanges[0]?.body ?? []).toString()])).toEqual([
      ['trending', LIST],
      ['daily', LIST],
    ]);
  });

  it.each([
    ['2025-01-08T06:15Z', '2025-01-08T06:15:00Z'],
    ['2025-01-08T06:15+01:00', '2025-01-08T05:15:00Z'],
    ['20250108061500', null],
    ['2025-01-08', null],
  ])('is dated by the date of a record, or skipped: %s', async (date, at) => {
    const { captures } = await read(response('/papers/trending', { 'WARC-Date': date }));
    expect(captures.map((capture) => capture.at)).toEqual(at === null ? [] : [at]);
  });

  it('gives the list of the day that a request names by a full time', async () => {
    const { captures } = await read(
      response('/api/daily_papers?date=2025-01-07T00:00:00.000Z'),
      response('/api/daily_papers?date=2025-01-06T00%3A00%3A00Z'),
    );
    expect(captures.map(({ day }) => day)).toEqual(['2025-01-07', '2025-01-06']);
  });

  it.each(['/papers', '/papers/', '/papers?utm_source=mail'])(
    'gives the list of the day that a page shows: %s',
    async (path) => {
      const page = '<html><body><time datetime="2025-01-07T00:00:00.000Z">Jan 7</time></body></html>';
      const { captures } = await read(response(path, {}, '', page), response(path, {}, '', 'no day'));
      expect(captures.map(({ list, day }) => [list, day])).toEqual([
        ['daily', '2025-01-07'],
        ['daily', '2025-01-08'],
      ]);
    },
  );

  it('gives a capture of each day that the entries name when the request names no day', async () => {
    const entry = (at: string) => ({ paper: { id: '2501.00001', upvotes: 3, submittedOnDailyAt: at } });
    const entries = [entry('2025-01-07T03:00:00Z'), entry('2025-01-06T00:00:00Z'), entry('2025-01-07T00:00:00Z')];
    const { captures } = await read(response('/api/daily_papers?limit=3', {}, '', JSON.stringify(entries)));
    expect(captures.map(({ day, exchanges }) => [day, exchanges[0]?.url])).toEqual(
      [
        ['2025-01-07', `${SITE}/api/daily_papers?limit=3`],
        ['2025-01-06', `${SITE}/api/daily_papers?limit=3`],
      ].toReversed(),
    );
  });

  it('accepts dates with fractions of a second and any offset', async () => {
    const { captures } = await read(response('/papers/trending', { 'WARC-Date': '2025-01-09T00:30:00.987+01:00' }));
    expect(captures).toMatchObject([{ at: '2025-01-08T23:30:00Z', day: '2025-01-08' }]);
  });

  it('gives a resource as a payload without status and headers', async () => {
    const fields = { 'WARC-Target-URI': `${SITE}/papers/trending`, 'Content-Type': 'text/html' };
    const { captures } = await read(
      record('resource', fields, '<p>'),
      record('resource', { ...fields, 'Content-Type': 'é' }, '<q>'),
    );
    expect(captures.map(({ exchanges }) => exchanges[0])).toMatchObject([
      { status: null, headers: [['content-type', 'text/html']], sent: null, body: utf8('<p>') },
      { status: null, headers: [], sent: null, body: utf8('<q>') },
    ]);
  });

  it('may be compressed as a whole, record by record, or not at all', async () => {
    const records = [INFO, response('/papers/trending')];
    const plain = await readForeignWarc(bytesOf(...records), []);
    expect(plain.captures).toHaveLength(1);
    expect(await readForeignWarc(gzipSync(bytesOf(...records)), [])).toEqual(plain);
    expect(await readForeignWarc(bytesOf(...records.map((each) => gzipSync(each))), [])).toEqual(plain);
  });

  it('gives captures that the archive stores unchanged', async () => {
    const { captures } = await read(response('/papers/trending', {}, 'X-Odd: a,,,b\r\nX-Empty:\r\nx y: no header\r\n'));
    const [capture] = captures;
    if (!capture) throw new Error('no capture');
    expect((await parseSnapshot(await serializeCapture(capture))).capture).toStrictEqual(capture);
  });

  it('may hold HTTP heads with bare line feeds and folded headers', async () => {
    const head = 'HTTP/1.0 200 OK\nX-One: a\n\tb\r\nX-Two:c\n\n';
    const { captures } = await read(
      record('response', { 'WARC-Target-URI': `${SITE}/papers/trending` }, head, '\r\n\r\n[]'),
    );
    const headers = [
      ['X-One', 'a b'],
      ['X-Two', 'c'],
    ];
    expect(captures[0]?.exchanges[0]).toMatchObject({ status: 200, headers, body: utf8('\r\n\r\n[]') });
  });

  it('gives the captures before the place where it is cut, wherever that is', async () => {
    const noise = Uint8Array.from({ length: 900 }, (_, at) => (at * at * at) >> 7);
    const [one, other] = [noise.subarray(0, 400), noise.subarray(400)];
    const records = [
      INFO,
      response('/papers/trending', {}, '', one),
      response('/papers/date/2025-01-07', {}, '', other),
    ];
    const files = [
      bytesOf(...records),
      gzipSync(bytesOf(...records)),
      bytesOf(...records.map((each) => gzipSync(each))),
    ];
    const [first = 0, second = 0] = records.map((each) => gzipSync(each).length);
    const between = new Set([first, first + second]);
    for (const file of files) {
      const counts = new Set<number>();
      for (let length = 1; length < file.length; length += 23) {
        const { captures, damage } = await readForeignWarc(file.subarray(0, length), []).catch((error) => {
          expect(error).toMatchObject({ name: 'PaperkeepError' });
          return { captures: [], damage: null };
        });
        captures.forEach(({ exchanges }, at) => {
          expect(exchanges).toMatchObject([{ body: [one, other][at], cut: false }]);
        });
        // a cut between two members does not show
        const isWhole = file === files[2] && between.has(length);
        if (captures.length > 0 && file !== files[0])
          expect({ length, damage }).toEqual({ length, damage: isWhole ? null : expect.any(String) });
        counts.add(captures.length);
      }
      expect([...counts]).toEqual(expect.arrayContaining([0, 1]));
    }
  });

  it('says what is wrong after the captures that it gives', async () => {
    const { captures, damage } = await read(response('/papers/trending'), utf8('something else'));
    expect(captures).toHaveLength(1);
    expect(damage).toMatch(/no WARC record/);
  });
});

describe('a payload in a WARC of another program', () => {
  const only = async (headers: string, body: Part, fields: Fields = {}) => {
    const { captures } = await read(response('/papers/trending', fields, headers, body));
    const exchange = captures[0]?.exchanges[0];
    return {
      text: Buffer.from(exchange?.body ?? []).toString(),
      cut: exchange?.cut,
      headers: exchange?.headers.slice(1),
    };
  };
  const chunked = (...parts: Part[]) =>
    bytesOf(...parts.flatMap((part) => [`${part.length.toString(16)};x=y\r\n`, part, '\r\n']), '0\r\n\r\n');

  it.each([
    ['gzip', gzipSync(LIST)],
    ['x-gzip', gzipSync(LIST)],
    ['br', brotliCompressSync(LIST)],
    ['deflate', deflateSync(LIST)],
    ['deflate', deflateRawSync(LIST)],
    ['zstd', zstdCompressSync(LIST)],
    ['deflate, gzip', gzipSync(deflateSync(LIST))],
    ['GZIP', utf8(LIST)], // undone by the crawler, and the header left as it was
    ['br', utf8(LIST)],
  ])('is decompressed from %s, and its header is renamed', async (coding, body) => {
    expect(await only(`Content-Encoding: ${coding}\r\nContent-Length: 7\r\n`, body)).toEqual({
      text: LIST,
      cut: false,
      headers: [
        ['x-orig-content-encoding', coding],
        ['x-orig-content-length', '7'],
      ],
    });
  });

  it('is joined when it comes in chunks', async () => {
    const header = 'Transfer-Encoding: chunked\r\n';
    const headers = [['x-orig-transfer-encoding', 'chunked']];
    expect(await only(header, chunked('[1,', '2]'))).toEqual({ text: '[1,2]', cut: false, headers });
    expect(await only(header, LIST)).toEqual({ text: LIST, cut: false, headers });
    for (const [coding, packed] of [
      ['gzip', gzipSync(LIST)],
      ['zstd', zstdCompressSync(LIST)],
    ] as const) {
      const chunks = chunked(packed.subarray(0, 20), packed.subarray(20));
      const both = await only(`${header}Content-Encoding: ${coding}\r\n`, chunks);
      expect(both).toMatchObject({ text: LIST, cut: false });
    }
  });

  it.each([
    ['as its record says', 'X: y\r\n', LIST, { 'WARC-Truncated': 'length' }, LIST],
    ['in the first chunk', 'Transfer-Encoding: chunked\r\n', 'ff\r\n[1', {}, '[1'],
    ['between chunks', 'Transfer-Encoding: chunked\r\n', '2\r\n[1\r\n', {}, '[1'],
    ['before its length', 'Content-Length: 100\r\n', '[1', {}, '[1'],
  ])('is marked as cut: %s', async (_, headers, body, fields, text) => {
    expect(await only(headers, body, fields)).toMatchObject({ text, cut: true });
  });

  it.each([
    ['gzip', gzipSync(LIST.repeat(50))],
    ['br', brotliCompressSync(Buffer.from(Array.from({ length: 300 }, (_, at) => `${at * at}`).join()))],
    ['deflate', deflateSync(LIST.repeat(50))],
  ])('gives what can be decompressed when it is cut while compressed with %s', async (coding, whole) => {
    const got = await only(`Content-Encoding: ${coding}\r\n`, whole.subarray(0, whole.length - 9));
    expect(got.cut).toBe(true);
    expect(got.headers).toEqual([['x-orig-content-encoding', coding]]);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ] as const)(
    'is left out and named when %s decompresses it to more than 64 MB, and the rest is given',
    async (coding, packed) => {
      const huge = response('/papers/trending', {}, `Content-Encoding: ${coding}\r\n`, packed(MORE_THAN_64_MB));
      const { captures, damage } = await read(huge, response('/api/daily_papers?date=2025-01-07'));
      expect(captures.map(({ list }) => list)).toEqual(['daily']);
      expect(damage).toBe(`${SITE}/papers/trending: it is larger than 64 MB`);
    },
  );

  it('stays as it is, with its header, when it cannot be decompressed', async () => {
    const broken = gzipSync(LIST.repeat(50));
    broken.fill(0xff, 20, 40);
    for (const [coding, body] of [
      ['gzip', broken],
      ['compress', Uint8Array.of(0x1f, 0x9d, 0x90)],
    ] as const) {
      const { captures } = await read(response('/papers/trending', {}, `Content-Encoding: ${coding}\r\n`, body));
      const exchange = captures[0]?.exchanges[0];
      expect(Buffer.from(exchange?.body ?? []).equals(body)).toBe(true);
      expect(exchange?.headers[1]).toEqual(['Content-Encoding', coding]);
    }
  });
});

describe('a WARC that decompresses to more than memory should hold', () => {
  const bomb = async (...parts: Part[]) =>
    readForeignWarc(gzipSync(bytesOf(INFO, response('/api/daily_papers?date=2025-01-07'), ...parts)), WATCHED);

  it('is read up to a record that is larger than any list', async () => {
    const { captures, damage } = await bomb(response('/papers/trending', {}, '', Buffer.alloc(130_000_000)));
    expect(captures.map(({ list }) => list)).toEqual(['daily']);
    expect(damage).toBe('a response record that is larger than 128 MB');
  });

  it('is read up to a head that has no end', async () => {
    const { captures, damage } = await bomb('WARC/1.0\r\nWARC-Type: ', Buffer.alloc(2_000_000, 'x'));
    expect(captures.map(({ list }) => list)).toEqual(['daily']);
    expect(damage).toBe('a record whose head is larger than 1 MB');
  });

  it('is read whole when the large record is nothing of the feed', async () => {
    const film = record('resource', { 'WARC-Target-URI': 'https://example.org/film' }, Buffer.alloc(130_000_000));
    const { captures, damage } = await bomb(film, response('/papers/trending'));
    expect(captures.map(({ list }) => list)).toEqual(['daily', 'trending']);
    expect(damage).toBeNull();
  });
});

describe('the kind of a file', () => {
  it('is one of our WARCs, plain or compressed, alone or not, and damaged further on', async () => {
    const bytes = await serializeCapture(aCapture());
    const plain = gunzipSync(bytes);
    const large = Uint8Array.from({ length: 300_000 }, (_, at) => (at * at * at) >> 7);
    const files = [
      bytes,
      plain,
      gzipSync(plain),
      Buffer.concat([bytes, bytes]),
      bytes.subarray(0, bytes.length - 20),
      Buffer.from(bytes).fill(0xff, 420, 440),
      await serializeCapture(aCapture({ exchanges: [anExchange({ body: large })] })),
    ];
    expect(await Promise.all(files.map(detectWarc))).toEqual(files.map(() => 'ours'));
  });

  it("is another program's WARC, or none", async () => {
    expect(await Promise.all([INFO, gzipSync(INFO), bytesOf('\r\n', INFO)].map(detectWarc))).toEqual(
      Array.from({ length: 3 }, () => 'foreign'),
    );
    const others = [utf8('[]'), utf8('software: paperkeep\r\n'), new Uint8Array(), Uint8Array.of(31, 139)];
    expect(await Promise.all(others.map(detectWarc))).toEqual(others.map(() => null));
  });
});
