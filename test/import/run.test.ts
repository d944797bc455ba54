import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { captureKey } from '../../shared/archive/keys.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import type { ImportFile } from '../../shared/import/read.ts';
import type { ImportResult } from '../../shared/import/run.ts';
import { PaperkeepError } from '../../shared/lib/errors.ts';
import { addSeconds, compactInstant, type Day, type Instant } from '../../shared/lib/time.ts';
import { SAMPLE_USER_AGENT } from '../../shared/model/capture.ts';
import { aCapture, anExchange, serializeCapture } from '../archive/captures.ts';
import { answerAt, dayAt } from '../cli/saved.ts';
import { aFile, imported, NOW } from '../support/importing.ts';
import { createMemoryArchive } from '../support/snapshots.ts';

const NOON = '2026-03-03T12:00:00Z' as Instant;
const LIST = dayAt(NOON);
/** The same list without the days that its entries name. */
const UNDATED = LIST.replaceAll('submittedOnDailyAt', 'submittedBefore');

const targetOf = ({ key }: ImportResult | { key: null }): string => key?.split('/').slice(1, 3).join(' ') ?? 'none';

describe('a file whose name says what it is', () => {
  it('is refused as trending or a search when its day is not that of its time', async () => {
    const said = { list: 'trending', at: NOON } as const;
    const page = '<html><body>papers</body></html>';
    const { captures, archive } = await imported([
      aFile('another-day.html', page, { ...said, day: '2026-03-02' as Day }),
      aFile('same-day.html', page, { ...said, day: '2026-03-03' as Day }),
    ]);
    expect(captures[0]).toMatchObject({
      key: null,
      result: 'unreadable',
      why: expect.stringContaining('trending of 2026-03-02, captured at'),
    });
    const days: (string | undefined)[] = [];
    for await (const { key } of archive.list('raw/')) days.push(key.split('/')[2]);
    expect(days).toEqual(['2026-03-03']);
  });

  it('is refused as a daily list when it is captured before its day', async () => {
    const { captures } = await imported([
      aFile('list.json', LIST, {
        list: 'daily',
        day: '2026-03-03' as Day,
        at: '2026-03-02T23:59:59Z' as Instant,
      }),
      aFile('list.json', LIST, {
        list: 'daily',
        day: '2026-03-03' as Day,
        at: '2026-03-03T00:00:00Z' as Instant,
      }),
    ]);
    expect(captures.map(({ code, result }) => [code, result])).toEqual([
      ['CONTRADICTION', 'unreadable'],
      [null, 'done'],
    ]);
    expect(captures[0]?.why).toContain('no list is shown before its day');
  });

  it.each([
    ['2026-03-03__20260303T120000Z.json', 'daily 2026-03-03'],
    ['saved/2026-03-02/20260303T120000Z.json', 'daily 2026-03-02'],
    // the nearest part counts: a day in the name of some folder above is another matter
    ['backup-2025-12-31/2026-03-03__20260303T120000Z.json', 'daily 2026-03-03'],
    ['2026-03-03_at_2026-03-03T12:00:00Z.json', 'daily 2026-03-03'],
    ['C:\\saved\\2026-03-03\\20260303T120000Z.json', 'daily 2026-03-03'],
  ])('%s is a list of %s', async (name, day) => {
    const { captures } = await imported([aFile(name, UNDATED)]);
    expect(captures.map((one) => [targetOf(one), one.result])).toEqual([[day, 'done']]);
  });

  it.each([
    ['list.json', 'day, time'],
    ['2026-03-03.json', 'time'],
    ['page-20260303T120000Z.txt', 'list'],
  ])('%s is named, and nothing is guessed: its %s is missing', async (name, missing) => {
    const { captures, archive } = await imported([aFile(name, name.endsWith('txt') ? 'Some text' : UNDATED)]);
    expect(captures).toMatchObject([
      {
        key: null,
        result: 'unreadable',
        code: 'UNSAID',
        why: expect.stringContaining(`does not say its ${missing}: `),
      },
    ]);
    expect(archive.files.size).toBe(0);
  });

  it.each(['2026-03-03T12:00:00Z.json', '2026-02-30__20260303T120000Z.json'])(
    '%s is kept as the list of no day, since the day of a capture need not be that of the list',
    async (name) => {
      const { captures } = await imported([aFile(name, UNDATED)]);
      expect(captures).toMatchObject([{ outcome: 'another-day', stored: 'stored', result: 'unreadable' }]);
    },
  );

  it('is overruled by what is given with it', async () => {
    const said = { day: '2026-03-02' as ImportFile['day'], at: '2026-03-03T13:00:00Z' as Instant };
    const { captures } = await imported([aFile('2026-03-03__20260303T120000Z.json', LIST, said)]);
    expect(captures[0]?.key).toMatch(/^raw\/daily\/2026-03-02\/20260303T130000Z-/);
  });

  it('is overruled by the date that a day page shows', async () => {
    const page = answerAt(NOON, '/papers/date/2026-03-03');
    const { captures } = await imported([aFile('saved-2026-03-09.html', page, { list: 'daily', at: NOON })]);
    expect(captures.map(targetOf)).toEqual(['daily 2026-03-03']);
  });
});

describe('importing', () => {
  const name = '2026-03-03__20260303T120000Z.json';

  it('stores a snapshot of ours as it is, byte by byte', async () => {
    const capture = aCapture();
    const bytes = await serializeCapture(capture);
    const { captures, archive } = await imported([aFile('x', bytes), aFile('again', bytes)]);
    expect(captures.map(({ key, stored }) => [key, stored])).toEqual([
      [captureKey(capture), 'stored'],
      [captureKey(capture), 'there already'],
    ]);
    expect(Buffer.from(archive.files.get(captureKey(capture)) as Uint8Array)).toEqual(Buffer.from(bytes));
  });

  it('refuses a snapshot of the sample, whose papers are invented', async () => {
    const capture = aCapture({ exchanges: [anExchange({ sent: [['user-agent', SAMPLE_USER_AGENT]] })] });
    const { captures, archive } = await imported([aFile('x', await serializeCapture(capture))]);
    expect(captures).toMatchObject([{ key: null, code: 'SAMPLE', result: 'unreadable' }]);
    expect(archive.files.size).toBe(0);
  });

  it.each<[string, (snapshots: Uint8Array[]) => Uint8Array]>([
    ['compressed as a whole', (snapshots) => gzipSync(Buffer.concat(snapshots.map((one) => gunzipSync(one))))],
    [
      'compressed as a whole, with our gzip header',
      (snapshots) => {
        const packed = gzipSync(Buffer.concat(snapshots.map((one) => gunzipSync(one))));
        return Buffer.concat([(snapshots[0] ?? Buffer.of()).subarray(0, 10), packed.subarray(10)]);
      },
    ],
    ['not compressed', (snapshots) => Buffer.concat(snapshots.map((one) => gunzipSync(one)))],
    ['concatenated', (snapshots) => Buffer.concat(snapshots)],
  ])('stores each of our snapshots that come %s, byte by byte as it was', async (_, together) => {
    const three = [0, 3600, 7200].map((seconds) => aCapture({ at: addSeconds(aCapture().at, seconds) }));
    for (const count of [1, 3]) {
      const some = three.slice(0, count);
      const bytes = await Promise.all(some.map((one) => serializeCapture(one)));
      const file = aFile('all.warc.gz', together(bytes));
      const { captures, archive } = await imported([file, file]);
      const expected = (stored: string) => some.map((one) => [captureKey(one), stored, 'done']);
      expect(captures.map(({ key, stored, result }) => [key, stored, result])).toEqual([
        ...expected('stored'),
        ...expected('there already'),
      ]);
      some.forEach((one, at) => {
        expect(Buffer.from(archive.files.get(captureKey(one)) ?? []).equals(bytes[at] ?? Buffer.of())).toBe(true);
      });
    }
  });

  it('names a damaged snapshot of ours among others, and stores the others', async () => {
    const three = [0, 3600, 7200].map((seconds) => aCapture({ at: addSeconds(aCapture().at, seconds) }));
    const bytes = await Promise.all(three.map(async (one) => Buffer.from(await serializeCapture(one))));
    for (const damaged of [0, 1, 2]) {
      const parts = bytes.map((one, at) => (at === damaged ? Buffer.from(one).fill(0, 450, 500) : one));
      const { captures } = await imported([aFile('all.warc.gz', Buffer.concat(parts))]);
      const others = three.filter((_, at) => at !== damaged).map((one) => captureKey(one));
      expect(captures.map(({ key }) => key)).toEqual([...others, null]);
      const { at } = three[damaged] ?? aCapture();
      const why = new RegExp(`^daily of 2025-01-08, captured at ${at}: the snapshot is damaged: `);
      expect(captures.at(-1)).toMatchObject({
        code: 'SNAPSHOT_DAMAGED',
        result: 'unreadable',
        why: expect.stringMatching(why),
      });
    }
  });

  it('names a capture whose snapshot in the archive is damaged, leaves it as it is, and stores the others', async () => {
    const three = [0, 3600, 7200].map((seconds) => aCapture({ at: addSeconds(aCapture().at, seconds) }));
    const files = await Promise.all(three.map(async (one) => aFile('x.warc.gz', await serializeCapture(one))));
    const { archive } = await imported(files.slice(0, 2));
    const [key = ''] = archive.files.keys();
    const damaged = Buffer.from(archive.files.get(key) ?? []).fill(0, 450, 500);
    archive.files.set(key, damaged);
    const { captures } = await imported(files, archive);
    expect(captures.map(({ key, stored, result }) => [key, stored, result])).toEqual([
      [null, null, 'damaged'],
      [captureKey(three[1] ?? aCapture()), 'there already', 'done'],
      [captureKey(three[2] ?? aCapture()), 'stored', 'done'],
    ]);
    expect(captures[0]).toMatchObject({ code: 'SNAPSHOT_DAMAGED', why: expect.stringContaining(key) });
    expect(archive.files.get(key)).toBe(damaged);
  });

  it('reports a snapshot of a failed visit as read', async () => {
    const refused = aCapture({ exchanges: [anExchange({ status: 429 })] });
    const { captures } = await imported([aFile('x', await serializeCapture(refused))]);
    expect(captures).toMatchObject([{ outcome: 'refused', result: 'done' }]);
  });

  it('marks everything but our snapshots as imported', async () => {
    const { captures, archive } = await imported([aFile(name, gzipSync(LIST))]);
    const { capture } = await readSnapshot(archive, captures[0]?.key as string);
    expect(capture).toMatchObject({
      imported: true,
      exchanges: [{ url: 'https://huggingface.co/api/daily_papers?date=2026-03-03', sent: null, status: null }],
    });
    expect(new TextDecoder().decode(capture.exchanges[0]?.body)).toBe(LIST);
  });

  it.each([
    ['a response that is no list', '{"error":"no such page"}', 'other-shape'],
    ['half a response', LIST.slice(0, 500), 'cut'],
    ['an empty response', '', 'no-body'],
    ['something else under that name', 'Service unavailable', 'other-shape'],
  ])('stores %s, and names it', async (_, body, outcome) => {
    const { captures, archive } = await imported([aFile(name, body)]);
    expect(captures).toMatchObject([{ file: name, outcome, stored: 'stored', result: 'unreadable' }]);
    expect(archive.files.size).toBe(1);
  });

  it('goes on after a file that cannot be read, in the order given, however many there are', async () => {
    const hours = Array.from(
      { length: 20 },
      (_, hour) => `2026-03-03__20260303T${String(hour).padStart(2, '0')}0000Z.json`,
    );
    const files = hours.map((file, at) =>
      at % 7 === 3 ? aFile(file, '', { read: () => Promise.reject(new Error('EIO')) }) : aFile(file, LIST),
    );
    const { captures, archive } = await imported(files);
    expect(captures.map(({ file }) => file)).toEqual(hours);
    expect(captures.filter(({ result }) => result === 'unreadable').map(({ why }) => why)).toEqual([
      'EIO',
      'EIO',
      'EIO',
    ]);
    expect(archive.files.size).toBe(17);
  });

  it('keeps files compressed that decompress to more than memory should hold, names each with the limit, and goes on', async () => {
    const huge = gzipSync(Buffer.alloc(64_000_001));
    const { captures, archive } = await imported([aFile(`huge/${name}`, huge), aFile(name, LIST)]);
    expect(captures).toMatchObject([
      { file: `huge/${name}`, stored: 'stored', result: 'unreadable', why: 'the gzip file is larger than 64 MB' },
      { file: name, result: 'done' },
    ]);
    expect(archive.files.size).toBe(2);
  });

  it('names the entries that it cannot read, and stores the list without them', async () => {
    const entry = (id: string, upvotes: unknown = 1) => ({ paper: { id, title: 'Leaves', upvotes } });
    const list = JSON.stringify([
      entry('2603.00001'),
      entry('2613.00002'),
      entry('2603.00003', '12'),
      entry('2603.00004'),
    ]);
    const { captures } = await imported([aFile(name, list)]);
    expect(captures).toMatchObject([
      {
        outcome: 'list',
        stored: 'stored',
        result: 'unreadable',
        why: '2 of 4 entries could not be read',
        rejected: 2,
        rejects: ['[1].paper.id: no id of a paper', expect.stringMatching(/^\[2\]\.paper\.upvotes: /)],
      },
    ]);
  });

  it('keeps only a list of a file that may hold nothing else', async () => {
    const only = { list: 'daily', listsOnly: true } as const;
    const secret = aFile(name, 'root:x:0:0', only);
    const { captures, archive } = await imported([
      secret,
      { ...secret, name: name.replace('json', 'warc') },
      aFile(name, LIST, only),
    ]);
    const refused = {
      key: null,
      code: 'MANIFEST_LINE',
      why: expect.stringContaining('only a list is kept from outside'),
    };
    expect(captures).toMatchObject([refused, refused, { outcome: 'list', stored: 'stored', result: 'done' }]);
    expect(archive.files.size).toBe(1);
  });

  it('reads a WARC of another program that is larger than a list may be', async () => {
    const block = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n${LIST}`;
    const record = (uri: string, body: string | Uint8Array): Uint8Array[] => [
      Buffer.from(
        `WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: ${NOON}\r\nWARC-Target-URI: ${uri}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
      ),
      Buffer.from(body),
      Buffer.from('\r\n\r\n'),
    ];
    const film = record('https://example.org/film', Buffer.alloc(64_000_001));
    const list = record('https://huggingface.co/api/daily_papers?date=2026-03-03', block);
    const whole = Buffer.concat([...film, ...list]);
    const { captures } = await imported([aFile('crawl.warc.gz', gzipSync(whole)), aFile('crawl.warc', whole)]);
    expect(captures.map((one) => [one.file, targetOf(one), one.result])).toEqual([
      ['crawl.warc.gz', 'daily 2026-03-03', 'done'],
      ['crawl.warc', 'daily 2026-03-03', 'done'],
    ]);
  });

  describe('importing a capture of the future', () => {
    const LATER = addSeconds(NOW, 301);
    const ours = (at: Instant) => serializeCapture(aCapture({ at }));
    const foreign = (at: Instant) => {
      const http = `HTTP/1.1 200 OK\r\n\r\n${LIST}`;
      const uri = 'https://huggingface.co/api/daily_papers?date=2026-03-03';
      const head = `WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: ${at}\r\nWARC-Target-URI: ${uri}\r\n`;
      return `${head}Content-Length: ${Buffer.byteLength(http)}\r\n\r\n${http}\r\n\r\n`;
    };
    const said = { list: 'daily', day: '2026-03-03' as Day } as const;

    it.each<[string, (at: Instant) => Promise<ImportFile>]>([
      ['its name', async (at) => aFile(`2026-03-03__${compactInstant(at)}.json`, LIST)],
      ['what is given with it', async (at) => aFile('list.json', LIST, { ...said, at })],
      ['a snapshot of ours', async (at) => aFile('ours.warc.gz', await ours(at))],
      ['a WARC of another program', async (at) => aFile('crawl.warc', foreign(at))],
    ])('is refused when it is dated by %s', async (_, file) => {
      const { captures, archive } = await imported([await file(LATER), await file(addSeconds(NOW, 300))]);
      expect(captures).toMatchObject([
        { key: null, stored: null, code: 'FUTURE', result: 'unreadable' },
        { stored: 'stored', code: null, result: 'done' },
      ]);
      expect(captures[0]?.why).toMatch(/2026-03-09T00:05:01Z lies in the future .*: (?:give|set) /);
      expect(archive.files.size).toBe(1);
    });

    it('is refused among others of the same file, which are stored', async () => {
      const file = aFile('crawl.warc', foreign(LATER) + foreign(NOON));
      const { captures } = await imported([file]);
      expect(captures.map(({ stored, code }) => [stored, code])).toEqual([
        ['stored', null],
        [null, 'FUTURE'],
      ]);
    });
  });

  it('refuses a watched search without its query', async () => {
    const page = answerAt(NOON, '/papers?q=AI%20agents');
    const files = (slug: string) => [aFile('page.html', page, { list: `watched:${slug}`, at: NOON })];
    expect((await imported(files('agents'))).captures).toMatchObject([{ outcome: 'list', result: 'done' }]);
    const { captures } = await imported(files('robots'));
    expect(captures).toMatchObject([
      { key: null, result: 'unreadable', why: 'watched:robots has no query: name it in PAPERKEEP_WATCH' },
    ]);
  });

  describe('importing a record that repeats an earlier response', () => {
    const URL = 'https://huggingface.co/api/daily_papers?date=2026-03-03';
    const ID = '<urn:uuid:first>';
    const record = (type: string, at: string, fields: readonly string[], http: string) => {
      const head = [`WARC-Type: ${type}`, `WARC-Date: ${at}`, `WARC-Target-URI: ${URL}`, ...fields];
      return `WARC/1.1\r\n${head.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(http)}\r\n\r\n${http}\r\n\r\n`;
    };
    const OK = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
    const first = record(
      'response',
      NOON,
      [`WARC-Record-ID: ${ID}`, 'WARC-Payload-Digest: sha1:AAAA'],
      `${OK}\r\n${LIST}`,
    );
    const later = '2026-03-03T13:00:00Z';
    const ways: [string, string[]][] = [
      ['by its id', [`WARC-Refers-To: ${ID}`]],
      ['by its address and time', [`WARC-Refers-To-Target-URI: ${URL}`, `WARC-Refers-To-Date: ${NOON}`]],
      ['by its digest', ['WARC-Payload-Digest: sha1:AAAA']],
    ];

    it.each(ways)(
      'stores the whole capture when the record names the response %s, in the same file or in another one',
      async (_, fields) => {
        const revisit = record('revisit', later, fields, `${OK}Content-Encoding: gzip\r\nETag: "2"\r\n\r\n`);
        for (const files of [[aFile('a.warc', revisit + first)], [aFile('b.warc', revisit), aFile('a.warc', first)]]) {
          const { captures, archive } = await imported(files);
          expect(captures.map(({ outcome, result }) => [outcome, result])).toEqual([
            ['list', 'done'],
            ['list', 'done'],
          ]);
          const { capture } = await readSnapshot(archive, captures[1]?.key ?? '');
          expect(capture.at).toBe(later);
          const headers = [
            ['Content-Type', 'application/json'],
            ['x-orig-content-encoding', 'gzip'],
            ['ETag', '"2"'],
          ];
          expect(capture.exchanges).toMatchObject([{ status: 200, headers, sent: null, at: later }]);
          expect(Buffer.from(capture.exchanges[0]?.body ?? []).toString()).toBe(LIST);
        }
      },
    );

    it('stores only the payload when the record says that it was not modified', async () => {
      const revisit = record('revisit', later, [`WARC-Refers-To: ${ID}`], 'HTTP/1.1 304 Not Modified\r\n\r\n');
      const { captures, archive } = await imported([aFile('a.warc', first + revisit)]);
      const { capture } = await readSnapshot(archive, captures[1]?.key ?? '');
      expect(capture.exchanges).toMatchObject([{ status: null, headers: [['content-type', 'application/json']] }]);
      expect(captures[1]).toMatchObject({ outcome: 'list', result: 'done' });
    });

    it('names the record when the earlier response is in none of the files', async () => {
      const revisit = record('revisit', later, ['WARC-Refers-To: <urn:uuid:other>'], '');
      const { captures } = await imported([aFile('a.warc', first), aFile('b.warc', revisit)]);
      expect(captures.map(({ file, result, why }) => [file, result, why])).toEqual([
        ['a.warc', 'done', ''],
        ['b.warc', 'unreadable', `${URL}: it repeats an earlier response that is in none of these files`],
      ]);
    });
  });

  it('names every record of a list that it does not store, and does not count a redirect as lost', async () => {
    const record = (path: string, http: string) =>
      `WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: ${NOON}\r\nWARC-Target-URI: https://huggingface.co${path}\r\nContent-Length: ${Buffer.byteLength(http)}\r\n\r\n${http}\r\n\r\n`;
    const list = record('/api/daily_papers?date=2026-03-03', `HTTP/1.1 200 OK\r\n\r\n${LIST}`);
    const redirect = record('/papers', 'HTTP/1.1 307 Temporary Redirect\r\nLocation: /papers/date/2026-03-03\r\n\r\n');
    const search = record('/papers?q=robots', 'HTTP/1.1 200 OK\r\n\r\n<p>');
    const { captures } = await imported([aFile('a.warc', list + redirect + search)]);
    expect(captures.map(({ code, result, why }) => [code, result, why])).toEqual([
      [null, 'done', ''],
      ['SKIPPED', 'done', 'https://huggingface.co/papers: it is a redirect'],
      ['SKIPPED', 'unreadable', 'https://huggingface.co/papers?q=robots: this search is not watched'],
    ]);
    const { captures: none } = await imported([aFile('a.warc', redirect)]);
    expect(none.map(({ code, result }) => [code, result])).toEqual([
      ['SKIPPED', 'done'],
      ['NOTHING_OF_THE_FEED', 'unreadable'],
    ]);
  });

  it.each<[string, string | Uint8Array, string]>([
    ['crawl.wacz', 'PK\x03\x04rest', 'a ZIP or WACZ file is not read: unpack it, and import the WARC files in it'],
    [
      'crawl.warc.zst',
      zstdCompressSync('WARC/1.1\r\n'),
      'a file compressed with zstd is not read: decompress it, and import the result',
    ],
    [
      'page.mhtml',
      'MIME-Version: 1.0\r\n\r\nDaily Papers',
      'an MHTML file is not read: save the page as HTML, and import that',
    ],
    [
      'visit.har',
      '{"log":{"version":"1.2"}}',
      'a HAR file is not read: save the page or the API response itself, and import that',
    ],
    ['crawl.arc', 'filedesc://crawl.arc 127.0.0.1', 'an ARC file is not read: convert it to WARC, and import that'],
    ['list.csv', 'rank,title\n1,A title', 'a CSV file is no capture'],
    [
      'list.bin',
      Uint8Array.from({ length: 900 }, (_, at) => (at * at * 7) & 0xff),
      'the bytes are neither JSON nor HTML nor text',
    ],
    ['list.json', '# Papers\n\nA title', 'the answer is not JSON'],
  ])('stores %s, which is no capture, and says why', async (file, body, why) => {
    const given = { list: 'daily', day: '2026-03-03' as Day, at: NOON } as const;
    const { captures, archive } = await imported([aFile(file, body, given)]);
    expect(captures).toMatchObject([{ outcome: 'other-shape', result: 'unreadable', why }]);
    const { capture } = await readSnapshot(archive, captures[0]?.key ?? '');
    expect(Buffer.from(capture.exchanges[0]?.body ?? []).equals(Buffer.from(body))).toBe(true);
  });

  it('ends at once when nothing more can be stored', async () => {
    const full = {
      ...createMemoryArchive(),
      putIfAbsent: () =>
        Promise.reject(new PaperkeepError({ code: 'DISK_FULL', message: 'no space', hint: 'free some' })),
    };
    await expect(imported([aFile(name, LIST)], full)).rejects.toThrow('no space');
  });
});
