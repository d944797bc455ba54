import { formatCount } from '../../../shared/lib/format.ts';
import { type ListDay, parseSnapshotKey } from '../../../shared/model/list.ts';
import { createListDayMessage } from '../../../shared/record/messages.ts';
import { groupByListDay, recordSnapshotKeys } from '../../../shared/record/reconcile.ts';
import { listFlag, rangeFlags } from '../flags.ts';
import type { Run } from '../program.ts';
import { makeProgress } from '../progress.ts';
import { describeDamage, openWorkspace } from '../workspace.ts';

/** `replay`: reads all snapshots again into the table, list day by list day. */
export const runReplay: Run = async (context, _args, options) => {
  const list = listFlag(options.list);
  const { from, to } = rangeFlags(options);
  const workspace = await openWorkspace(context);
  const progress = await makeProgress('snapshots', context.watched);
  try {
    const keys: string[] = [];
    for await (const { key } of workspace.archive.list('raw/')) {
      const facts = parseSnapshotKey(key);
      if (facts && (!list || facts.list === list) && (!from || facts.day >= from) && (!to || facts.day <= to))
        keys.push(key);
    }
    const groups = groupByListDay(keys);
    const facts = { snapshots: keys.length, listDays: groups.length };
    if (options.dryRun) {
      context.say(
        facts,
        `${formatCount(keys.length, 'snapshot')} of ${formatCount(groups.length, 'list day')} would be read`,
      );
      return 0;
    }
    if (typeof options.stage === 'string') {
      const listDays = groups.map(({ listDay }) => listDay);
      await askRecorder(options.stage, listDays);
      context.say(
        { ...facts, sent: listDays.length },
        `${listDays.length} listDays are on the queue of ${options.stage}`,
      );
      return 0;
    }
    const damaged = await recordSnapshotKeys(workspace.reread, keys, (done) => progress.step(done, keys.length));
    progress.stop();
    const bad = describeDamage(damaged);
    const words = `${formatCount(keys.length - damaged.length, 'snapshot')} of ${formatCount(groups.length, 'list day')} read`;
    context.say({ ...facts, damaged: bad }, [words, ...bad.map(({ key, why }) => `damaged ${key}: ${why}`)].join('\n'));
    return damaged.length > 0 ? 5 : 0;
  } finally {
    progress.stop();
    await workspace.close();
  }
};

/** A deployment's own recorder reads them, by its queue. */
async function askRecorder(stage: string, listDays: readonly ListDay[]): Promise<void> {
  const { findDeployment, openCloud } = await import('../aws/stage.ts');
  const { cloud, queueUrl } = await findDeployment(stage, await openCloud());
  await cloud.sendMessages(queueUrl, listDays.map(createListDayMessage));
}
