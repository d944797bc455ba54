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

/** An archive in a folder of its own, collected from a feed on this machine at times that a test sets. */
export type CollectedArchive = {
  readonly workspace: Workspace;
  /** Collects what is due at that time, or those list days; retries do not wait. */
  collect(at: Instant, listDays?: readonly ListDay[]): Promise<CollectReport>;
  /** A daily list as it was known at that time. */
  daily(day: Day, at: Instant | null): Promise<ListAnswer>;
  end(): Promise<void>;
};

/** Opens an archive that is empty yet. `now` is the present time of questions about it. */
export async function openCollectedArchive(origin: string, now: Instant, watch = ''): Promise<CollectedArchive> {
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
      await workspace[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Every item of a table but the lease. */
export async function everythingIn(table: TableStore): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of table.scan()) if (item.pk !== LEASE_KEY.pk) items.push(item);
  return items;
}
