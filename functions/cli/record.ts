import { messageOf, worst } from '../../shared/kit/errors.ts';
import { readKey } from '../../shared/model/target.ts';
import { byTarget, type Damage, recordKeys } from '../../shared/record/reconcile.ts';
import { catchUp, openHouse, usage } from './context.ts';
import type { CliCommand } from './main.ts';

/** `record`: reads snapshots into the table; without keys, what was archived and not recorded. */
export const recordCommand: CliCommand = {
  usage: 'record [key...]',
  says: 'Reads snapshots (again) into the table; without keys, those that were archived and not recorded.',
  example: 'record raw/daily/2025-01-08/20250108T061500Z-0123456789ab.warc.gz',
  async run(context, [given]) {
    const keys = given as readonly string[];
    const wrong = keys.find((key) => !readKey(key));
    if (wrong) throw usage(`${wrong} is no key of a snapshot`, 'keys are raw/<source>/<day>/<time>-<12 hex>.warc.gz');
    const house = await openHouse(context);
    try {
      const caughtUp = await catchUp(house, context.log);
      const damaged: Damage[] = [];
      for (const { target, keys: own } of byTarget(keys))
        damaged.push(...(await recordKeys(house.reread, target, own)));
      for (const { key, error } of damaged) context.log.warn(`${key}: ${messageOf(error)}`);
      const recorded = keys.length - damaged.length;
      context.say(
        { recorded, damaged: damaged.map(({ key, error }) => ({ key, why: messageOf(error) })) },
        `${recorded} snapshots recorded`,
      );
      return worst([caughtUp, damaged.length > 0 ? 5 : 0]);
    } finally {
      await house.close();
    }
  },
};
