import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFeedClient } from '../../shared/collect/client.ts';
import { sendRequest } from '../../shared/collect/request.ts';
import { CLOUD_REQUEST_INTERVALS_MS, listMissingCaptures, type RemoteDeps } from '../../shared/import/remote.ts';
import { silentLog } from '../../shared/lib/log.ts';
import { secondsBetween } from '../../shared/lib/time.ts';
import { createApp } from '../../shared/web/app.ts';
import { type ManualTime, manualTime } from '../collect/time.ts';
import { anArchive, papers, seen } from '../query/archive.ts';
import { type Answer, type Asked, type Loopback, startLoopback } from '../support/loopback.ts';
import { createMemoryArchive } from '../support/snapshots.ts';

const userAgent = 'paperkeep/0.0.0';

const asking = ({ clock, pause }: ManualTime, change: Partial<RemoteDeps> = {}): RemoteDeps => ({
  archive: createMemoryArchive(),
  openClient: (origin, minGapMs) => createFeedClient({ origin, minGapMs, userAgent, clock, pause, log: silentLog }),
  download: (url, timeoutMs) => sendRequest({ url, userAgent, accept: '*/*', token: null, timeoutMs }, clock),
  pause,
  onListed() {},
  log: silentLog,
  ...change,
});

async function loopback(answer: (asked: Asked) => Answer): Promise<Loopback> {
  const server = await startLoopback(answer);
  onTestFinished(server.stop);
  return server;
}

const DOWNLOAD = '/captures/daily/2025-01-08/20250108T061500Z.warc.gz';
const listing = { captures: [{ key: 'raw/a.warc.gz', download: DOWNLOAD }], total: 1, next: null, sample: false };

/** A paperkeep that sends elsewhere for its one file; and the one capture that it lists. */
async function sending(location: string) {
  const site = await loopback(({ path }) =>
    path === DOWNLOAD ? { status: 302, headers: { location } } : { body: JSON.stringify(listing) },
  );
  const [file] = await listMissingCaptures(site.origin, asking(manualTime()));
  if (!file) throw new Error('nothing is listed');
  return { site, file };
}

describe('importing from a paperkeep whose files are at another address', () => {
  it('downloads files from the signed addresses that the site redirects to, and sends nothing but the user agent there', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1])),
      seen('trending 2025-01-08', '2025-01-08T07:00:00Z', papers([2])),
    ]);
    const { files } = context.archive;
    const bucket = await loopback(({ path }) => ({ body: files.get(path.slice(1).replace(/\?.*/, '')) ?? '' }));
    const link = async (key: string) => `${bucket.origin}/${key}?X-Amz-Signature=made-up`;
    const versions = { paperkeep: '0', node: '24', schema: 1, parsers: {} };
    const archive = async () => ({ ...context.archive, link });
    const site = createApp({ context, archive, log: silentLog, versions });
    const server = createServer(getRequestListener(site.fetch)).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');

    const listed: number[][] = [];
    const onListed = (...numbers: number[]) => void listed.push(numbers);
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const there = await listMissingCaptures(address, asking(manualTime(), { onListed }));
    const downloaded = await Promise.all(there.map(({ read }) => read()));
    const sorted = (all: Iterable<Uint8Array>) => [...all].map((one) => Buffer.from(one).toString('base64')).sort();
    expect(sorted(downloaded)).toEqual(sorted(files.values()));
    expect(listed).toEqual([[2, 2]]);
    const own = ['accept-language', 'sec-fetch-mode', 'accept', 'accept-encoding', 'connection', 'host'];
    for (const { headers } of bucket.asked) {
      expect(headers['user-agent']).toMatch(/^paperkeep\//);
      expect(headers.accept).toBe('*/*');
      expect(Object.keys(headers).filter((name) => name !== 'user-agent' && !own.includes(name))).toEqual([]);
    }
  });

  it('follows one redirect and no more, and never prints the signed address', async () => {
    const end = await loopback(() => ({ body: 'not to be had' }));
    const bucket = await loopback(() => ({ status: 307, headers: { location: `${end.origin}/on` } }));
    const { site, file } = await sending(`${bucket.origin}/signed?X-Amz-Signature=made-up`);
    const error = await file.read().catch((thrown: unknown) => thrown);
    const message = `${site.origin}${DOWNLOAD} could not be fetched: status 307 from ${bucket.origin}`;
    expect(error).toMatchObject({ code: 'NOT_FETCHED', message });
    expect(end.asked).toEqual([]);
  });

  it('requests a file again when the connection breaks', async () => {
    const bucket = await startLoopback([{ manner: 'lost' }, { manner: 'reset', body: 'a file' }, { body: 'a file' }]);
    onTestFinished(bucket.stop);
    const { file } = await sending(bucket.origin);
    expect(Buffer.from(await file.read()).toString()).toBe('a file');
  });

  it.each(['http://192.0.2.1/file', 'file:///etc/hostname', 'http://'])(
    'does not follow a redirect to %s',
    async (location) => {
      const { file } = await sending(location);
      await expect(file.read()).rejects.toMatchObject({
        code: 'NOT_FETCHED',
        message: expect.not.stringContaining('from'),
      });
    },
  );

  it('does not follow a redirect of the list to another address', async () => {
    const bucket = await loopback(() => ({ body: JSON.stringify(listing) }));
    const site = await loopback(() => ({ status: 302, headers: { location: `${bucket.origin}/` } }));
    await expect(listMissingCaptures(site.origin, asking(manualTime()))).rejects.toMatchObject({ code: 'NOT_FETCHED' });
    expect(bucket.asked).toEqual([]);
  });
});

describe('importing from a paperkeep in the cloud', () => {
  const PAGES = 30;
  /** Grants ten pages of its list at once and one in five seconds, as its API does; says so with a bare 429. */
  async function throttled(time: ManualTime) {
    let [granted, refused, tokens, last] = [0, 0, 10, time.clock()];
    const site = await loopback(() => {
      const now = time.clock();
      tokens = Math.min(10, tokens + secondsBetween(last, now) * 0.2);
      last = now;
      if (tokens < 1) {
        refused += 1;
        return { status: 429, body: '{"message":"Too Many Requests"}' };
      }
      tokens -= 1;
      granted += 1;
      const captures = [{ key: `raw/${granted}`, download: `/captures/${granted}.warc.gz` }];
      const next = granted < PAGES ? `?limit=500&cursor=${granted}` : null;
      return { body: JSON.stringify({ captures, total: PAGES, next, sample: false }) };
    });
    return { site, refused: () => refused };
  }

  it('requests the list no faster than the site allows', async () => {
    const time = manualTime();
    const { site, refused } = await throttled(time);
    const there = await listMissingCaptures(site.origin, asking(time, { gaps: CLOUD_REQUEST_INTERVALS_MS }));
    expect(there).toHaveLength(PAGES);
    expect(refused()).toBe(0);
    expect(site.asked.slice(0, 2).map(({ path }) => path)).toEqual([
      '/captures.json?limit=500',
      '/captures.json?limit=500&cursor=1',
    ]);
  });

  it('waits when the site lets nothing more through, and goes on with the list', async () => {
    const time = manualTime();
    const { site, refused } = await throttled(time);
    const warned: string[] = [];
    const log = { info() {}, warn: (event: string) => void warned.push(event) };
    const there = await listMissingCaptures(site.origin, asking(time, { log }));
    expect(new Set(there.map(({ name }) => name)).size).toBe(PAGES);
    expect(refused()).toBeGreaterThan(0);
    expect(warned[0]).toBe(`${site.origin} allows no more requests for now: waiting up to 65 min`);
  });

  it('gives up on a site that lets nothing through for an hour', async () => {
    const time = manualTime();
    const began = time.clock();
    const site = await loopback(() => ({ status: 429 }));
    const trying = listMissingCaptures(site.origin, asking(time));
    await expect(trying).rejects.toMatchObject({ code: 'NOT_FETCHED' });
    expect(secondsBetween(began, time.clock())).toBeGreaterThanOrEqual(3600);
  });
});
