import { existsSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Instant, sleep, systemClock } from '../../shared/lib/time.ts';
import { createSampleFeed } from '../../shared/sample/feed.ts';
import { takeLease } from '../../shared/table/lease.ts';
import { openTable } from '../../shared/table/open.ts';
import { startLoopback } from '../support/loopback.ts';
import { aFolder, type Env, type Ran, run, start } from './run.ts';
import { saveDay } from './saved.ts';

type Site = {
  readonly url: string;
  json(path: string): Promise<Record<string, unknown> & { headers: Headers }>;
  /** Tells it to end as an init system would; what came of it. */
  end(): Promise<Ran>;
};

/** The real server on a free port; resolves once it says where it is. */
async function serve(env: Env, ...flags: string[]): Promise<Site> {
  const { child, ended } = start(['serve', '--port', '0', ...flags], env);
  onTestFinished(() => void child.kill('SIGKILL'));
  const line = await new Promise<string>((ready) => {
    if (child.stdout) createInterface(child.stdout).once('line', ready);
    void ended.then(({ err }) => ready(err));
  });
  const url = /^paperkeep on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1];
  if (!url) throw new Error(`it did not say where it is: ${line}`);
  return {
    url,
    async json(path) {
      const answer = await fetch(url + path);
      return { ...((await answer.json()) as object), headers: answer.headers };
    },
    async end() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

const until = async (true_: () => Promise<boolean>): Promise<void> => {
  while (!(await true_())) await sleep(50);
};

describe('the server', () => {
  it('answers a request of HTTP/1.0 without Host', async () => {
    const site = await serve({ PAPERKEEP_DATA: aFolder() });
    const socket = connect(Number(new URL(site.url).port), '127.0.0.1');
    socket.write('GET /-/versions.json HTTP/1.0\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/"paperkeep":/);
    await site.end();
  }, 60_000);

  it('starts in a data folder that does not exist yet, which another process may fill, and says so', async () => {
    const data = join(aFolder(), 'new');
    const site = await serve({ PAPERKEEP_DATA: data });
    expect(
      await run(['import', saveDay(aFolder(), '2026-03-03T12:00:00Z' as Instant)], { PAPERKEEP_DATA: data }),
    ).toMatchObject({ exit: 0 });
    expect(await site.json('/daily/2026-03-03.json')).toMatchObject({ coverage: { status: 'captured' } });
    expect((await site.end()).err).toBe(`warning: nothing is captured yet data=${data}\n`);
  });

  it('serves the sample, apart from all real data, while nothing was captured and the feed cannot be reached', async () => {
    const data = aFolder();
    const closed = await startLoopback([]);
    await closed.stop();
    const env = { PAPERKEEP_DATA: data, PAPERKEEP_ORIGIN: closed.origin };
    const site = await serve(env, '--collect');
    await until(async () => (await site.json('/index.json')).sample === true);
    const front = await site.json('/index.json');
    expect(front.headers.get('cache-control')).toBe('no-store');
    const daily = await site.json('/daily.json');
    expect(daily).toMatchObject({ sample: true, list: 'daily' });
    expect((await site.json('/watched.json')).watched).toMatchObject([{ slug: 'agents', current: true }]);
    expect((daily.papers as unknown[]).length).toBeGreaterThan(0);
    const page = await fetch(site.url);
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const { exit, err } = await site.end();
    expect(exit).toBe(0);
    expect(err).toMatch(/a sample of invented papers/);
    // All that is real is that nothing answered.
    const status = JSON.parse((await run(['status', '--json'], env)).out);
    expect(status).toMatchObject({
      status: 'empty',
      sample: false,
      snapshots: 1,
      lists: [{ list: 'daily', last: null }],
    });
    expect(status.coverage[0].days.at(-1)).toMatchObject({ status: 'failed', captures: 0, failures: 1 });

    // Opened as if it were real, the sample is still made up, and nothing real gets into it.
    const own = { ...env, PAPERKEEP_DATA: join(data, 'sample') };
    expect((await run(['show', 'daily'], own)).out).toMatch(/^SAMPLE: invented papers\n/);
    expect(JSON.parse((await run(['status', '--json'], own)).out)).toMatchObject({ sample: true, status: 'ok' });
    expect(await run(['collect'], own)).toMatchObject({ exit: 2, err: expect.stringMatching(/is the sample/) });
    const another = { ...own, PAPERKEEP_TABLE: `sqlite:${join(data, 'another.sqlite')}` };
    expect(await run(['replay', '--list', 'trending'], another)).toMatchObject({
      exit: 4,
      out: expect.stringMatching(/^0 snapshots of \d+ list days read\nnot recorded raw\/trending\//),
    });

    const kept = readdirSync(join(data, 'sample'), { recursive: true }).length;
    const again = await serve(env, '--collect', '--quiet');
    await until(async () => (await again.json('/index.json')).sample === true);
    expect(await again.end()).toMatchObject({ exit: 0, err: '' });
    // Built once: what has become due since is all that comes.
    expect(readdirSync(join(data, 'sample'), { recursive: true }).length - kept).toBeLessThan(20);
    const times = readdirSync(join(data, 'sample', 'archive'), { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.warc.gz'))
      .map((name) => name.replace(/-[0-9a-f]{12}\.warc\.gz$/, ''));
    expect(new Set(times).size).toBe(times.length);
  });

  it('collects what the feed has and serves it', async () => {
    const env = { PAPERKEEP_DATA: aFolder() };
    const feed = await startLoopback(({ path }) =>
      createSampleFeed(systemClock()).answer(new URL(path, 'http://feed')),
    );
    onTestFinished(feed.stop);
    const site = await serve({ ...env, PAPERKEEP_ORIGIN: feed.origin }, '--collect');
    await until(async () => ((await site.json('/captures.json')).total as number) >= 15);
    expect(await site.json('/index.json')).toMatchObject({
      sample: false,
      daily: { list: 'daily' },
      trending: { list: 'trending' },
    });
    expect(feed.mostAtOnce()).toBe(1);
    const { exit, err } = await site.end();
    expect(exit).toBe(0);
    expect(err).not.toMatch(/SAMPLE/);
    expect(await run(['verify'], env)).toMatchObject({ exit: 0, out: '' });
    expect(existsSync(join(env.PAPERKEEP_DATA, 'sample'))).toBe(false);
  });

  it('collects later when another process holds the lease on the feed', async () => {
    const data = aFolder();
    const feed = await startLoopback(({ path }) =>
      createSampleFeed(systemClock()).answer(new URL(path, 'http://feed')),
    );
    onTestFinished(feed.stop);
    const table = await openTable(`sqlite:${join(data, 'papers.sqlite')}`);
    const holder = { host: 'elsewhere', pid: 1, run: 'x' };
    const lease = await takeLease({ table, clock: systemClock, holder, identify: () => '', sleep });
    const { child, ended } = start(['serve', '--port', '0', '--collect'], {
      PAPERKEEP_DATA: data,
      PAPERKEEP_ORIGIN: feed.origin,
    });
    await new Promise<void>((waiting) =>
      child.stderr?.on('data', (line) => String(line).includes('waiting for another process') && waiting()),
    );
    expect(feed.asked).toEqual([]);
    await lease.release();
    await table.close();
    await until(async () => feed.asked.length >= 10);
    child.kill('SIGTERM');
    expect((await ended).exit).toBe(0);
  });

  it('ends on a signal even while it waits for the feed', async () => {
    const feed = await startLoopback([{ manner: 'silent' }]);
    onTestFinished(feed.stop);
    const site = await serve({ PAPERKEEP_DATA: aFolder(), PAPERKEEP_ORIGIN: feed.origin }, '--collect');
    await until(async () => feed.asked.length > 0);
    expect((await site.end()).exit).toBe(0);
  });
});

describe('the captures of another paperkeep', () => {
  const hours = ['2026-03-03T12:00:00Z', '2026-03-03T18:00:00Z', '2026-03-04T12:00:00Z'] as Instant[];

  it('are imported from its site, only those that are missing, with their keys and bytes', async () => {
    const [theirs, ours] = [aFolder(), aFolder()];
    const folder = aFolder();
    for (const hour of hours) saveDay(folder, hour);
    await run(['import', folder], { PAPERKEEP_DATA: theirs });
    await run(['import', saveDay(folder, hours[0] as Instant)], { PAPERKEEP_DATA: ours });
    const site = await serve({ PAPERKEEP_DATA: theirs });
    const env = { PAPERKEEP_DATA: ours };
    const first = await run(['import', `${site.url}/`, '--json'], env);
    expect(first.exit).toBe(0);
    expect(JSON.parse(first.out)).toMatchObject({ files: 2, stored: 2, known: 0, unreadable: 0 });
    expect(JSON.parse((await run(['import', site.url, '--json'], env)).out)).toMatchObject({ files: 0, stored: 0 });
    const files = (data: string) => readdirSync(join(data, 'archive/raw'), { recursive: true }).sort();
    expect(files(ours)).toEqual(files(theirs));
    const shown = async (data: string) =>
      (await run(['show', 'daily', '2026-03-03', '--json'], { PAPERKEEP_DATA: data })).out;
    expect(await shown(ours)).toBe(await shown(theirs));
    await site.end();
    const gone = await run(['import', site.url, '--json'], env);
    expect(gone.exit).toBe(3);
    expect(JSON.parse(gone.out)).toMatchObject({ error: { code: 'NOT_FETCHED' } });
  });

  it('are refused when they are a sample, or when the site is not a paperkeep', async () => {
    const answers = [
      [{ captures: [], next: null, sample: true }, 'SAMPLE'],
      [{ hello: 'world' }, 'NO_PAPERKEEP'],
      [{ captures: [], next: '?cursor=again', sample: false }, 'NO_PAPERKEEP'],
    ] as const;
    for (const [answer, code] of answers) {
      const other = await startLoopback(() => ({ body: JSON.stringify(answer) }));
      onTestFinished(other.stop);
      const { exit, err } = await run(['import', other.origin], { PAPERKEEP_DATA: aFolder() });
      expect({ exit, err }).toEqual({ exit: 4, err: expect.stringMatching(`^paperkeep: .*\\[${code}\\]: `) });
    }
  });
});
