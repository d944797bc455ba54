import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CollectDeps, collect } from '../../shared/collect.ts';
import { politeRequest } from '../../shared/fetch/request.ts';
import { type Clock, dayOf, deadlineIn } from '../../shared/kit/clock.ts';
import { type Log, silentLog } from '../../shared/kit/log.ts';
import { newestCapture } from '../../shared/query/coverage.ts';
import { markSample } from '../../shared/record/open.ts';
import { record } from '../../shared/record/record.ts';
import { SAMPLE_WATCH, type Visit, visitsToMake } from '../../shared/sample/history.ts';
import { type SampleServer, serveSample } from '../../shared/sample/server.ts';
import type { Settings } from '../../shared/settings.ts';
import type { Snapshot } from '../../shared/snapshot/warc.ts';
import { sourcesOf } from '../../shared/sources.ts';
import { catchUp, type House, openHouse } from './house.ts';

/** A running sample: the made-up feed and an archive of its own that was collected from it through the very same stages. */
export type Sample = {
  readonly house: House;
  /** Collects what has become due of the made-up feed. */
  advance(): Promise<void>;
  close(): Promise<void>;
};

/** One visit of the sample takes some 10 ms; this is for a machine that sleeps in between. */
const VISIT_MS = 120_000;

/**
 * Builds the sample in `<data>/sample` (weeks of it; made anew when it is of another day) and keeps it open.
 * Always files and SQLite, whatever is configured, so that real and sample data never mix.
 */
export async function openSample(settings: Settings, clock: Clock, log: Log): Promise<Sample> {
  const house = await openSampleHouse(settings, clock);
  const feed = await serveSample();
  const advance = async () => {
    // Visits of that very moment are made again, should they not all have been made: the same capture is stored once.
    const since = (await newestCapture(house.records, 'trending', clock)) ?? '';
    await makeVisits(
      house,
      feed,
      visitsToMake(clock()).filter(({ at }) => at >= since),
    );
  };
  const close = async () => {
    await feed.stop();
    await house.close();
  };
  try {
    await catchUp(house, silentLog);
    await advance();
  } catch (error) {
    await close();
    throw error;
  }
  log.info('sample ready');
  return { house, advance, close };
}

async function openSampleHouse(settings: Settings, clock: Clock): Promise<House> {
  const data = join(settings.data, 'sample');
  const archive = `file:${join(data, 'archive')}`;
  const table = `sqlite:${join(data, 'papers.sqlite')}`;
  const open = () =>
    openHouse({ settings: { ...settings, data, archive, table }, sources: sourcesOf([SAMPLE_WATCH]), log: silentLog });
  const house = await open();
  await markSample(house.records);
  const newest = await newestCapture(house.records, 'trending', clock);
  if (newest === null || dayOf(newest) === dayOf(clock())) return house;
  await house.close();
  await rm(data, { recursive: true, force: true });
  const fresh = await open();
  await markSample(fresh.records);
  return fresh;
}

/** Makes visits one after the other, in time order, and records them some at a time. */
async function makeVisits(house: House, feed: SampleServer, visits: readonly Visit[]): Promise<void> {
  async function* made() {
    for (const visit of visits) yield* await makeVisit(house, feed, visit);
  }
  await record(house.reread, made());
}

/** Collects one list as it was at that time, and gives what was stored of it. */
async function makeVisit(house: House, feed: SampleServer, { target, at }: Visit): Promise<Snapshot[]> {
  feed.setNow(at);
  const clock = () => at;
  // Made-up trouble needs no patience: its waits are not waited.
  const ask = politeRequest({
    origin: feed.origin,
    minGapMs: 0,
    userAgent: 'paperkeep sample',
    clock,
    pause: async () => {},
    log: silentLog,
  });
  const stored: Snapshot[] = [];
  const deps: CollectDeps = {
    ...house.collecting(clock, ask),
    onStored: async (snapshot) => void stored.push(snapshot),
    // nobody else asks this feed
    takeLease: async () => ({ renew: async () => {}, release: async () => {} }),
  };
  await collect(deps, [target], deadlineIn(VISIT_MS));
  return stored;
}
