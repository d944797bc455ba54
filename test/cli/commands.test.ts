import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { commandNames, groups, loadCommands } from '../../functions/cli/commands.ts';
import { addSeconds, type Instant, systemClock } from '../../shared/lib/time.ts';
import { type SampleServer, serveSample } from '../../shared/sample/server.ts';
import { startLoopback } from '../support/loopback.ts';
import { aFolder, run } from './run.ts';
import { answerAt, dayAt, saveDay } from './saved.ts';

const NOON = '2026-03-03T12:00:00Z' as Instant;
const ids = (out: string): string[] => JSON.parse(out).papers.map(({ id }: { id: string }) => id);
const idsTold = (body: string): string[] => JSON.parse(body).map(({ paper }: { paper: { id: string } }) => paper.id);

describe('every command', () => {
  it.each([...commandNames, ...Object.keys(groups)])(
    'has a help text with its flags and an example: %s',
    async (name) => {
      const { exit, out, err } = await run([...name.split(' '), '--help']);
      expect({ exit, err }).toEqual({ exit: 0, err: '' });
      expect(out).toMatch(new RegExp(`^Usage: paperkeep ${name}`));
      expect(out).toMatch(new RegExp(`Examples?:\\n {2}\\$ npx paperkeep ${name}`));
      expect(out).toMatch(/--json .*--quiet .*--data /s);
    },
  );

  it('is loaded by its name', async () => {
    expect((await loadCommands()).map(({ name }) => name)).toEqual(commandNames);
  });

  it('is listed by --help, which also says what the exit codes mean', async () => {
    const { exit, out } = await run(['--help']);
    expect(exit).toBe(0);
    for (const name of commandNames) expect(out).toContain(`\n  ${name.split(' ')[0]} `);
    expect(out).toContain('npx paperkeep serve --collect');
    expect(out).toMatch(/0 {2}done\n.*5 {2}the archive or the table is damaged/s);
  });

  it.each(Object.keys(groups))('of the group %s is listed by its help', async (group) => {
    const { exit, out } = await run([group, '--help']);
    expect(exit).toBe(0);
    for (const name of commandNames.filter((one) => one.startsWith(`${group} `)))
      expect(out).toMatch(new RegExp(`^  ${name.split(' ')[1]} .*\\w`, 'm'));
  });

  it('prints the version of package.json', async () => {
    expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('a small archive', () => {
  let feed: SampleServer;
  let data: string;
  let env: Record<string, string>;
  const at = (hour: number) => addSeconds(NOON, hour * 3600);
  const collect = async (hour: number, ...args: string[]) => {
    feed.setNow(at(hour));
    return run(['collect', ...args, '--at', at(hour)], env);
  };

  beforeAll(async () => {
    feed = await serveSample();
  });
  afterAll(() => feed.stop());
  const begin = () => {
    data = aFolder();
    env = { PAPERKEEP_DATA: data, PAPERKEEP_ORIGIN: feed.origin, PAPERKEEP_WATCH: 'agents=agents' };
  };

  it('is collected by schedule: the first 14 days, then what is due again', async () => {
    begin();
    const first = await collect(0, '--json');
    expect(first.exit).toBe(0);
    const { visits, left } = JSON.parse(first.out);
    expect(visits).toHaveLength(16);
    expect(left).toEqual([]);
    expect(visits[0]).toMatchObject({
      list: 'daily',
      day: '2026-03-03',
      outcome: 'list',
      complete: true,
      result: 'done',
    });
    expect((await collect(0)).out).toBe('Nothing is due.\n');
    const next = JSON.parse((await collect(1, '--json')).out).visits;
    expect(next.map(({ list, day }: { list: string; day: string }) => `${list} ${day}`)).toEqual([
      'daily 2026-03-03',
      'trending 2026-03-03',
    ]);
  });

  it('gets exactly the lists and days that `collect` names', async () => {
    begin();
    const lists = ['trending', 'watched:agents', 'daily', 'daily'];
    const { out } = await collect(0, ...lists, '--json');
    expect(JSON.parse(out).visits.map(({ list }: { list: string }) => list)).toEqual([
      'trending',
      'watched:agents',
      'daily',
    ]);
    const day = await collect(0, '--day', '2026-02-20', '--json');
    expect(JSON.parse(day.out).visits).toMatchObject([{ list: 'daily', day: '2026-02-20' }]);
    const table = await collect(1, 'daily');
    expect(table.out).toMatch(
      /^list {3}day {9}outcome {2}papers {2}complete {2}why\n-+.*\ndaily {2}2026-03-03 {2}list +\d+ {2}true +-\n$/,
    );
  });

  it('is backfilled day by day, and continues where it ended', async () => {
    begin();
    feed.setNow(NOON);
    const range = ['backfill', 'daily', '--from', '2026-02-09', '--to', '2026-02-13', '--at', NOON];
    await collect(0, '--day', '2026-02-11');
    const plan = await run([...range, '--dry-run', '--json'], env);
    const missing = ['2026-02-13', '2026-02-12', '2026-02-10', '2026-02-09'];
    expect(JSON.parse(plan.out)).toMatchObject({ list: 'daily', days: missing, requests: 4, seconds: 0 });
    const slow = await run([...range, '--dry-run', '--min-gap-ms', '2000'], env);
    expect(slow.out).toBe(
      ['4 of 5 days not captured yet; takes at least 4 requests and 8 s', ...missing, ''].join('\n'),
    );
    const done = await run(range, env);
    expect(done).toMatchObject({ exit: 0, out: '4 days captured, 0 failed, 0 left\n' });
    expect(JSON.parse((await run([...range, '--dry-run', '--json'], env)).out).days).toEqual([]);
    expect(ids((await run(['show', 'daily', '2026-02-12', '--json'], env)).out)).toEqual(
      idsTold(dayAt(NOON, '2026-02-12' as never)),
    );
  });

  it('leaves the remaining days to the next run when the feed refuses', async () => {
    begin();
    const refusing = await startLoopback([{ status: 429, body: 'no' }]);
    onTestFinished(refusing.stop);
    const range = ['backfill', 'daily', '--from', '2026-02-09', '--to', '2026-02-13', '--at', NOON];
    const { exit, out } = await run(range, { ...env, PAPERKEEP_ORIGIN: refusing.origin });
    expect(exit).toBe(3);
    expect(out).toMatch(
      /^0 days captured, 1 failed, 4 left\nThe feed refuses more requests for now\. Everything captured so far is kept\. Run the same command again.*\n[\s\S]+2026-02-13 {2}refused/,
    );
  });

  it('is not requested again by a backfill that the feed refused at the end of a slice', async () => {
    begin();
    const well = { body: '[]', headers: { 'content-type': 'application/json' } };
    const refusing = await startLoopback([...Array.from({ length: 19 }, () => well), { status: 429, body: 'no' }]);
    onTestFinished(refusing.stop);
    const range = ['backfill', 'daily', '--from', '2026-01-01', '--to', '2026-02-13', '--at', NOON];
    const { exit, out } = await run([...range, '--json'], { ...env, PAPERKEEP_ORIGIN: refusing.origin });
    expect(exit).toBe(3);
    const { visits, left } = JSON.parse(out);
    expect([visits.length, visits.at(-1).outcome, left.length]).toEqual([20, 'refused', 24]);
  });

  it('is shown as it was collected: lists, a paper, the calendar', async () => {
    begin();
    await collect(0);
    await collect(1);
    const now = (await run(['show', 'daily', '2026-03-03', '--json'], env)).out;
    const before = (await run(['show', 'daily', '2026-03-03', '--at', at(0), '--json'], env)).out;
    expect(ids(now)).toEqual(idsTold(dayAt(at(1))));
    expect(ids(before)).toEqual(idsTold(dayAt(at(0))));
    expect(JSON.parse(before).observedAt).toBe(at(0));
    const table = (await run(['show', 'daily', '2026-03-03'], env)).out.split('\n');
    expect(table[0]).toBe(
      `daily 2026-03-03 · ${ids(now).length} papers at ${at(1)} · complete · 2 captures, 0 failed visits`,
    );
    expect(table[2]).toMatch(/^rank +was +upvotes +gain +expected +id +title$/);
    expect(table[4]).toContain(ids(now)[0]);
    expect(ids((await run(['show', 'trending', '2026-03-03', '--json'], env)).out)).toHaveLength(50);
    expect(ids((await run(['show', 'watched', 'agents', '--json'], env)).out).length).toBeGreaterThan(3);
    const dropped = await run(['show', 'watched', 'agents', '--json'], { ...env, PAPERKEEP_WATCH: 'tea=brewing tea' });
    expect(ids(dropped.out).length).toBeGreaterThan(3);
    const fresh = await run(['show', 'watched', 'tea'], { ...env, PAPERKEEP_WATCH: 'tea=brewing tea' });
    expect([fresh.exit, fresh.out]).toEqual([0, expect.stringMatching(/^watched:tea \S+ · not captured\n$/)]);
    const none = await run(['show', 'watched', 'nosuch'], env);
    expect([none.exit, none.out, none.err]).toEqual([
      2,
      '',
      'paperkeep: no search named nosuch is watched or archived [USAGE]: name one of agents\n',
    ]);
    expect(answerAt(at(1), '/papers/trending')).toContain(ids((await run(['show', 'trending', '--json'], env)).out)[0]);

    const paper = await run(['show', 'paper', ids(now)[0] as string], env);
    expect(paper).toMatchObject({ exit: 0, out: expect.stringMatching(/\ndaily +2026-03-03 +2 /) });
    const coverage = await run(['show', 'coverage', '--from', '2026-03-02', '--to', '2026-03-03', '--json'], env);
    expect(
      JSON.parse(coverage.out).days.map(({ day, status }: { day: string; status: string }) => [day, status]),
    ).toEqual([
      ['2026-03-02', 'captured'],
      ['2026-03-03', 'captured'],
    ]);
    const expected = await run(['show', 'expected', '--json'], env);
    expect(JSON.parse(expected.out).day).toBe('2026-03-03');
    expect((await run(['show', 'daily', '2026-01-01'], env)).out).toBe('daily 2026-01-01 · not captured\n');
    const never = await run(['show', 'paper', '1001.0001'], env);
    expect(never).toMatchObject({ exit: 1, err: expect.stringMatching(/never seen on any list \[NEVER_SEEN\]/) });
  });

  it('promises no visit on its calendar, since whether a schedule runs is unknown', async () => {
    begin();
    const now = systemClock();
    feed.setNow(now);
    await run(['collect', 'daily', '--at', now], env);
    expect((await run(['show', 'coverage', '--json'], env)).out).toMatch(/"outlook":"(?:healing|settling)"/);
    expect((await run(['show', 'coverage'], env)).out).not.toMatch(/healing|settling|again|retried/);
  });

  it('is compared between two times, for any list', async () => {
    begin();
    await collect(0, 'daily', 'trending');
    await collect(3, 'daily', 'trending');
    const edges = ['--from', at(0), '--to', at(4)];
    const movers = async (...args: string[]) => run(['show', 'movers', ...args], env);
    const daily = JSON.parse((await movers('--list', 'daily', ...edges, '--json')).out);
    expect(daily).toMatchObject({
      list: 'daily',
      from: { asked: at(0), observedAt: at(0) },
      to: { asked: at(4), observedAt: at(3) },
      hours: 3,
    });
    const [before, after] = [idsTold(dayAt(at(0))), idsTold(dayAt(at(3)))];
    const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id).sort();
    expect(idsOf(daily.entered)).toEqual(after.filter((id) => !before.includes(id)).sort());
    expect(idsOf(daily.moved)).toEqual(after.filter((id) => before.includes(id)).sort());

    const { exit, out } = await movers('--list', 'trending', ...edges);
    expect(exit).toBe(0);
    const [head, , moved, , columns] = out.split('\n');
    expect(head).toBe(`trending · ${at(0)} to ${at(3)} · 3 h`);
    expect(moved).toMatch(/^moved: \d+$/);
    expect(columns).toMatch(/^was +rank +from +upvotes +per hour +stars +stars per hour +hours +id +title$/);
    expect(out).toMatch(/\nentered: /);
    expect(out).toMatch(/\nleft: /);

    const window = JSON.parse((await movers('--list', 'trending', '--window', '24h', '--to', at(24), '--json')).out);
    expect([window.from.asked, window.to.observedAt]).toEqual([at(0), at(3)]);
    expect(await movers('--window', '7d', '--to', at(24))).toMatchObject({
      exit: 1,
      out: '',
      err: expect.stringMatching(/had been captured by 2026-02-25T12:00:00Z; the oldest list is .*\[NOT_CAPTURED\]/),
    });
  });

  it('is not called empty when its folder cannot be read', async () => {
    begin();
    mkdirSync(join(data, 'archive/raw'), { recursive: true });
    writeFileSync(join(data, 'archive/raw/daily'), '');
    const { exit, out } = await run(['status'], env);
    expect([exit, out]).toEqual([5, expect.stringContaining('damaged raw/daily/: ')]);
    expect(out).not.toMatch(/nothing here|no captures/i);
  });

  it('is described by `status`', async () => {
    begin();
    const fresh = await run(['status'], env);
    expect(fresh).toMatchObject({ exit: 0, out: expect.stringMatching(/Nothing here yet/) });
    await collect(0);
    const { exit, out } = await run(['status', '--json'], env);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      status: expect.any(String),
      snapshots: 16,
      bytes: expect.any(Number),
      deadLetters: null,
      where: { archive: `file:${join(data, 'archive')}` },
      versions: { node: process.versions.node },
    });
    expect(JSON.parse(out).coverage.map(({ days }: { days: unknown[] }) => days.length)).toEqual([14, 14, 14]);
  });

  it('is checked by doctor, which names each problem with a hint', async () => {
    begin();
    const well = await run(['doctor', '--json'], env);
    expect(well.exit).toBe(0);
    expect(
      JSON.parse(well.out).checks.map(({ check, hint }: { check: string; hint: string }) => [check, hint]),
    ).toEqual(['Node', 'disk', 'archive and table', 'search index', 'feed'].map((check) => [check, null]));
    const closed = await startLoopback([]);
    await closed.stop();
    const ill = await run(['doctor'], { ...env, PAPERKEEP_ORIGIN: closed.origin });
    expect(ill).toMatchObject({ exit: 3, err: '' });
    expect(ill.out).toMatch(/^FAILED {2}feed: http:\S+: no answer: .*ECONNREFUSED.*\n {8}check the network/m);
    await collect(0, 'daily');
    await run(['search', 'a'], env);
    for (const [file, check] of [
      ['papers.sqlite', 'archive and table'],
      ['catalog.sqlite', 'search index'],
    ] as const) {
      const path = join(data, file);
      const bytes = readFileSync(path);
      writeFileSync(path, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 7)]));
      const { exit, out } = await run(['doctor', '--json'], env);
      const { found, hint } = JSON.parse(out).checks.find((one: { check: string }) => one.check === check);
      expect({ exit, found, hint }).toEqual({
        exit: 5,
        found: expect.stringMatching(`${file} is damaged: `),
        hint: expect.stringMatching(/./),
      });
      writeFileSync(path, bytes);
    }
    const blocked = await run(['doctor', '--table', 'sqlite:/dev/null/x'], env);
    expect(blocked.exit).toBe(1);
    expect(blocked.out).toMatch(/^FAILED {2}archive and table: .*\n {8}check that the path/m);
  });

  it('is recorded and replayed from its snapshots', async () => {
    begin();
    await collect(0, 'daily', 'trending');
    const anew = { ...env, PAPERKEEP_TABLE: `sqlite:${join(data, 'anew.sqlite')}` };
    const dry = await run(['replay', '--dry-run'], anew);
    expect(dry.out).toBe('2 snapshots of 2 list days would be read\n');
    expect((await run(['replay', '--list', 'trending'], anew)).out).toBe('1 snapshot of 1 list day read\n');
    const lacking = await run(['verify'], anew);
    expect(lacking.exit).toBe(5);
    expect(lacking.out).toMatch(/^unrecorded LIST#daily#2026-03-03 AT#/m);
    expect((await run(['record', '--json'], anew)).out).toBe('{"recorded":1,"damaged":[]}\n');
    expect(await run(['verify'], anew)).toMatchObject({ exit: 0, out: '' });

    const [key = ''] = readdirSync(join(data, 'archive/raw/daily/2026-03-03'));
    const named = await run(['record', `raw/daily/2026-03-03/${key}`], anew);
    expect(named).toMatchObject({ exit: 0, out: '1 snapshot recorded\n' });
  });

  it('is repaired by verify where the table differs from the snapshots', async () => {
    begin();
    await collect(0, 'daily');
    const anew = { ...env, PAPERKEEP_TABLE: `sqlite:${join(data, 'anew.sqlite')}` };
    const fixed = await run(['verify', '--fix'], anew);
    expect(fixed.exit).toBe(0);
    expect(fixed.out).toMatch(/^unrecorded .* \(fixed\)$/m);
    expect(await run(['verify'], anew)).toMatchObject({ exit: 0, out: '' });
  });

  it('is printed as one JSON document with --json, and without progress with --quiet', async () => {
    begin();
    const folder = aFolder();
    const lines: [string, ...string[]][] = [
      ['collect', 'daily', '--at', NOON],
      ['backfill', 'daily', '--from', '2026-03-01', '--to', '2026-03-02', '--at', NOON],
      ['import', saveDay(folder, at(1))],
      ['record'],
      ['replay'],
      ['verify'],
      ['show', 'daily'],
      ['show', 'trending'],
      ['show', 'movers', '--from', NOON],
      ['show', 'coverage'],
      ['show', 'new', '--since', '2026-03-01'],
      ['search', 'a', 'the', '--sort', 'date', '--limit', '2'],
      ['search', '--list', 'daily', '--max-rank', '3', '--min-upvotes', '0'],
      ['status'],
      ['doctor'],
    ];
    feed.setNow(NOON);
    for (const args of lines) {
      const { exit, out, err } = await run([...args, '--json', '--quiet'], env);
      expect({ args, exit, err }).toEqual({ args, exit: 0, err: '' });
      expect(JSON.parse(out)).toEqual(expect.any(Object));
      expect(out.trimEnd()).not.toContain('\n');
    }
  });
});
