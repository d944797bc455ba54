import { readKey, type Target } from '../../shared/model/target.ts';
import { byTarget, recordKeys } from '../../shared/record/reconcile.ts';
import { counted } from '../../shared/render/words.ts';
import { rangeFlags, sourceFlag } from './arguments.ts';
import type { Run } from './commands.ts';
import { openHouse, sayDamage } from './house.ts';
import { makeProgress } from './progress.ts';

/** `replay`: reads all snapshots again into the table, target by target. */
export const runReplay: Run = async (context, _args, options) => {
  const source = sourceFlag(options.source);
  const { from, to } = rangeFlags(options);
  const house = await openHouse(context);
  const progress = await makeProgress('snapshots', context.watched);
  try {
    const keys: string[] = [];
    for await (const { key } of house.snapshots.list('raw/')) {
      const facts = readKey(key);
      if (facts && (!source || facts.source === source) && (!from || facts.day >= from) && (!to || facts.day <= to))
        keys.push(key);
    }
    const groups = byTarget(keys);
    const facts = { snapshots: keys.length, targets: groups.length };
    if (options.dryRun) {
      context.say(facts, `${counted(keys.length, 'snapshot')} of ${counted(groups.length, 'target')} would be read`);
      return 0;
    }
    if (typeof options.stage === 'string') {
      const targets = groups.map(({ target }) => target);
      await askRecorder(options.stage, targets);
      context.say({ ...facts, sent: targets.length }, `${targets.length} targets are on the queue of ${options.stage}`);
      return 0;
    }
    const damaged = await recordKeys(house.reread, keys, (done) => progress.step(done, keys.length));
    progress.stop();
    const bad = sayDamage(damaged);
    const words = `${counted(keys.length - damaged.length, 'snapshot')} of ${counted(groups.length, 'target')} read`;
    context.say({ ...facts, damaged: bad }, [words, ...bad.map(({ key, why }) => `damaged ${key}: ${why}`)].join('\n'));
    return damaged.length > 0 ? 5 : 0;
  } finally {
    progress.stop();
    await house.close();
  }
};

/** A deployment's own recorder reads them, by its queue. */
async function askRecorder(stage: string, targets: readonly Target[]): Promise<void> {
  const [{ findStage, openCloud }, { sendReplay }] = await Promise.all([
    import('./stage.ts'),
    import('./cloud/replay.ts'),
  ]);
  const { cloud, queue } = await findStage(stage, await openCloud());
  await sendReplay(cloud, queue, targets);
}
