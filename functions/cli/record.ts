import { worst } from '../../shared/kit/errors.ts';
import { readKey } from '../../shared/model/target.ts';
import { byTarget, type Damage, type RereadDeps, reconcile, recordKeys } from '../../shared/record/reconcile.ts';
import { counted } from '../../shared/render/words.ts';
import type { Run } from './commands.ts';
import { usage } from './context.ts';
import { catchUp, openHouse, sayDamage } from './house.ts';

/** `record`: reads snapshots into the table; without keys, what was archived and not recorded, however long ago. */
export const runRecord: Run = async (context, [given]) => {
  const keys = given as readonly string[];
  const wrong = keys.find((key) => !readKey(key));
  if (wrong) throw usage(`${wrong} is no key of a snapshot`, 'keys are raw/<source>/<day>/<time>-<12 hex>.warc.gz');
  const house = await openHouse(context);
  try {
    const before = keys.length > 0 ? await catchUp(house, context.log) : null;
    const { recorded, damaged } =
      keys.length > 0 ? await recordThese(house.reread, keys) : await recordRest(house.reread);
    const bad = sayDamage(damaged);
    context.say(
      { recorded, damaged: bad },
      [`${counted(recorded, 'snapshot')} recorded`, ...bad.map(({ key, why }) => `damaged ${key}: ${why}`)].join('\n'),
    );
    return worst([before?.exit ?? 0, damaged.length > 0 ? 5 : 0]);
  } finally {
    await house.close();
  }
};

type Recorded = { readonly recorded: number; readonly damaged: readonly Damage[] };

async function recordThese(deps: RereadDeps, keys: readonly string[]): Promise<Recorded> {
  const once = [...new Set(keys)];
  const damaged = await recordKeys(deps, once);
  return { recorded: once.length - damaged.length, damaged };
}

async function recordRest(deps: RereadDeps): Promise<Recorded> {
  const keys: string[] = [];
  for await (const { key } of deps.snapshots.list('raw/')) keys.push(key);
  return reconcile(
    deps,
    byTarget(keys).map(({ target }) => target),
  );
}
