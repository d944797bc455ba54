import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { addSeconds, type Day, dayOf, type Instant, parseInstant, secondsBetween } from '../../shared/lib/time.ts';
import { getCapture } from '../../shared/query/captures.ts';
import { aFolder, run, spawned } from '../cli/run.ts';
import { type Replica, startReplica } from '../support/replica.ts';
import { beginKeeping, type Keeping } from './keeping.ts';

const CORPUS = process.env.PAPERKEEP_CORPUS ?? '';

type Entry = { readonly paper: { readonly id: string; readonly title: string; readonly upvotes: number } };
/** A real answer of the API: of which day, and when. */
type Real = { readonly day: Day; readonly at: Instant; readonly file: string };

const realAnswers = (): Real[] =>
  readdirSync(join(CORPUS, 'api-daily')).flatMap((file) => {
    const [, day, at] = /^(\S{10})__(\w+)\.json\.gz$/.exec(file) ?? [];
    return day && at ? [{ day: day as Day, at: parseInstant(at) as Instant, file }] : [];
  });
const entriesOf = ({ file }: Real): Entry[] =>
  JSON.parse(gunzipSync(readFileSync(join(CORPUS, 'api-daily', file))).toString());
const rowsOf = (entries: readonly Entry[]) => entries.map(({ paper: { id, upvotes } }) => [id, upvotes]);

describe.skipIf(!CORPUS)('three real days, looked at every hour', () => {
  const DAYS = ['2025-01-08', '2025-01-09', '2025-01-10'] as Day[];
  const HOURS = Array.from({ length: 72 }, (_, hour) => addSeconds('2025-01-08T00:00:00Z' as Instant, hour * 3600));
  let replica: Replica;
  let keeping: Keeping;

  beforeAll(async () => {
    replica = await startReplica();
    // Two of a run's three hundred visits would not fit into the feed's five minutes.
    await replica.budget({ api: 100_000, pages: 100_000 });
    keeping = await beginKeeping(replica.origin, '2025-01-11T00:00:00Z' as Instant);
    for (const hour of HOURS) {
      await replica.now(hour);
      await keeping.collect(hour);
    }
  });
  afterAll(async () => {
    await keeping.end();
    await replica.stop();
  });

  it.each(DAYS)(
    'tells the list of %s at any hour as the newest real capture had it when it was last visited',
    async (day) => {
      const real = realAnswers().filter((answer) => answer.day === day);
      let compared = 0;
      for (const hour of HOURS.filter((at) => dayOf(at) >= day)) {
        const { observedAt, papers, coverage } = await keeping.daily(day, hour);
        const longest =
          hour.slice(0, 10) === day ? 0 : secondsBetween(`${day}T00:00:00Z` as Instant, hour) < 172_800 ? 3 : 24;
        expect(secondsBetween(observedAt as Instant, hour)).toBeLessThanOrEqual(longest * 3600);
        const newest = real.filter(({ at }) => at <= (observedAt as Instant)).at(-1);
        expect(papers.map(({ id, upvotes }) => [id, upvotes])).toEqual(newest ? rowsOf(entriesOf(newest)) : []);
        expect(coverage).toMatchObject({ status: newest ? 'captured' : 'empty', complete: true, failures: 0 });
        if (newest) compared += 1;
      }
      expect(compared).toBeGreaterThan(5);
    },
  );
});

describe.skipIf(!CORPUS)('a day larger than a page of the API', () => {
  it('is stored whole', async () => {
    const corpus = aFolder();
    mkdirSync(join(corpus, 'api-daily'));
    const papers = new Map<string, Entry>();
    for (const answer of realAnswers().slice(0, 60))
      for (const entry of entriesOf(answer)) papers.set(entry.paper.id, entry);
    const entries = [...papers.values()].slice(0, 130);
    expect(entries).toHaveLength(130);
    writeFileSync(join(corpus, 'api-daily/2025-02-03__20250203T120000Z.json'), JSON.stringify(entries));
    const replica = await startReplica({ corpus, now: '2025-02-03T13:00:00Z' });
    onTestFinished(replica.stop);
    const data = aFolder();
    const env = { PAPERKEEP_ORIGIN: replica.origin, PAPERKEEP_DATA: data };
    const collected = await spawned(['collect', 'daily', '--at', '2025-02-03T13:00:00Z', '--json'], env);
    expect(collected).toMatchObject({ exit: 0 });
    const { papers: shown, coverage } = JSON.parse((await run(['show', 'daily', '2025-02-03', '--json'], env)).out);
    expect(shown.map(({ id }: { id: string }) => id)).toEqual(entries.map(({ paper }) => paper.id));
    expect(coverage).toMatchObject({ status: 'captured', complete: true, pages: 2, listed: 130 });
  });
});

describe.skipIf(!CORPUS)('the trending page', () => {
  it('is told in the order of its ranks at any time that it was looked at', async () => {
    const ranks = gunzipSync(readFileSync(join(CORPUS, 'trending/ranks-2026-05..2026-08.csv.gz'))).toString();
    const captures = new Map<string, string[]>();
    for (const line of ranks.split('\n').slice(1)) {
      const [at = '', id, rank] = line.split(',');
      if (!id) continue;
      const ids = captures.get(at) ?? [];
      ids[Number(rank) - 1] = id;
      captures.set(at, ids);
    }
    // Many came in bursts, seconds apart: of those the last, so that an hour later it is still the newest.
    const lone = [...captures].filter(([time], place, all) => {
      const next = all[place + 1]?.[0];
      return next === undefined || secondsBetween(parseInstant(time) as Instant, parseInstant(next) as Instant) > 3600;
    });
    const some = lone.slice(0, 20);
    expect(some).toHaveLength(20);
    const replica = await startReplica();
    onTestFinished(replica.stop);
    const keeping = await beginKeeping(replica.origin, '2026-09-01T00:00:00Z' as Instant);
    onTestFinished(keeping.end);
    const table = keeping.workspace.table.url;
    for (const [time] of some) {
      const at = addSeconds(parseInstant(time) as Instant, 1);
      await replica.now(at);
      expect((await keeping.collect(at, [{ list: 'trending', day: dayOf(at) }])).visits).toMatchObject([
        { result: 'done' },
      ]);
    }
    for (const [time, ids] of some) {
      const { out } = await run([
        'show',
        'trending',
        '--at',
        addSeconds(parseInstant(time) as Instant, 3600),
        '--table',
        table,
        '--json',
      ]);
      const { papers, coverage } = JSON.parse(out);
      expect(papers.map(({ id }: { id: string }) => id)).toEqual(ids.filter(Boolean));
      expect(coverage.complete).toBeNull();
    }
  });
});

describe.skipIf(!CORPUS)('real pages that somebody saved', () => {
  const html = (name: string) => join(CORPUS, 'html', name);

  it('are read by what they show: the day page of 2024, and markup of 2026', async () => {
    const env = { PAPERKEEP_DATA: aFolder() };
    const old = html('2024-08-01_papers-date_captured-2024-08-11.html');
    const imported = await spawned(
      ['import', old, '--list', 'daily', '--day', '2024-08-01', '--at', '2024-08-11T00:00:00Z'],
      env,
    );
    expect(imported).toMatchObject({ exit: 0, err: '' });
    const { papers, coverage } = JSON.parse((await run(['show', 'daily', '2024-08-01', '--json'], env)).out);
    expect(papers).toHaveLength(13);
    expect(papers[0]).toMatchObject({ rank: 1, listedOn: '2024-08-01' });
    expect(coverage).toMatchObject({ status: 'captured', complete: null });

    const day = [
      'import',
      html('2026-08-21_day_reconstructed.html'),
      '--list',
      'daily',
      '--at',
      '2026-08-22T06:00:00Z',
    ];
    expect(await run(day, env)).toMatchObject({ exit: 0 });
    expect(JSON.parse((await run(['show', 'daily', '2026-08-21', '--json'], env)).out).papers.length).toBeGreaterThan(
      10,
    );

    const trending = html('2026-10-07_trending_2entries_reconstructed.html');
    expect(await run(['import', trending, '--list', 'trending', '--at', '2026-10-07T12:00:00Z'], env)).toMatchObject({
      exit: 0,
    });
    const shown = JSON.parse((await run(['show', 'trending', '2026-10-07', '--json'], env)).out);
    expect(shown.papers.map(({ rank }: { rank: number }) => rank)).toEqual([1, 2]);
  });

  it('are refused as another day when they show one, and kept', async () => {
    const env = { PAPERKEEP_DATA: aFolder() };
    const old = html('2024-08-01_papers-date_captured-2024-08-11.html');
    const wrong = await run(
      ['import', old, '--list', 'daily', '--day', '2024-08-02', '--at', '2024-08-11T00:00:00Z', '--json'],
      env,
    );
    expect(wrong.exit).toBe(4);
    expect(JSON.parse(wrong.out)).toMatchObject({ stored: 1, unreadable: 1, captures: [{ outcome: 'another-day' }] });
    expect(JSON.parse((await run(['show', 'daily', '2024-08-02', '--json'], env)).out)).toMatchObject({
      papers: [],
      coverage: { status: 'failed' },
    });
  });

  it('as copied text give rows without ids, which get theirs once a list with the same titles is there', async () => {
    const env = { PAPERKEEP_DATA: aFolder(), PAPERKEEP_WATCH: 'attention=attention' };
    const copied = html('seed-page.txt');
    const at = '2025-03-12T09:00:00Z';
    expect(await run(['import', copied, '--list', 'watched:attention', '--at', at], env)).toMatchObject({
      exit: 0,
      err: '',
    });
    const ids = async (): Promise<string[]> =>
      JSON.parse((await run(['show', 'watched', 'attention', '--json'], env)).out).papers.flatMap(
        ({ id }: { id: string | null }) => id ?? [],
      );
    const { papers } = JSON.parse((await run(['show', 'watched', 'attention', '--json'], env)).out);
    expect(papers.length).toBeGreaterThan(50);
    expect(await ids()).toEqual([]);

    const known = ['2024-08-15', '2024-10-22', '2024-10-11'];
    const answers = realAnswers()
      .filter(({ day }) => known.includes(day))
      .map(({ file }) => join(CORPUS, 'api-daily', file));
    expect(await run(['import', ...answers], env)).toMatchObject({ exit: 0 });
    expect((await ids()).sort()).toEqual(['2408.07089', '2410.08196', '2410.15748']);
  });
});

describe.skipIf(!CORPUS)('what can go wrong with the feed', () => {
  const DAY = '2025-01-08' as Day;
  const hour = (at: number) => `2025-01-08T${at}:00:00Z` as Instant;
  let replica: Replica;

  beforeAll(async () => {
    replica = await startReplica({ now: hour(18) });
  });
  afterAll(() => replica.stop());

  const capture = ({ workspace: { table, catalog } }: Keeping, at: Instant) =>
    getCapture({ table, catalog, clock: () => hour(23), sample: false }, { list: 'daily', day: DAY }, at);

  it.each([
    ['429:1', 'retry', 'refused'],
    ['500:1', 'retry', 'server-error'],
    ['503:1', 'retry', 'server-error'],
    ['reset:1', 'retry', 'cut'],
    ['cut:1', 'retry', 'cut'],
    ['challenge:1', 'retry', 'challenge'],
    ['empty:1', 'retry', 'no-body'],
    ['404:1', 'unreadable', 'not-found'],
    ['html:1', 'unreadable', 'other-shape'],
    // the API alone is wrong, and the page of the day tells the right list
    ['retype:1', 'done', 'list'],
    ['zero:1', 'done', 'list'],
    ['html:2', 'done', 'list'],
  ] as const)(
    '%s is kept as what it is, spoils nothing that is shown, and is over with the next visit',
    async (fault, result, outcome) => {
      const keeping = await beginKeeping(replica.origin, hour(23));
      onTestFinished(keeping.end);
      const collect = (at: Instant) => keeping.collect(at, [{ list: 'daily', day: DAY }]);
      await replica.fault(null);
      await replica.budget({ api: 500, pages: 100 });
      expect((await collect(hour(18))).visits).toMatchObject([{ result: 'done' }]);
      const before = await keeping.daily(DAY, null);
      expect(before.papers.length).toBeGreaterThan(10);

      await replica.fault(fault);
      // Of `:2` the first request is well: spend it.
      if (fault.endsWith(':2')) await fetch(`${replica.origin}/papers/trending`);
      expect((await collect(hour(19))).visits).toMatchObject([{ result: result }]);
      expect(await capture(keeping, hour(19))).toMatchObject({ outcome, via: result === 'done' ? 'page' : null });
      const during = await keeping.daily(DAY, null);
      expect(during.observedAt).toBe(result === 'done' ? hour(19) : hour(18));
      expect(during.papers.map(({ id, rank, upvotes }) => [id, rank, upvotes])).toEqual(
        before.papers.map(({ id, rank, upvotes }) => [id, rank, upvotes]),
      );

      await replica.fault(null);
      expect((await collect(hour(20))).visits).toMatchObject([{ result: 'done' }]);
      const after = await keeping.daily(DAY, null);
      expect(after).toMatchObject({ observedAt: hour(20), coverage: { status: 'captured', complete: true } });
      expect(after.coverage.failures).toBe(result === 'done' ? 0 : 1);
    },
  );

  it('an answer that takes half a minute is waited for', { timeout: 60_000 }, async () => {
    const keeping = await beginKeeping(replica.origin, hour(23));
    onTestFinished(keeping.end);
    await replica.fault('slow:1');
    onTestFinished(() => replica.fault(null));
    expect((await keeping.collect(hour(19), [{ list: 'daily', day: DAY }])).visits).toMatchObject([{ result: 'done' }]);
    expect(await capture(keeping, hour(19))).toMatchObject({ outcome: 'list', via: 'api' });
    expect((await keeping.daily(DAY, null)).papers.length).toBeGreaterThan(10);
  });

  it.each([
    ['429:1', 3, 'refused', 3],
    ['cut:1', 3, 'cut', 1],
  ] as const)(
    '%s, met by the real command, ends it with %i and is waited for as the feed asks',
    async (fault, exit, outcome, asked) => {
      const env = { PAPERKEEP_ORIGIN: replica.origin, PAPERKEEP_DATA: aFolder() };
      const before = (await replica.log()).length;
      await replica.fault(fault);
      const ran = await spawned(['collect', 'daily', '--at', hour(19), '--json', '--quiet'], env);
      await replica.fault(null);
      expect(ran).toMatchObject({ exit, err: '' });
      expect(JSON.parse(ran.out)).toMatchObject({
        visits: [{ list: 'daily', day: DAY, outcome, result: 'retry' }],
        left: [],
      });
      expect((await replica.log()).length - before).toBe(asked);
      expect(await spawned(['verify'], env)).toMatchObject({ exit: 0, out: '' });
    },
  );
});
