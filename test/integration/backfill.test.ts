import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFileStore } from '../../shared/archive/files.ts';
import { eachDay, sleep } from '../../shared/lib/time.ts';
import { parseSnapshotKey } from '../../shared/model/list.ts';
import { createRandom } from '../../shared/sample/random.ts';
import { aFolder, type Env, run, spawned, start } from '../cli/run.ts';
import { day } from '../support/build.ts';
import { type Replica, startReplica } from '../support/replica.ts';

const [FROM, TO] = [day('2024-11-25'), day('2025-01-12')];
const DAYS = eachDay(FROM, TO);
const NOW = '2025-02-10T00:00:00Z';
const BACKFILL = ['backfill', 'daily', '--from', FROM, '--to', TO, '--at', NOW];
/** Wait for the log in steps of this many milliseconds. */
const STEP_MS = 20;

describe.skipIf(!process.env.PAPERKEEP_CORPUS)('a backfill of seven real weeks, with what they lack', () => {
  let replica: Replica;
  let env: Env & { PAPERKEEP_DATA: string };

  beforeAll(async () => {
    replica = await startReplica({ now: NOW });
  });
  afterAll(() => replica.stop());
  beforeEach(async () => {
    await replica.fault(null);
    await replica.budget({ api: 100_000, pages: 100_000 });
    env = { PAPERKEEP_ORIGIN: replica.origin, PAPERKEEP_DATA: aFolder() };
  });

  /** The days that were asked of the replica since it had served so many requests, in order. */
  const askedSince = async (served: number): Promise<string[]> =>
    (await replica.log()).slice(served).map(({ url }) => new URL(url, replica.origin).searchParams.get('date') ?? url);

  async function archived(): Promise<Set<string>> {
    const days = new Set<string>();
    for await (const { key } of createFileStore(`${env.PAPERKEEP_DATA}/archive`).list('raw/'))
      days.add(parseSnapshotKey(key)?.day ?? key);
    return days;
  }

  const toDo = async (): Promise<string[]> =>
    JSON.parse((await run([...BACKFILL, '--dry-run', '--json'], env)).out).days;

  /** Everything is there, the table agrees, and nothing is asked once more. */
  async function expectWhole() {
    expect([...(await archived())].sort()).toEqual(DAYS);
    expect(await run(['verify'], env)).toMatchObject({ exit: 0, out: '' });
    const served = (await replica.log()).length;
    expect(await run(BACKFILL, env)).toMatchObject({
      exit: 0,
      out: '0 days collected, 0 failed, 0 left for the next run\n',
    });
    expect(await askedSince(served)).toEqual([]);
  }

  it('says before it begins what it will ask, and asks each day once, newest first; a day without papers is captured', async () => {
    const served = (await replica.log()).length;
    const { exit, err } = await spawned(BACKFILL, env);
    expect(exit).toBe(0);
    expect(err.split('\n')[0]).toContain(
      `${DAYS.length} of ${DAYS.length} days not captured yet: at least ${DAYS.length} requests`,
    );
    expect(await askedSince(served)).toEqual(DAYS.toReversed());
    const { summary } = JSON.parse((await run(['show', 'coverage', '--from', FROM, '--to', TO, '--json'], env)).out);
    expect(summary.captured + summary.empty).toBe(DAYS.length);
    expect(summary.empty).toBeGreaterThan(0);
    await expectWhole();
  });

  it('killed at any moment and run again, asks only for what was not archived', async () => {
    const chance = createRandom('backfill');
    let kills = 0;
    for (let time = 0; time < 5; time += 1) {
      const there = await archived();
      const served = (await replica.log()).length;
      const { child, ended } = start(BACKFILL, env);
      const enough = 1 + Math.floor(chance() * 12);
      while (child.exitCode === null && (await askedSince(served)).length < enough) await sleep(STEP_MS);
      child.kill('SIGKILL');
      if ((await ended).exit === null) kills += 1;
      expect((await askedSince(served)).filter((asked) => there.has(asked))).toEqual([]);
    }
    expect(kills).toBeGreaterThan(2);
    const there = await archived();
    const served = (await replica.log()).length;
    expect(await spawned(BACKFILL, env)).toMatchObject({ exit: 0 });
    expect(await askedSince(served)).toEqual(DAYS.filter((on) => !there.has(on)).reverse());
    await expectWhole();
  });

  it('stops when it is refused, keeps what it has and says how to go on; then goes on to the end', async () => {
    const served = (await replica.log()).length;
    const { child, ended } = start(BACKFILL, env);
    while (child.exitCode === null && (await askedSince(served)).length < 8) await sleep(STEP_MS);
    await replica.fault('429:1');
    const refused = await ended;
    expect(refused.exit).toBe(3);
    expect(refused.out).toContain('The feed wants to be left alone for now. What was collected is kept;');
    const left = await toDo();
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(DAYS.length - 6);
    // the day that was refused three times is the last that was asked
    expect((await askedSince(served)).slice(-3)).toEqual([left[0], left[0], left[0]]);
    expect(await run(['verify'], env)).toMatchObject({ exit: 0, out: '' });

    await replica.fault(null);
    const before = (await replica.log()).length;
    expect(await spawned(BACKFILL, env)).toMatchObject({ exit: 0 });
    expect(await askedSince(before)).toEqual(left);
    await expectWhole();
  });

  it('waits where the feed says that nothing is left, and is never told 429', async () => {
    const served = (await replica.log()).length;
    const some = ['backfill', 'daily', '--from', FROM, '--to', DAYS[11] as string, '--at', NOW];
    // In this process: a process of its own might begin when the window has ended, and the replica's next is five minutes long.
    await replica.budget({ api: 10, windowMs: 4000 });
    expect(await run(some, env)).toMatchObject({ exit: 0 });
    expect((await replica.log()).slice(served).map(({ status }) => status)).toEqual(DAYS.slice(0, 12).map(() => 200));
  });
});
