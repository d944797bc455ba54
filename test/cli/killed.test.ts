import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSeconds, type Instant, sleep } from '../../shared/lib/time.ts';
import { createRandom } from '../../shared/sample/random.ts';
import { type SampleServer, serveSample } from '../../shared/sample/server.ts';
import { openTable } from '../../shared/table/open.ts';
import type { Item } from '../../shared/table/store.ts';
import { everythingIn } from '../integration/collected-archive.ts';
import { aFolder, type Env, run, spawned, start } from './run.ts';
import { saveDay } from './saved.ts';

const NOON = '2026-03-03T12:00:00Z' as Instant;
async function tableOf(data: string, name = 'papers.sqlite'): Promise<Item[]> {
  const table = await openTable(`sqlite:${join(data, name)}`);
  const items = await everythingIn(table);
  await table.close();
  return items;
}

/** Runs the command undisturbed; tells how many milliseconds it took. */
async function undisturbed(args: readonly string[], env: Env): Promise<number> {
  const started = performance.now();
  expect(await spawned(args, env)).toMatchObject({ exit: 0 });
  return performance.now() - started;
}

/** Runs the command and kills it after so long, if it has not ended by then. Tells whether it was killed. */
async function killed(args: readonly string[], env: Env, afterMs: number): Promise<boolean> {
  const { child, ended } = start(args, env);
  await Promise.race([sleep(afterMs), ended]);
  child.kill('SIGKILL');
  return (await ended).exit === null;
}

describe('A process that is killed at any moment and run again', () => {
  const chance = createRandom('kill -9');
  /** A moment in a run that takes so long. */
  const momentOf = (ms: number) => (0.2 + 0.8 * chance()) * ms;
  /** Kills the command so many times, each time at a moment of what it took undisturbed, or earlier once it has less to do. */
  async function killedTimes(times: number, args: readonly string[], env: Env, ms: number): Promise<void> {
    let [kills, longest] = [0, ms];
    for (let runs = 0; kills < times; runs += 1) {
      expect(runs, 'runs that ended before they were killed').toBeLessThan(3 * times);
      if (await killed(args, env, momentOf(longest))) kills += 1;
      else longest *= 0.8;
    }
  }
  let feed: SampleServer;

  beforeAll(async () => {
    feed = await serveSample();
    feed.setNow(NOON);
  });
  afterAll(() => feed.stop());

  it('imports the same as without the kill', async () => {
    const folder = aFolder();
    for (let hour = 0; hour < 60; hour += 1) saveDay(folder, addSeconds(NOON, hour * 3600));
    const [whole, env] = [{ PAPERKEEP_DATA: aFolder() }, { PAPERKEEP_DATA: aFolder() }];
    const ms = await undisturbed(['import', folder], whole);
    await killedTimes(7, ['import', folder], env, ms);
    const last = await spawned(['import', folder, '--json'], env);
    expect({ exit: last.exit, ...JSON.parse(last.out) }).toMatchObject({ exit: 0, files: 60, unreadable: 0 });
    expect(await tableOf(env.PAPERKEEP_DATA)).toEqual(await tableOf(whole.PAPERKEEP_DATA));
    expect(await run(['verify'], env)).toMatchObject({ exit: 0, out: '' });
  });

  it('collects only what is missing, and ends as without the kill', async () => {
    const origin = feed.origin;
    const whole = { PAPERKEEP_ORIGIN: origin, PAPERKEEP_DATA: aFolder() };
    const env = { PAPERKEEP_ORIGIN: origin, PAPERKEEP_DATA: aFolder() };
    let kills = 0;
    for (let hour = 0; kills < 6; hour += 1) {
      expect(hour, 'runs that ended before they were killed').toBeLessThan(18);
      // The first run has 16 list days, later ones few: a day on there are more again.
      const at = addSeconds(NOON, hour * 25 * 3600);
      feed.setNow(at);
      const ms = await undisturbed(['collect', '--at', at], whole);
      if (await killed(['collect', '--at', at], env, momentOf(ms))) kills += 1;
      expect(await spawned(['collect', '--at', at], env)).toMatchObject({ exit: 0 });
    }
    expect(await tableOf(env.PAPERKEEP_DATA)).toEqual(await tableOf(whole.PAPERKEEP_DATA));
    expect(await run(['verify'], env)).toMatchObject({ exit: 0, out: '' });
  });

  it('replays into the same table as without the kill', async () => {
    const folder = aFolder();
    for (let hour = 0; hour < 60; hour += 1) saveDay(folder, addSeconds(NOON, hour * 3600));
    const env = { PAPERKEEP_DATA: aFolder() };
    await run(['import', folder], env);
    const ms = await undisturbed(['replay', '--table', `sqlite:${join(folder, 'other.sqlite')}`], env);
    const anew = { ...env, PAPERKEEP_TABLE: `sqlite:${join(env.PAPERKEEP_DATA, 'anew.sqlite')}` };
    await killedTimes(7, ['replay'], anew, ms);
    expect(await spawned(['replay'], anew)).toMatchObject({ exit: 0, out: '60 snapshots of 3 list days read\n' });
    expect(await tableOf(env.PAPERKEEP_DATA, 'anew.sqlite')).toEqual(await tableOf(env.PAPERKEEP_DATA));
    expect(await run(['verify'], anew)).toMatchObject({ exit: 0, out: '' });
  });
});
