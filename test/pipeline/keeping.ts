import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type House, openHouse } from '../../functions/cli/house.ts';
import { type CollectReport, collect } from '../../shared/collect.ts';
import { politeRequest } from '../../shared/fetch/request.ts';
import { type Day, deadlineIn, type Instant } from '../../shared/kit/clock.ts';
import { silentLog } from '../../shared/kit/log.ts';
import type { Target } from '../../shared/model/target.ts';
import type { ListAnswer } from '../../shared/query/answers.ts';
import { listAnswer } from '../../shared/query/list.ts';
import { LEASE } from '../../shared/record/keys.ts';
import type { Item, Records } from '../../shared/record/records.ts';
import { Settings } from '../../shared/settings.ts';
import { sourcesOf } from '../../shared/sources.ts';

/** An archive in a folder of its own that is collected from a feed on this machine, with a clock that is told. */
export type Keeping = {
  readonly house: House;
  /** Collects at that time of a simulated clock: what is due, or those targets. Waits between retries are not waited. */
  collect(at: Instant, targets?: readonly Target[]): Promise<CollectReport>;
  /** A daily list as it was known then. */
  daily(day: Day, at: Instant | null): Promise<ListAnswer>;
  end(): Promise<void>;
};

/** Begins an archive. `now` is what the questions take for the present. */
export async function beginKeeping(origin: string, now: Instant, watch = ''): Promise<Keeping> {
  const folder = mkdtempSync(join(tmpdir(), 'paperkeep-test-'));
  const settings = Settings.parse({ PAPERKEEP_ORIGIN: origin, PAPERKEEP_DATA: folder, PAPERKEEP_WATCH: watch });
  const house = await openHouse({ settings, log: silentLog, sources: sourcesOf(settings.watch) });
  return {
    house,
    collect(at, targets) {
      const clock = () => at;
      const ask = politeRequest({
        origin,
        minGapMs: 0,
        userAgent: 'paperkeep-test',
        clock,
        pause: async () => {},
        log: silentLog,
      });
      return collect(house.collecting(clock, ask), targets ?? null, deadlineIn(600_000));
    },
    daily: (day, at) =>
      listAnswer(
        { records: house.records, catalog: house.catalog, clock: () => now, sample: false },
        { source: 'daily', day },
        { at, sort: 'rank' },
      ),
    async end() {
      await house.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Everything a table says of the feed. */
export async function everythingIn(records: Records): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of records.scan()) if (item.pk !== LEASE.pk) items.push(item);
  return items;
}
