import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkspace, type Workspace } from '../../functions/cli/workspace.ts';
import { createFeedClient } from '../../shared/collect/client.ts';
import { type CollectReport, collectLists } from '../../shared/collect/run.ts';
import { silentLog } from '../../shared/lib/log.ts';
import { type Day, deadlineAfter, type Instant } from '../../shared/lib/time.ts';
import { configuredLists } from '../../shared/lists.ts';
import type { ListDay } from '../../shared/model/list.ts';
import type { ListAnswer } from '../../shared/query/list.schema.ts';
import { getList } from '../../shared/query/list.ts';
import { Settings } from '../../shared/settings.ts';
import { LEASE_KEY } from '../../shared/table/keys.ts';
import type { Item, TableStore } from '../../shared/table/store.ts';

/** An archive in a folder of its own that is collected from a feed on this machine, with a clock that is told. */
export type Keeping = {
  readonly workspace: Workspace;
  /** Collects at that time of a simulated clock: what is due, or those list days. Waits between retries are not waited. */
  collect(at: Instant, listDays?: readonly ListDay[]): Promise<CollectReport>;
  /** A daily list as it was known then. */
  daily(day: Day, at: Instant | null): Promise<ListAnswer>;
  end(): Promise<void>;
};

/** Begins an archive. `now` is what the questions take for the present. */
export async function beginKeeping(origin: string, now: Instant, watch = ''): Promise<Keeping> {
  const folder = mkdtempSync(join(tmpdir(), 'paperkeep-test-'));
  const settings = Settings.parse({ PAPERKEEP_ORIGIN: origin, PAPERKEEP_DATA: folder, PAPERKEEP_WATCH: watch });
  const workspace = await openWorkspace({ settings, log: silentLog, lists: configuredLists(settings.watch) });
  return {
    workspace,
    collect(at, listDays) {
      const clock = () => at;
      const feed = createFeedClient({
        origin,
        minGapMs: 0,
        userAgent: 'paperkeep-test',
        clock,
        pause: async () => {},
        log: silentLog,
      });
      return collectLists(workspace.collecting(clock, feed), listDays ?? null, deadlineAfter(600_000));
    },
    daily: (day, at) =>
      getList(
        { table: workspace.table, catalog: workspace.catalog, clock: () => now, sample: false },
        { list: 'daily', day },
        { at, sort: 'rank' },
      ),
    async end() {
      await workspace.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Everything a table says of the feed. */
export async function everythingIn(table: TableStore): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of table.scan()) if (item.pk !== LEASE_KEY.pk) items.push(item);
  return items;
}
