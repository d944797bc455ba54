import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import type { ImportResult } from '../../shared/import/run.ts';
import type { Day, Instant } from '../../shared/lib/time.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { parseSnapshotItems } from '../../shared/record/recorder.ts';
import { aCapture, anExchange, serializeCapture } from '../archive/captures.ts';
import { dayAt } from '../cli/saved.ts';
import { aFile, imported } from '../support/importing.ts';
import type { MemoryArchive } from '../support/snapshots.ts';

const NOON = '2026-03-03T12:00:00Z' as Instant;
const LIST = dayAt(NOON);
const API = 'https://huggingface.co/api/daily_papers?date=2026-03-03';
const WRONG = expect.stringMatching(/^(?:cut|other-shape)$/);

/** An answer as another crawler keeps it. */
function record(uri: string, body = LIST, at: string = NOON): Buffer {
  const http = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n${body}`;
  const fields = ['WARC-Type: response', `WARC-Date: ${at}`, `WARC-Target-URI: ${uri}`];
  const head = ['WARC/1.0', ...fields, `Content-Length: ${Buffer.byteLength(http)}`].join('\r\n');
  return Buffer.from(`${head}\r\n\r\n${http}\r\n\r\n`);
}
const INFO = Buffer.from('WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 19\r\n\r\nsoftware: crawler/1\r\n\r\n');
const flipped = (bytes: Uint8Array, at: number) => Buffer.from(bytes).fill((bytes.at(at) as number) ^ 0xff, at, at + 1);

/** The one capture that was kept, with what is stored of it. */
async function kept({ captures, archive }: { captures: ImportResult[]; archive: MemoryArchive }) {
  expect(captures).toMatchObject([{ stored: 'stored', code: null, result: 'unreadable' }]);
  const snapshot = await readSnapshot(archive, captures[0]?.key ?? '');
  const { list, day, at, imported: isImported, exchanges } = snapshot.capture;
  const [exchange] = exchanges;
  expect(exchanges).toHaveLength(1);
  expect(exchange).toMatchObject({ status: null, sent: null, cut: false, at });
  expect(isImported).toBe(true);
  const { outcome, why } = parseSnapshotItems(parsers, snapshot).listing;
  expect([outcome, why]).toEqual([captures[0]?.outcome, captures[0]?.why]);
  return {
    of: [list, day, at],
    url: exchange?.url,
    type: exchange?.headers,
    body: Buffer.from(exchange?.body ?? []),
    outcome,
    why,
  };
}

describe('a snapshot of ours that is damaged', () => {
  const capture = aCapture({
    exchanges: [anExchange(), anExchange({ url: 'https://huggingface.co/papers/date/2025-01-08' })],
  });

  it('is stored unchanged, under its own list and time, wherever it is cut after its warcinfo', async () => {
    const bytes = await serializeCapture(capture);
    const plain = gunzipSync(bytes);
    for (let length = 420; length < bytes.length; length += 61) {
      for (const part of [
        bytes.subarray(0, length),
        plain.subarray(0, Math.floor((length / bytes.length) * plain.length)),
      ]) {
        const found = await kept(await imported([aFile('half.warc', part)]));
        expect(found).toMatchObject({
          of: ['daily', '2025-01-08', capture.at],
          type: [['content-type', 'application/warc']],
          outcome: WRONG,
          why: expect.stringMatching(/^the WARC (?:ends|has whole records)/),
        });
        expect(found.url).toMatch(/^https:\/\/huggingface\.co\/api\/daily_papers\?date=2025-01-08/);
        expect(found.body.equals(part)).toBe(true);
      }
    }
  });

  it('is stored whichever byte after its warcinfo is wrong, with what is wrong', async () => {
    const bytes = await serializeCapture(capture);
    const plain = gunzipSync(bytes);
    for (let at = 420; at < bytes.length; at += 61)
      expect(
        await kept(await imported([aFile('x.warc.gz', Buffer.from(bytes).fill(0xaa, at, at + 12))])),
      ).toMatchObject({
        of: ['daily', '2025-01-08', capture.at],
        outcome: WRONG,
        why: expect.stringMatching(/^the WARC (?:cannot be unpacked: |ends|has )/),
      });
    const body = plain.indexOf('A made-up paper');
    expect(await kept(await imported([aFile('x.warc', flipped(plain, body))]))).toMatchObject({
      outcome: 'other-shape',
      why: `the WARC has a wrong digest of the response of ${capture.exchanges[0]?.url}`,
    });
  });

  it('is stored once, however often it is imported', async () => {
    const half = (await serializeCapture(capture)).subarray(0, 900);
    const { captures, archive } = await imported([aFile('a.warc.gz', half), aFile('b.warc.gz', half)]);
    expect(captures.map(({ stored, result }) => [stored, result])).toEqual([
      ['stored', 'unreadable'],
      ['there already', 'unreadable'],
    ]);
    expect(archive.files.size).toBe(1);
  });

  it('is stored with its URL, even when it is of a search that is not watched here', async () => {
    const url = 'https://huggingface.co/papers?q=robots';
    const search = aCapture({ list: 'watched:robots', exchanges: [anExchange({ url })] });
    const half = (await serializeCapture(search)).subarray(0, -40);
    expect(await kept(await imported([aFile('half.warc.gz', half)]))).toMatchObject({
      of: ['watched:robots', '2025-01-08', search.at],
      url,
    });
  });

  it('is stored as what is given with it rather than what it says itself', async () => {
    const half = (await serializeCapture(capture)).subarray(0, 900);
    const said = { list: 'trending', at: NOON } as const;
    expect(await kept(await imported([aFile('half.warc.gz', half, said)]))).toMatchObject({
      of: ['trending', '2026-03-03', NOON],
      url: 'https://huggingface.co/papers/trending',
    });
  });
});

describe('a WARC of another program that cannot be read', () => {
  const whole = Buffer.concat([
    INFO,
    record('https://example.org/robots.txt', 'Disallow:'),
    record(`${API}&limit=100`),
  ]);
  const cut = whole.subarray(0, whole.length - 300);

  it.each<[string, Buffer]>([
    ['plain', cut],
    ['compressed as a whole', gzipSync(cut)],
    ['compressed as a whole and cut', gzipSync(whole).subarray(0, gzipSync(whole).length - 300)],
  ])(
    'is stored under the list and time in the head of its first list, even when that record is cut: %s',
    async (_, bytes) => {
      const found = await kept(await imported([aFile('crawl.warc', bytes)]));
      expect(found).toMatchObject({
        of: ['daily', '2026-03-03', NOON],
        url: `${API}&limit=100`,
        type: [['content-type', 'application/warc']],
        outcome: 'cut',
        why: expect.stringMatching(/^the WARC ends /),
      });
      expect(found.body.equals(bytes)).toBe(true);
    },
  );

  it('is stored under the day of its time when its first list is trending or a search', async () => {
    for (const [path, list] of [
      ['/papers/trending', 'trending'],
      ['/papers?q=AI%20agents', 'watched:agents'],
    ] as const) {
      const half = record(`https://huggingface.co${path}`).subarray(0, 400);
      expect(await kept(await imported([aFile('crawl.warc', half)]))).toMatchObject({
        of: [list, '2026-03-03', NOON],
        url: `https://huggingface.co${path}`,
      });
    }
  });

  it('is stored as what its name says when it does not say so itself', async () => {
    const said = { list: 'daily' } as const;
    const bytes = Buffer.concat([INFO, Buffer.from('then nothing of the kind')]);
    const found = await kept(await imported([aFile('2026-03-03/20260303T120000Z.warc', bytes, said)]));
    expect(found).toMatchObject({ of: ['daily', '2026-03-03', NOON], url: API, outcome: 'other-shape' });
    expect(found.why).toMatch(/^the WARC has something that is no record at byte /);
  });

  it.each<[string, string | Buffer]>([
    ['something else under that name', 'no WARC at all'],
    ['gzip that is damaged from its beginning', flipped(gzipSync(whole), 12)],
    ['nothing', ''],
  ])('is stored even when it is %s', async (_, bytes) => {
    const said = { list: 'daily', day: '2026-03-03' as Day, at: NOON } as const;
    const found = await kept(await imported([aFile('x.warc.gz', bytes, said)]));
    expect(found).toMatchObject({
      type: [['content-type', 'application/warc']],
      why: expect.stringMatching(/^the WARC /),
    });
  });

  it('is named with what is missing when its list, day or time is unknown', async () => {
    const files = [
      aFile('x.warc', Buffer.concat([INFO, Buffer.from('WARC')])),
      aFile('20260303T120000Z.warc', INFO.subarray(0, 40)),
      // the head ends within the address: it may have been another one
      aFile('y.warc', record(API).subarray(0, record(API).indexOf('?date'))),
    ];
    const { captures, archive } = await imported(files);
    expect(captures.map(({ key, code, result }) => [key, code, result])).toEqual(
      files.map(() => [null, 'UNSAID', 'unreadable']),
    );
    expect(captures.map(({ why }) => why)).toEqual([
      expect.stringMatching(/^no WARC that can be read: .*; x\.warc does not say its list, day, time: /),
      expect.stringMatching(/; 20260303T120000Z\.warc does not say its list: /),
      expect.stringMatching(/; y\.warc does not say its list, day, time: /),
    ]);
    expect(archive.files.size).toBe(0);
  });

  it('is refused when it is of the future, because it would be shown as the newest capture', async () => {
    const half = record(API, LIST, '2026-03-09T01:00:00Z').subarray(0, 400);
    const { captures } = await imported([aFile('crawl.warc', half)]);
    expect(captures).toMatchObject([{ key: null, code: 'FUTURE', result: 'unreadable' }]);
  });

  it('is named and not stored when it is larger than 64 MB', async () => {
    const large = record(API, 'x'.repeat(64_500_000)).subarray(0, 64_200_000);
    const { captures, archive } = await imported([aFile('crawl.warc', large)]);
    expect(captures).toMatchObject([
      {
        key: null,
        code: 'WARC_UNREADABLE',
        result: 'unreadable',
        why: expect.stringContaining('it is larger than 64 MB'),
      },
    ]);
    expect(archive.files.size).toBe(0);
  });

  it('is not stored when it can be read and holds nothing of the feed', async () => {
    const { captures } = await imported([aFile('crawl.warc', record('https://example.org/'))]);
    expect(captures).toMatchObject([{ key: null, code: 'NOTHING_OF_THE_FEED', result: 'unreadable' }]);
  });
});

describe('a saved response that cannot be decompressed', () => {
  it('is stored unchanged', async () => {
    const packed = flipped(gzipSync(LIST), 200);
    const found = await kept(await imported([aFile('2026-03-03__20260303T120000Z.json.gz', packed)]));
    expect(found).toMatchObject({
      of: ['daily', '2026-03-03', NOON],
      url: API,
      type: [['content-type', 'application/gzip']],
      outcome: 'other-shape',
      why: expect.stringMatching(/^the gzip file cannot be unpacked: /),
    });
    expect(found.body.equals(packed)).toBe(true);
  });
});
