import * as z from 'zod';
import { formatCount } from '../../../shared/lib/format.ts';
import { type ListDay, parseSnapshotKey } from '../../../shared/model/list.ts';
import * as params from '../../../shared/query/parameters.ts';
import { createListDayMessage } from '../../../shared/record/messages.ts';
import {
  type DamagedSnapshot,
  groupByListDay,
  listKeys,
  recordSnapshotsByKey,
} from '../../../shared/record/reconcile.ts';
import { defineCommand } from '../command.ts';
import { damageExitCode } from '../exit-codes.ts';
import { rangeFlags, switchFlag, toRange, valueFlag } from '../flags.ts';
import { formatDamage, listDamage, openWorkspace } from '../workspace.ts';

/** `replay`: reads all snapshots into the table again, list day by list day. */
export const replay = defineCommand({
  name: 'replay',
  summary: 'Reads all snapshots into the table again. Into an empty table it gives the same table.',
  examples: ['replay', 'replay --list daily --from 2025-01-01 --dry-run'],
  flags: z.object({
    list: valueFlag(params.list.optional(), '<list>', 'only this list'),
    ...rangeFlags,
    dryRun: switchFlag('only count the snapshots'),
  }),
  run: async (context, { list, dryRun, ...days }) => {
    const { from, to } = toRange(days);
    await using workspace = await openWorkspace(context);
    using progress = await context.progress('snapshots');
    await workspace.table.check?.();
    const keys: string[] = [];
    const unreadable: DamagedSnapshot[] = [];
    for (const key of await listKeys(workspace.archive, 'raw/', (folder) => unreadable.push(folder))) {
      const facts = parseSnapshotKey(key);
      if (facts && (!list || facts.list === list) && (!from || facts.day >= from) && (!to || facts.day <= to))
        keys.push(key);
    }
    const groups = groupByListDay(keys);
    const counts = { snapshots: keys.length, listDays: groups.length };
    const of = formatCount(groups.length, 'list day');
    if (dryRun) {
      const count = `${formatCount(keys.length, 'snapshot')} of ${of} would be read`;
      context.print({ ...counts, damaged: listDamage(unreadable) }, [count, ...formatDamage(unreadable)].join('\n'));
      return damageExitCode(unreadable);
    }
    if (context.stage !== null) {
      await sendToRecorder(
        context.stage,
        groups.map(({ listDay }) => listDay),
      );
      context.print({ ...counts, sent: groups.length }, `${of} put on the queue of stage ${context.stage}`);
      return 0;
    }
    const unread = await recordSnapshotsByKey(workspace.reread, keys, (done) => progress.step(done, keys.length));
    progress.stop();
    const damaged = [...unreadable, ...unread];
    const read = `${formatCount(keys.length - unread.length, 'snapshot')} of ${of} read`;
    context.print({ ...counts, damaged: listDamage(damaged) }, [read, ...formatDamage(damaged)].join('\n'));
    return damageExitCode(damaged);
  },
});

/** Puts list days on the queue of a deployment, whose own function reads them. */
async function sendToRecorder(stage: string, listDays: readonly ListDay[]): Promise<void> {
  const { findDeployment, openCloud } = await import('../aws/stage.ts');
  const { cloud, queueUrl } = await findDeployment(stage, await openCloud());
  await cloud.sendMessages(queueUrl, listDays.map(createListDayMessage));
}
