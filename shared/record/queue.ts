import type { EmitMetrics } from '../aws/emf.ts';
import { errorMessage } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Instant } from '../lib/time.ts';
import { snapshotPrefix } from '../model/list.ts';
import { METRICS } from '../names.ts';
import { parseQueueMessage } from './messages.ts';
import { type DamagedSnapshot, type ReplayDeps, reconcile, recordSnapshotKeys } from './reconcile.ts';

/** What recording from a queue needs. */
export type QueueRecorderDeps = ReplayDeps & { readonly log: Log; readonly metrics: EmitMetrics };

/** Recording as a job: messages of the queue, and the nightly look for what was missed. */
export type QueueRecorder = {
  /** Records what messages ask for; returns the ids of those that failed, to be tried again or set aside. The others are done. */
  recordMessages(messages: readonly { readonly id: string; readonly body: string }[]): Promise<string[]>;
  /** Records what was stored since then and is not in the table. */
  reconcile(since: Instant): Promise<void>;
};

/** Makes the job of recording. */
export function createQueueRecorder(deps: QueueRecorderDeps): QueueRecorder {
  const { log, metrics, archive } = deps;
  const name = (damaged: readonly DamagedSnapshot[]) => {
    for (const { key, error } of damaged) log.warn('not recorded', { key, why: errorMessage(error) });
  };

  /** Records what one message asks for; returns how many snapshots that were. Throws when one of them is damaged; the others are recorded. */
  async function recordMessage(body: string): Promise<number> {
    const { keys, partitions } = parseQueueMessage(body);
    const asked = [...keys];
    for (const listDay of partitions) {
      for await (const { key } of archive.list(snapshotPrefix(listDay))) asked.push(key);
    }
    const damaged = await recordSnapshotKeys(deps, asked).catch((error: unknown) => {
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
          log.warn('message failed', { id, why: errorMessage(error) });
          failed.push(id);
        }
      }
      metrics({ [METRICS.recorded]: recorded, [METRICS.unrecordable]: failed.length });
      return failed;
    },
    async reconcile(since) {
      const { recorded, damaged } = await reconcile(deps, await archive.touched(since));
      name(damaged);
      if (recorded > 0) log.warn('recorded what the queue had missed', { snapshots: recorded });
      metrics({ [METRICS.recorded]: recorded, [METRICS.unrecordable]: damaged.length });
    },
  };
}
