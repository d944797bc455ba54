import { formatCount } from '../../../shared/lib/format.ts';
import { parseSnapshotKey } from '../../../shared/model/list.ts';
import {
  type DamagedSnapshot,
  groupByListDay,
  type ReplayDeps,
  reconcile,
  recordSnapshotKeys,
} from '../../../shared/record/reconcile.ts';
import { usageError } from '../context.ts';
import { worstExitCode } from '../exit-codes.ts';
import type { Run } from '../program.ts';
import { describeDamage, openWorkspace, recordUnrecorded } from '../workspace.ts';

/** `record`: reads snapshots into the table; without keys, what was archived and not recorded, however long ago. */
export const runRecord: Run = async (context, [given]) => {
  const keys = given as readonly string[];
  const wrong = keys.find((key) => !parseSnapshotKey(key));
  if (wrong)
    throw usageError(`${wrong} is no key of a snapshot`, 'keys are raw/<source>/<day>/<time>-<12 hex>.warc.gz');
  const workspace = await openWorkspace(context);
  try {
    const before = keys.length > 0 ? await recordUnrecorded(workspace, context.log) : null;
    const { recorded, damaged } =
      keys.length > 0 ? await recordThese(workspace.reread, keys) : await recordRest(workspace.reread);
    const bad = describeDamage(damaged);
    context.say(
      { recorded, damaged: bad },
      [`${formatCount(recorded, 'snapshot')} recorded`, ...bad.map(({ key, why }) => `damaged ${key}: ${why}`)].join(
        '\n',
      ),
    );
    return worstExitCode([before?.exit ?? 0, damaged.length > 0 ? 5 : 0]);
  } finally {
    await workspace.close();
  }
};

type Recorded = { readonly recorded: number; readonly damaged: readonly DamagedSnapshot[] };

async function recordThese(deps: ReplayDeps, keys: readonly string[]): Promise<Recorded> {
  const once = [...new Set(keys)];
  const damaged = await recordSnapshotKeys(deps, once);
  return { recorded: once.length - damaged.length, damaged };
}

async function recordRest(deps: ReplayDeps): Promise<Recorded> {
  const keys: string[] = [];
  for await (const { key } of deps.archive.list('raw/')) keys.push(key);
  return reconcile(
    deps,
    groupByListDay(keys).map(({ listDay }) => listDay),
  );
}
