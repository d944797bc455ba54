import type { Instant } from '../kit/clock.ts';
import { messageOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import { METRICS, type Metrics } from '../kit/metrics.ts';
import { folderOf } from '../model/target.ts';
import { readMessage } from './messages.ts';
import { type Damage, type RereadDeps, reconcile, recordKeys } from './reconcile.ts';

/** What recording from a queue needs. */
export type RecorderDeps = RereadDeps & { readonly log: Log; readonly metrics: Metrics };

/** Recording as a job: messages of the queue, and the nightly look for what was missed. */
export type Recorder = {
  /** Records what messages ask for; returns the ids of those that failed, to be tried again or set aside. The others are done. */
  recordMessages(messages: readonly { readonly id: string; readonly body: string }[]): Promise<string[]>;
  /** Records what was stored since then and is not in the table. */
  reconcile(since: Instant): Promise<void>;
};

/** Makes the job of recording. */
export function makeRecorder(deps: RecorderDeps): Recorder {
  const { log, metrics, snapshots } = deps;
  const name = (damaged: readonly Damage[]) => {
    for (const { key, error } of damaged) log.warn('not recorded', { key, why: messageOf(error) });
  };

  /** Records what one message asks for; returns how many snapshots that were. Throws when one of them is damaged; the others are recorded. */
  async function recordMessage(body: string): Promise<number> {
    const { keys, partitions } = readMessage(body);
    const asked = [...keys];
    for (const target of partitions) {
      for await (const { key } of snapshots.list(folderOf(target))) asked.push(key);
    }
    const damaged = await recordKeys(deps, asked).catch((error: unknown) => {
      // no fault of theirs, but the message comes back for them
      name(asked.map((key) => ({ key, error })));
      throw error;
    });
    name(damaged);
    if (damaged[0]) throw damaged[0].error;
    for (const key of asked) log.info('recorded', { key });
    return asked.length;
  }

  return {
    async recordMessages(messages) {
      const failed: string[] = [];
      let recorded = 0;
      for (const { id, body } of messages) {
        try {
          recorded += await recordMessage(body);
        } catch (error) {
          log.warn('message failed', { id, why: messageOf(error) });
          failed.push(id);
        }
      }
      metrics({ [METRICS.recorded]: recorded, [METRICS.unrecordable]: failed.length });
      return failed;
    },
    async reconcile(since) {
      const { recorded, damaged } = await reconcile(deps, await snapshots.touched(since));
      name(damaged);
      if (recorded > 0) log.warn('recorded what the queue had missed', { snapshots: recorded });
      metrics({ [METRICS.recorded]: recorded, [METRICS.unrecordable]: damaged.length });
    },
  };
}
