import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { collect } from '../../shared/collect.ts';
import { politeRequest } from '../../shared/fetch/request.ts';
import { type Clock, deadlineIn, type Instant } from '../../shared/kit/clock.ts';
import { type Log, silentLog } from '../../shared/kit/log.ts';
import { newestCapture } from '../../shared/query/coverage.ts';
import { SAMPLE_WATCH, visitsToMake } from '../../shared/sample/history.ts';
import { serveSample } from '../../shared/sample/server.ts';
import type { Settings } from '../../shared/settings.ts';
import { sourcesOf } from '../../shared/sources.ts';
import { type House, openHouse } from './context.ts';

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
  const data = join(settings.data, 'sample');
  const sources = sourcesOf([SAMPLE_WATCH]);
  const feed = await serveSample();
  const context = {
    settings: {
      ...settings,
      data,
      archive: `file:${join(data, 'archive')}`,
      table: `sqlite:${join(data, 'papers.sqlite')}`,
      watch: [SAMPLE_WATCH],
    },
    sources,
    log: silentLog,
  };
  let house = await openHouse(context);
  const newest = await newestCapture(house.records, 'trending', clock);
  if (newest !== null && newest.slice(0, 10) !== clock().slice(0, 10)) {
    await house.close();
    rmSync(data, { recursive: true, force: true });
    house = await openHouse(context);
  }

  async function visitAll(after: Instant | null): Promise<number> {
    const visits = visitsToMake(clock()).filter(({ at }) => after === null || at > after);
    for (const { target, at } of visits) {
      feed.setNow(at);
      // made-up trouble needs no patience: its waits are not waited
      const ask = politeRequest({
        origin: feed.origin,
        minGapMs: 0,
        userAgent: 'paperkeep sample',
        token: undefined,
        clock: () => at,
        pause: async () => {},
        log: silentLog,
      });
      await collect(
        house.collecting(() => at, ask),
        [target],
        deadlineIn(VISIT_MS),
      );
    }
    return visits.length;
  }

  const advance = async () => {
    await visitAll(await newestCapture(house.records, 'trending', clock));
  };
  const made = await visitAll(await newestCapture(house.records, 'trending', clock));
  log.info('sample feed ready', { captures: made });
  return {
    house,
    advance,
    async close() {
      await feed.stop();
      await house.close();
    },
  };
}
