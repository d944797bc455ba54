import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Brought, Imported } from '../shared/import.ts';
import { addSeconds, compact, type Day, type Instant } from '../shared/kit/clock.ts';
import { PaperkeepError } from '../shared/kit/errors.ts';
import { keyOf } from '../shared/snapshot/key.ts';
import { readSnapshot, writeWarc } from '../shared/snapshot/warc.ts';
import { answerAt, dayAt } from './cli/saved.ts';
import { aCapture, anExchange } from './snapshot/captures.ts';
import { brought, imported, NOW } from './support/importing.ts';
import { memorySnapshots } from './support/snapshots.ts';

const NOON = '2026-03-03T12:00:00Z' as Instant;
const LIST = dayAt(NOON);

const targetOf = ({ key }: Imported | { key: null }): string => key?.split('/').slice(1, 3).join(' ') ?? 'none';

describe('what a bare file is told by its name', () => {
  it('of trending or a search is refused where day and time contradict each other', async () => {
    const said = { source: 'trending', at: NOON } as const;
    const page = '<html><body>papers</body></html>';
    const { captures, snapshots } = await imported([
      brought('another-day.html', page, { ...said, target: '2026-03-02' as Day }),
      brought('same-day.html', page, { ...said, target: '2026-03-03' as Day }),
    ]);
    expect(captures[0]).toMatchObject({
      key: null,
      exit: 4,
      why: expect.stringContaining('trending of 2026-03-02, seen at'),
    });
    const days: (string | undefined)[] = [];
    for await (const { key } of snapshots.list('raw/')) days.push(key.split('/')[2]);
    expect(days).toEqual(['2026-03-03']);
  });

  it('of a day is refused where it is said to be seen before that day', async () => {
    const { captures } = await imported([
      brought('list.json', LIST, {
        source: 'daily',
        target: '2026-03-03' as Day,
        at: '2026-03-02T23:59:59Z' as Instant,
      }),
      brought('list.json', LIST, {
        source: 'daily',
        target: '2026-03-03' as Day,
        at: '2026-03-03T00:00:00Z' as Instant,
      }),
    ]);
    expect(captures.map(({ code, exit }) => [code, exit])).toEqual([
      ['CONTRADICTION', 4],
      [null, 0],
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
  ])('%s is of %s', async (name, target) => {
    const { captures } = await imported([brought(name, LIST)]);
    expect(captures.map((one) => [targetOf(one), one.exit])).toEqual([[target, 0]]);
  });

  it.each([
    ['list.json', '--target, --at'],
    ['2026-03-03.json', '--at'],
    // the day of the capture need not be the list's
    ['2026-03-03T12:00:00Z.json', '--target'],
    ['2026-02-30__20260303T120000Z.json', '--target'],
    ['page-20260303T120000Z.txt', '--source'],
  ])('%s says too little, and nothing is guessed: %s is asked for', async (name, asked) => {
    const { captures, snapshots } = await imported([brought(name, name.endsWith('txt') ? 'Some text' : LIST)]);
    expect(captures).toMatchObject([{ key: null, exit: 4, why: expect.stringContaining(`say ${asked},`) }]);
    expect(snapshots.files.size).toBe(0);
  });

  it('weighs less than what is said', async () => {
    const said = { target: '2026-03-02' as Brought['target'], at: '2026-03-03T13:00:00Z' as Instant };
    const { captures } = await imported([brought('2026-03-03__20260303T120000Z.json', LIST, said)]);
    expect(captures[0]?.key).toMatch(/^raw\/daily\/2026-03-02\/20260303T130000Z-/);
  });

  it("weighs less than a day page's own date", async () => {
    const page = answerAt(NOON, '/papers/date/2026-03-03');
    const { captures } = await imported([brought('saved-2026-03-09.html', page, { source: 'daily', at: NOON })]);
    expect(captures.map(targetOf)).toEqual(['daily 2026-03-03']);
  });
});

describe('importing', () => {
  const name = '2026-03-03__20260303T120000Z.json';

  it('keeps a snapshot of ours as it is, to the byte', async () => {
    const capture = aCapture();
    const bytes = await writeWarc(capture);
    const { captures, snapshots } = await imported([brought('x', bytes), brought('again', bytes)]);
    expect(captures.map(({ key, stored }) => [key, stored])).toEqual([
      [keyOf(capture), 'stored'],
      [keyOf(capture), 'there already'],
    ]);
    expect(Buffer.from(snapshots.files.get(keyOf(capture)) as Uint8Array)).toEqual(Buffer.from(bytes));
  });

  it.each<[string, (snapshots: Uint8Array[]) => Uint8Array]>([
    ['packed as one', (snapshots) => gzipSync(Buffer.concat(snapshots.map((one) => gunzipSync(one))))],
    [
      'packed as one, with our head',
      (snapshots) => {
        const packed = gzipSync(Buffer.concat(snapshots.map((one) => gunzipSync(one))));
        return Buffer.concat([(snapshots[0] ?? Buffer.of()).subarray(0, 10), packed.subarray(10)]);
      },
    ],
    ['not packed', (snapshots) => Buffer.concat(snapshots.map((one) => gunzipSync(one)))],
    ['behind one another', (snapshots) => Buffer.concat(snapshots)],
  ])('keeps snapshots of ours that come %s, each as it was, to the byte', async (_, together) => {
    const three = [0, 3600, 7200].map((seconds) => aCapture({ at: addSeconds(aCapture().at, seconds) }));
    for (const count of [1, 3]) {
      const some = three.slice(0, count);
      const bytes = await Promise.all(some.map((one) => writeWarc(one)));
      const file = brought('all.warc.gz', together(bytes));
      const { captures, snapshots } = await imported([file, file]);
      const told = (stored: string) => some.map((one) => [keyOf(one), stored, 0]);
      expect(captures.map(({ key, stored, exit }) => [key, stored, exit])).toEqual([
        ...told('stored'),
        ...told('there already'),
      ]);
      some.forEach((one, at) => {
        expect(Buffer.from(snapshots.files.get(keyOf(one)) ?? []).equals(bytes[at] ?? Buffer.of())).toBe(true);
      });
    }
  });

  it('names a damaged snapshot of ours among others, and stores those', async () => {
    const three = [0, 3600, 7200].map((seconds) => aCapture({ at: addSeconds(aCapture().at, seconds) }));
    const bytes = await Promise.all(three.map(async (one) => Buffer.from(await writeWarc(one))));
    for (const damaged of [0, 1, 2]) {
      const parts = bytes.map((one, at) => (at === damaged ? Buffer.from(one).fill(0, 450, 500) : one));
      const { captures } = await imported([brought('all.warc.gz', Buffer.concat(parts))]);
      const others = three.filter((_, at) => at !== damaged).map((one) => keyOf(one));
      expect(captures.map(({ key }) => key)).toEqual([...others, null]);
      const { at } = three[damaged] ?? aCapture();
      const why = new RegExp(`^daily of 2025-01-08, seen at ${at}: the snapshot is damaged: `);
      expect(captures.at(-1)).toMatchObject({ code: 'SNAPSHOT_DAMAGED', exit: 4, why: expect.stringMatching(why) });
    }
  });

  it('takes a failed visit that we made for what it is, and no trouble', async () => {
    const refused = aCapture({ exchanges: [anExchange({ status: 429 })] });
    const { captures } = await imported([brought('x', await writeWarc(refused))]);
    expect(captures).toMatchObject([{ outcome: 'refused', exit: 0 }]);
  });

  it('marks everything else as imported', async () => {
    const { captures, snapshots } = await imported([brought(name, gzipSync(LIST))]);
    const { capture } = await readSnapshot(snapshots, captures[0]?.key as string);
    expect(capture).toMatchObject({
      imported: true,
      exchanges: [{ url: 'https://huggingface.co/api/daily_papers?date=2026-03-03', sent: null, status: null }],
    });
    expect(new TextDecoder().decode(capture.exchanges[0]?.body)).toBe(LIST);
  });

  it.each([
    ['an answer that is no list', '{"error":"no such page"}', 'other-shape'],
    ['half an answer', LIST.slice(0, 500), 'cut'],
    ['no answer at all', '', 'no-body'],
    ['something else by that name', 'Service unavailable', 'other-shape'],
  ])('keeps %s, and names it', async (_, body, outcome) => {
    const { captures, snapshots } = await imported([brought(name, body)]);
    expect(captures).toMatchObject([{ file: name, outcome, stored: 'stored', exit: 4 }]);
    expect(snapshots.files.size).toBe(1);
  });

  it('goes on after a file that cannot be read, in the order given, however many there are', async () => {
    const hours = Array.from(
      { length: 20 },
      (_, hour) => `2026-03-03__20260303T${String(hour).padStart(2, '0')}0000Z.json`,
    );
    const files = hours.map((file, at) =>
      at % 7 === 3 ? brought(file, '', { read: () => Promise.reject(new Error('EIO')) }) : brought(file, LIST),
    );
    const { captures, snapshots } = await imported(files);
    expect(captures.map(({ file }) => file)).toEqual(hours);
    expect(captures.filter(({ exit }) => exit === 4).map(({ why }) => why)).toEqual(['EIO', 'EIO', 'EIO']);
    expect(snapshots.files.size).toBe(17);
  });

  it('goes on after files that unpack to more than memory should hold, and names each with the limit', async () => {
    const huge = gzipSync(Buffer.alloc(64_000_001));
    const { captures, snapshots } = await imported([brought(`huge/${name}`, huge), brought(name, LIST)]);
    expect(captures).toMatchObject([
      { file: `huge/${name}`, key: null, exit: 4, why: expect.stringContaining('larger than 64 MB') },
      { file: name, exit: 0 },
    ]);
    expect(snapshots.files.size).toBe(1);
  });

  it('reads a WARC of another crawler that is larger than a list may be', async () => {
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
    const { captures } = await imported([brought('crawl.warc.gz', gzipSync(whole)), brought('crawl.warc', whole)]);
    expect(captures.map((one) => [one.file, targetOf(one), one.exit])).toEqual([
      ['crawl.warc.gz', 'daily 2026-03-03', 0],
      ['crawl.warc', 'daily 2026-03-03', 0],
    ]);
  });

  describe('refuses what was seen in the future, whatever says so', () => {
    const LATER = addSeconds(NOW, 301);
    const ours = (at: Instant) => writeWarc(aCapture({ at }));
    const foreign = (at: Instant) => {
      const http = `HTTP/1.1 200 OK\r\n\r\n${LIST}`;
      const uri = 'https://huggingface.co/api/daily_papers?date=2026-03-03';
      const head = `WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: ${at}\r\nWARC-Target-URI: ${uri}\r\n`;
      return `${head}Content-Length: ${Buffer.byteLength(http)}\r\n\r\n${http}\r\n\r\n`;
    };
    const said = { source: 'daily', target: '2026-03-03' as Day } as const;

    it.each<[string, (at: Instant) => Promise<Brought>]>([
      ['its name', async (at) => brought(`2026-03-03__${compact(at)}.json`, LIST)],
      ['its owner', async (at) => brought('list.json', LIST, { ...said, at })],
      ['a snapshot of ours', async (at) => brought('ours.warc.gz', await ours(at))],
      ['a WARC of another crawler', async (at) => brought('crawl.warc', foreign(at))],
    ])('%s', async (_, file) => {
      const { captures, snapshots } = await imported([await file(LATER), await file(addSeconds(NOW, 300))]);
      expect(captures).toMatchObject([
        { key: null, stored: null, code: 'FUTURE', exit: 4 },
        { stored: 'stored', code: null, exit: 0 },
      ]);
      expect(captures[0]?.why).toMatch(/2026-03-09T00:05:01Z lies in the future .*: (?:give|set) /);
      expect(snapshots.files.size).toBe(1);
    });

    it('among others of one file, which are stored', async () => {
      const file = brought('crawl.warc', foreign(LATER) + foreign(NOON));
      const { captures } = await imported([file]);
      expect(captures.map(({ stored, code }) => [stored, code])).toEqual([
        ['stored', null],
        [null, 'FUTURE'],
      ]);
    });
  });

  it('needs the query of a watched search', async () => {
    const page = answerAt(NOON, '/papers?q=AI%20agents');
    const files = (slug: string) => [brought('page.html', page, { source: `watched:${slug}`, at: NOON })];
    expect((await imported(files('agents'))).captures).toMatchObject([{ outcome: 'list', exit: 0 }]);
    const { captures } = await imported(files('robots'));
    expect(captures).toMatchObject([
      { key: null, exit: 4, why: 'watched:robots has no query: name it in PAPERKEEP_WATCH' },
    ]);
  });

  it('ends at once when nothing can be stored any more', async () => {
    const full = {
      ...memorySnapshots(),
      putIfAbsent: () => Promise.reject(new PaperkeepError('DISK_FULL', 'no space', 'free some')),
    };
    await expect(imported([brought(name, LIST)], full)).rejects.toThrow('no space');
  });
});
