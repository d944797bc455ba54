import * as z from 'zod';
import { formatCount } from '../../../shared/lib/format.ts';
import { parseSnapshotKey } from '../../../shared/model/list.ts';
import {
  type DamagedSnapshot,
  groupByListDay,
  listKeys,
  type ReplayDeps,
  reconcile,
  recordSnapshotsByKey,
} from '../../../shared/record/reconcile.ts';
import { defineCommand } from '../command.ts';
import { damageExitCode, worstExitCode } from '../exit-codes.ts';
import { valueFlag } from '../flags.ts';
import { formatDamage, listDamage, openWorkspace, reconcileWorkspace } from '../workspace.ts';

const snapshotKey = z
  .string()
  .refine((key) => parseSnapshotKey(key), 'must be a key like raw/<list>/<day>/<time>-<12 hex>.warc.gz');

/** `record`: reads snapshots into the table; without keys, those that are archived and not recorded, however old. */
export const record = defineCommand({
  name: 'record',
  summary: 'Reads snapshots into the table: those that are named, or all that were archived and not recorded yet.',
  examples: ['record', 'record raw/daily/2025-01-08/20250108T061500Z-0123456789ab.warc.gz'],
  args: z.object({ key: valueFlag(z.array(snapshotKey), 'key', 'keys of snapshots in the archive') }),
  flags: z.object({}),
  run: async (context, { key: keys }) => {
    await using workspace = await openWorkspace(context);
    const before = keys.length > 0 ? await reconcileWorkspace(workspace, context.log) : null;
    const { recorded, damaged } =
      keys.length > 0 ? await recordThese(workspace.reread, keys) : await recordRest(workspace.reread);
    context.print(
      { recorded, damaged: listDamage(damaged) },
      [`${formatCount(recorded, 'snapshot')} recorded`, ...formatDamage(damaged)].join('\n'),
    );
    return worstExitCode([before?.exit ?? 0, damageExitCode(damaged)]);
  },
});

type Recorded = { readonly recorded: number; readonly damaged: readonly DamagedSnapshot[] };

async function recordThese(deps: ReplayDeps, keys: readonly string[]): Promise<Recorded> {
  const distinct = [...new Set(keys)];
  const damaged = await recordSnapshotsByKey(deps, distinct);
  return { recorded: distinct.length - damaged.length, damaged };
}

async function recordRest(deps: ReplayDeps): Promise<Recorded> {
  const unreadable: DamagedSnapshot[] = [];
  const keys = await listKeys(deps.archive, 'raw/', (folder) => unreadable.push(folder));
  const listDays = groupByListDay(keys).map(({ listDay }) => listDay);
  const { recorded, damaged } = await reconcile(deps, listDays);
  return { recorded, damaged: [...unreadable, ...damaged] };
}
