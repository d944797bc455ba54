import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sha256 } from '../../shared/archive/keys.ts';
import { openArchive } from '../../shared/archive/open.ts';
import { archiveCapture } from '../../shared/archive/put.ts';
import { createS3Store } from '../../shared/archive/s3.ts';
import type { SnapshotStore } from '../../shared/archive/store.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { createFeedClient } from '../../shared/collect/client.ts';
import { collectLists } from '../../shared/collect/run.ts';
import { silentLog } from '../../shared/lib/log.ts';
import { addSeconds, deadlineAfter, type Instant, sleep } from '../../shared/lib/time.ts';
import { configuredLists } from '../../shared/lists.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { reconcile } from '../../shared/record/reconcile.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { serveSample } from '../../shared/sample/server.ts';
import { readCalendar } from '../../shared/table/calendar.ts';
import { openTable } from '../../shared/table/open.ts';
import { BUCKET, type S3Double, startS3 } from '../support/s3.ts';
import { aCapture, instant, utf8 } from './captures.ts';
import { snapshotStoreContract } from './contract.ts';

const KEY = 'raw/daily/2025-01-08/20250108T061500Z-0123456789ab.warc.gz';
const keyAt = (day: string, hour: number) =>
  `raw/daily/${day}/${day.replaceAll('-', '')}T${String(hour).padStart(2, '0')}0000Z-0123456789ab.warc.gz`;

const doubles: S3Double[] = [];
async function newDouble(pageSize?: number): Promise<S3Double> {
  const double = await startS3(pageSize);
  doubles.push(double);
  return double;
}
// The SDK waits a random part of ever longer times before it tries again: none of them.
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  for (const double of doubles.splice(0)) await double.stop();
});

const KEYS = { accessKeyId: 'none', secretAccessKey: 'none' };
function storeOn(double: S3Double, url = `s3://${BUCKET}`, waits: number[] = []): SnapshotStore {
  const client = new S3({ endpoint: double.endpoint, region: 'eu-central-1', credentials: KEYS });
  return createS3Store(url, client, async (ms) => {
    waits.push(ms);
  });
}

const keysOf = async (store: SnapshotStore, prefix = '', from?: string) => {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix, from)) keys.push(key);
  return keys;
};

// Pages of three and of one: every place between two keys is the end of a page.
snapshotStoreContract('a bucket', async () => storeOn(await newDouble(3)));
snapshotStoreContract('a folder of a bucket', async () => storeOn(await newDouble(1), `s3://${BUCKET}/my/papers/`));

describe('a bucket of snapshots', () => {
  let double: S3Double;
  let store: SnapshotStore;
  let waits: number[];
  beforeEach(async () => {
    double = await newDouble(3);
    waits = [];
    store = storeOn(double, undefined, waits);
  });
  const asked = () => double.asked.map(({ what }) => what.replace(/\?x-id=.*/, ''));

  it('holds each under its key, as WARC, with a checksum that S3 can verify', async () => {
    await store.putIfAbsent(KEY, utf8('x'));
    await storeOn(double, `s3://${BUCKET}/my/papers`).putIfAbsent(KEY, utf8('y'));
    expect([...double.objects.keys()]).toEqual([KEY, `my/papers/${KEY}`]);
    expect(double.asked[0]?.headers).toMatchObject({
      'content-type': 'application/warc',
      'if-none-match': '*',
      'x-amz-checksum-sha256': Buffer.from(sha256('x'), 'hex').toString('base64'),
    });
  });

  it('ignores objects that are no snapshots', async () => {
    await store.putIfAbsent(KEY, utf8('x'));
    const strays = [
      'notes.txt',
      'raw/',
      'raw/a & <b>',
      'raw/daily/',
      'raw/daily/2025-01-08/é',
      `${KEY}.tmp`,
      `a/${KEY}`,
    ];
    for (const stray of strays) double.objects.set(stray, { bytes: utf8('x'), at: '2026-01-01T00:00:00.000Z' });
    expect(await keysOf(store)).toEqual([KEY]);
    expect(await store.touched(instant('2025-01-08T06:15:00Z'))).toEqual([{ list: 'daily', day: '2025-01-08' }]);
  });

  it('requests a page of a listing only when it is needed', async () => {
    const keys = Array.from({ length: 10 }, (_, hour) => keyAt('2025-01-08', hour));
    for (const key of keys) await store.putIfAbsent(key, utf8('x'));
    const before = double.asked.length;
    const listing = store.list('raw/daily/')[Symbol.asyncIterator]();
    for (const key of keys.slice(0, 3)) expect((await listing.next()).value).toMatchObject({ key });
    expect(double.asked.length - before).toBe(1);
    expect((await listing.next()).value).toMatchObject({ key: keys[3] });
    expect(double.asked.length - before).toBe(2);
    expect(await keysOf(store)).toEqual(keys);
  });

  it('requests nothing before the place that a listing begins from', async () => {
    for (const day of ['2025-01-07', '2025-01-08', '2025-01-09']) {
      for (let hour = 0; hour < 3; hour += 1) await store.putIfAbsent(keyAt(day, hour), utf8('x'));
    }
    const requestsOf = async (from: string) => {
      const before = double.asked.length;
      const keys = await keysOf(store, 'raw/daily/', from);
      return [keys.length, double.asked.length - before];
    };
    expect(await requestsOf('raw/daily/2025-01-09')).toEqual([3, 1]);
    expect(await requestsOf(keyAt('2025-01-09', 0))).toEqual([3, 1]);
    expect(await requestsOf(keyAt('2025-01-09', 1))).toEqual([2, 1]);
    expect(await requestsOf('raw/daily/2025-01-08')).toEqual([6, 2]);
  });

  it('names the list days of the last 21 days that got an object since a time', async () => {
    const put = (key: string, at: string) => double.objects.set(key, { bytes: utf8('x'), at });
    put(keyAt('2025-01-01', 6), '2025-01-10T00:00:00.000Z');
    put(keyAt('2025-01-01', 7), '2025-01-22T06:15:00.000Z');
    put(keyAt('2025-01-02', 6), '2025-01-22T06:14:59.000Z');
    put(keyAt('2024-12-31', 6), '2025-01-22T06:15:00.000Z');
    put(KEY.replace('daily', 'trending'), '2025-01-22T06:16:00.000Z');
    put(KEY.replace('daily', 'watched=a-b'), '2025-01-22T06:16:00.000Z');
    put(KEY.replace('daily', 'watched=a'), '2025-01-22T06:16:00.000Z');
    expect(await store.touched(instant('2025-01-22T06:15:00Z'))).toEqual([
      { list: 'daily', day: '2025-01-01' },
      { list: 'trending', day: '2025-01-08' },
      { list: 'watched:a-b', day: '2025-01-08' },
      { list: 'watched:a', day: '2025-01-08' },
    ]);
  });

  it('repeats a put that crossed another one', async () => {
    double.fail('409 ConditionalRequestConflict', 2);
    expect(await store.putIfAbsent(KEY, utf8('x'))).toBe('stored');
    double.fail('409 ConditionalRequestConflict');
    expect(await store.putIfAbsent(KEY, utf8('x'))).toBe('there already');
    expect(waits).toEqual([50, 100, 50]);
  });

  it('gives up with an error on a put that keeps crossing others', async () => {
    double.fail('409 ConditionalRequestConflict', 1000);
    await expect(store.putIfAbsent(KEY, utf8('x'))).rejects.toMatchObject({ code: 'ARCHIVE_REFUSED' });
    expect(waits).toEqual([50, 100, 200, 400]);
  });

  it.each(['503 SlowDown', '500 InternalError', 'reset'] as const)('survives %s', async (fault) => {
    double.fail(fault, 2);
    expect(await store.putIfAbsent(KEY, utf8('x'))).toBe('stored');
    double.fail(fault, 2);
    expect(Buffer.from((await store.get(KEY)) ?? []).toString()).toBe('x');
    double.fail(fault, 2);
    expect(await keysOf(store)).toEqual([KEY]);
    double.fail(fault, 2);
    expect(await store.touched(instant('2025-01-08T06:15:00Z'))).toHaveLength(1);
  });

  it('archives a capture whose put succeeded without a response', async () => {
    double.fail('unanswered');
    const { outcome, ...snapshot } = await archiveCapture(store, aCapture());
    expect(outcome).toBe('there already');
    expect(await readSnapshot(store, snapshot.key)).toEqual(snapshot);
    expect(asked().filter((what) => what.startsWith('PUT'))).toHaveLength(2);
  });

  it('does not store bytes that were altered in transit', async () => {
    double.fail('altered');
    await expect(store.putIfAbsent(KEY, utf8('x'))).rejects.toMatchObject({
      code: 'ARCHIVE_REFUSED',
      message: expect.stringContaining('BadDigest'),
    });
    expect(double.objects.size).toBe(0);
    expect(await store.get(KEY)).toBeNull();
  });

  it.each(['cut', 'altered'] as const)(
    'reads an object again that came back %s, and never returns the wrong bytes',
    async (fault) => {
      const bytes = utf8('a snapshot');
      await store.putIfAbsent(KEY, bytes);
      double.fail(fault, 2);
      expect(Buffer.from((await store.get(KEY)) ?? []).equals(bytes)).toBe(true);
      expect(waits).toEqual([50, 100]);
      double.fail(fault, 1000);
      await expect(store.get(KEY)).rejects.toMatchObject({ code: 'ARCHIVE_UNREACHABLE' });
      expect(waits).toHaveLength(6);
    },
  );
});

describe('a bucket', () => {
  const asEnvironment = (endpoint: string) => {
    vi.stubEnv('AWS_ENDPOINT_URL_S3', endpoint);
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'none');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
  };
  const failures = (store: SnapshotStore) => [
    () => store.get(KEY),
    () => store.putIfAbsent(KEY, utf8('x')),
    () => keysOf(store),
    () => store.touched(instant('2025-01-08T06:15:00Z')),
  ];

  it('is named in the error, with its endpoint, when it does not exist', async () => {
    const double = await newDouble();
    for (const fails of failures(storeOn(double, 's3://not-there/papers'))) {
      await expect(fails()).rejects.toMatchObject({
        code: 'BUCKET_MISSING',
        message: expect.stringContaining(`"s3://not-there/papers" at ${double.endpoint}`),
        hint: expect.stringContaining('PAPERKEEP_ARCHIVE'),
      });
    }
  });

  it.each([
    ['403 AccessDenied', 'ARCHIVE_FORBIDDEN', 's3:ListBucket'],
    ['403 InvalidAccessKeyId', 'NO_CREDENTIALS', 'AWS_PROFILE'],
    ['400 ExpiredToken', 'NO_CREDENTIALS', 'sign in again'],
    ['301 PermanentRedirect', 'BUCKET_ELSEWHERE', 'AWS_REGION'],
    ['503 SlowDown', 'ARCHIVE_UNREACHABLE', 'run it again'],
    ['400 InvalidRequest', 'ARCHIVE_REFUSED', 'endpoint'],
  ] as const)('reports %s as %s', async (fault, code, hint) => {
    const double = await newDouble();
    for (const fails of failures(storeOn(double))) {
      double.fail(fault, 3);
      await expect(fails()).rejects.toMatchObject({
        name: 'PaperkeepError',
        code,
        message: expect.stringMatching(new RegExp(`"s3://${BUCKET}" at ${double.endpoint}.*says the double`)),
        hint: expect.stringContaining(hint),
      });
    }
  });

  it('is opened by its address, and requested by path where it is an emulator on localhost', async () => {
    const double = await newDouble();
    asEnvironment(double.endpoint.replace('127.0.0.1', 'localhost'));
    const store = await openArchive(`s3://${BUCKET}/papers`);
    expect(store.url).toBe(`s3://${BUCKET}/papers`);
    expect(await store.putIfAbsent(KEY, utf8('x'))).toBe('stored');
    expect([...double.objects.keys()]).toEqual([`papers/${KEY}`]);
  });

  it.each(['s3://', 's3://B', 's3://Bucket', 's3://b/c', 's3://bucket//papers', 's3:///papers'])(
    'is refused when its address is %j',
    async (url) => {
      await expect(openArchive(url)).rejects.toMatchObject({ code: 'BAD_SETTING' });
    },
  );

  it('reports that nothing answers at the endpoint', async () => {
    const gone = await startS3();
    await gone.stop();
    asEnvironment(gone.endpoint);
    await expect((await openArchive(`s3://${BUCKET}`)).get(KEY)).rejects.toMatchObject({
      code: 'ARCHIVE_UNREACHABLE',
      message: expect.stringMatching(new RegExp(`${gone.endpoint}.*ECONNREFUSED`)),
    });
  });

  it('reports that credentials or the region are missing', async () => {
    asEnvironment((await newDouble()).endpoint);
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
    const reading = async () => (await openArchive(`s3://${BUCKET}`)).get(KEY);
    await expect(reading()).rejects.toMatchObject({ code: 'NO_CREDENTIALS' });
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_DEFAULT_REGION', undefined);
    await expect(reading()).rejects.toMatchObject({ code: 'NO_REGION' });
  });
});

describe('Two processes that store the same snapshots at the same time', () => {
  it('store each snapshot once, and the other one finds it there', async () => {
    const double = await newDouble();
    const keys = Array.from({ length: 40 }, (_, at) => keyAt(at < 20 ? '2025-01-08' : '2025-01-09', at % 20));
    const program = `
      import { openArchive } from ${JSON.stringify(new URL('../../shared/archive/open.ts', import.meta.url).href)};
      const store = await openArchive('s3://${BUCKET}');
      const bytes = new TextEncoder().encode(String(process.pid));
      const outcomes = [];
      for (const key of ${JSON.stringify(keys)}) outcomes.push(await store.putIfAbsent(key, bytes));
      console.log(JSON.stringify({ pid: process.pid, outcomes }));`;
    const run = async () => {
      const env = {
        ...process.env,
        AWS_ENDPOINT_URL_S3: double.endpoint,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'none',
        AWS_SECRET_ACCESS_KEY: 'none',
      };
      const flags = ['--input-type=module', '--eval', program];
      const child = spawn(process.execPath, flags, { env, stdio: ['ignore', 'pipe', 'inherit'] });
      return JSON.parse(await text(child.stdout)) as { pid: number; outcomes: string[] };
    };
    const runs = await Promise.all([run(), run()]);
    for (const [at, key] of keys.entries()) {
      const winners = runs.filter(({ outcomes }) => outcomes[at] === 'stored');
      const stored = Buffer.from(double.objects.get(key)?.bytes ?? []).toString();
      expect(
        winners.map(({ pid }) => String(pid)),
        key,
      ).toEqual([stored]);
    }
  });
});

describe('The collect, archive and record stages', () => {
  const home = mkdtempSync(join(tmpdir(), 'paperkeep-s3-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  /** Collects at these times from the sample feed; leaves the last visit unrecorded, as a process that dies then would, and catches up. */
  async function run(url: string, origin: string, setNow: (at: Instant) => void, times: readonly Instant[]) {
    const archive = await openArchive(url);
    const table = await openTable('sqlite::memory:');
    const reread = { archive, table, parsers, read: (key: string) => readSnapshot(archive, key) };
    let now = times[0] as Instant;
    const clock = () => now;
    const feed = createFeedClient({
      origin,
      minGapMs: 0,
      userAgent: 'paperkeep/0 (test)',
      clock,
      pause: sleep,
      log: silentLog,
    });
    const lease = { renew: async () => {}, release: async () => {} };
    const visits = [];
    for (const at of times) {
      now = at;
      setNow(at);
      const report = await collectLists(
        {
          ...{
            feed,
            archive,
            clock,
            parsers,
            lists: configuredLists([{ slug: 'agents', query: 'agents' }]),
            since: null,
          },
          readCalendar: (list, from, to) => readCalendar(table, list, from, to),
          log: silentLog,
          takeLease: async () => ({ waited: false, ...lease }),
          onStored: async (snapshot) => {
            if (at !== times.at(-1)) await recordSnapshots(reread, [snapshot]);
          },
        },
        null,
        deadlineAfter(600_000),
      );
      visits.push(...report.visits);
    }
    const { recorded } = await reconcile(reread, await archive.touched(instant('2000-01-01T00:00:00Z')));
    const archived = [];
    for await (const stored of archive.list('')) {
      archived.push({ ...stored, sha256: sha256((await archive.get(stored.key)) ?? '') });
    }
    const items = [];
    for await (const item of table.scan()) items.push(item);
    await table.close();
    return { visits, recorded, archived, items };
  }

  it('produce the same archive and table with S3 as with files', async () => {
    const double = await newDouble(7);
    vi.stubEnv('AWS_ENDPOINT_URL_S3', double.endpoint);
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'none');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
    const feed = await serveSample();
    const start = instant('2026-11-18T09:00:00Z');
    const times = [0, 3, 24, 25, 27].map((hours) => addSeconds(start, hours * 3600));
    const inFiles = await run(`file:${home}`, feed.origin, feed.setNow, times);
    const inS3 = await run(`s3://${BUCKET}/archive`, feed.origin, feed.setNow, times);
    await feed.stop();
    expect(inS3).toEqual(inFiles);
    expect(inS3.archived.length).toBeGreaterThan(10);
    expect(inS3.archived).toHaveLength(inS3.visits.length);
    expect(inS3.recorded).toBeGreaterThan(0);
    expect(inS3.items.length).toBeGreaterThan(100);
  });
});
