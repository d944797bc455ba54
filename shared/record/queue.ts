import type { EmitMetrics } from '../aws/emf.ts';
import { errorMessage } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Instant } from '../lib/time.ts';
import { snapshotPrefix } from '../model/list.ts';
import { METRICS } from '../names.ts';
import { parseQueueMessage } from './messages.ts';
import { type DamagedSnapshot, listKeys, type ReplayDeps, reconcileRecent, recordSnapshotsByKey } from './reconcile.ts';

/** What recording from a queue needs. */
export type QueueRecorderDeps = ReplayDeps & { readonly log: Log; readonly metrics: EmitMetrics };

/** Records what a queue asks for. */
export type QueueRecorder = {
  /** Records what messages ask for; returns the ids of the messages that failed. */
  recordMessages(messages: readonly { readonly id: string; readonly body: string }[]): Promise<string[]>;
  /** Records what was archived and is not in the table, because the queue missed it. */
  reconcileRecent(now: Instant): Promise<void>;
};

/** Creates the recorder behind a queue; it logs every snapshot, and every one that cannot be read. */
export function createQueueRecorder(deps: QueueRecorderDeps): QueueRecorder {
  const { log, metrics, archive } = deps;
  const warn = (damaged: readonly DamagedSnapshot[]) => {
    for (const { key, error } of damaged) log.warn('not recorded', { key, why: errorMessage(error) });
  };

  /** Records what one message asks for; returns the number of snapshots. Throws when one of them is damaged; the others are recorded. */
  async function recordMessage(body: string): Promise<number> {
    const { keys, partitions } = parseQueueMessage(body);
    const asked = [...keys];
    for (const listDay of partitions) asked.push(...(await listKeys(archive, snapshotPrefix(listDay))));
    const damaged = await recordSnapshotsByKey(deps, asked).catch((error: unknown) => {
      // the message comes back for all of them
      warn(asked.map((key) => ({ key, error })));
      throw error;
    });
    warn(damaged);
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
    async reconcileRecent(now) {
      const { recorded, damaged } = await reconcileRecent(deps, now);
      warn(damaged);
      if (recorded > 0) log.warn('recorded what the queue had missed', { snapshots: recorded });
      metrics({ [METRICS.recorded]: recorded, [METRICS.unrecordable]: damaged.length });
    },
  };
}
