import { messageOf, worst } from '../../shared/kit/errors.ts';
import { readKey } from '../../shared/model/target.ts';
import { byTarget, type Damage, recordKeys } from '../../shared/record/reconcile.ts';
import { rangeFlags, sourceFlag } from './arguments.ts';
import { openHouse } from './context.ts';
import type { CliCommand } from './main.ts';

/** `replay`: reads all snapshots again into the table. */
export const replayCommand: CliCommand = {
  usage: 'replay',
  says: 'Reads all snapshots again into the table, target by target; into an empty table it gives the same table.',
  example: 'replay --source daily --from 2025-01-01',
  options: [
    ['--source <source>', 'only of this source'],
    ['--from <day>', 'only targets from this day'],
    ['--to <day>', 'only targets to this day'],
    ['--dry-run', 'only count'],
  ],
  async run(context, _args, options) {
    const source = sourceFlag(options.source);
    const { from, to } = rangeFlags(options);
    const house = await openHouse(context);
    const progress = context.progress('snapshots');
    try {
      const keys: string[] = [];
      for await (const { key } of house.snapshots.list('raw/')) {
        const facts = readKey(key);
        if (facts && (!source || facts.source === source) && (!from || facts.day >= from) && (!to || facts.day <= to))
          keys.push(key);
      }
      const groups = byTarget(keys);
      if (options.dryRun) {
        context.say(
          { snapshots: keys.length, targets: groups.length },
          `${keys.length} snapshots of ${groups.length} targets would be read`,
        );
        return 0;
      }
      const damaged: Damage[] = [];
      let done = 0;
      for (const { target, keys: own } of groups) {
        damaged.push(...(await recordKeys(house.reread, target, own)));
        done += own.length;
        progress.step(done, keys.length);
      }
      progress.stop();
      for (const { key, error } of damaged) context.log.warn(`${key}: ${messageOf(error)}`);
      context.say(
        {
          snapshots: keys.length,
          targets: groups.length,
          damaged: damaged.map(({ key, error }) => ({ key, why: messageOf(error) })),
        },
        `${keys.length - damaged.length} snapshots of ${groups.length} targets read`,
      );
      return worst([damaged.length > 0 ? 5 : 0]);
    } finally {
      progress.stop();
      await house.close();
    }
  },
};
