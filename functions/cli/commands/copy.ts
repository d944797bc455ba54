import * as z from 'zod';
import { openArchive } from '../../../shared/archive/open.ts';
import type { SnapshotStore } from '../../../shared/archive/store.ts';
import { readSnapshot } from '../../../shared/archive/warc/snapshot.ts';
import { mapConcurrent } from '../../../shared/lib/concurrency.ts';
import { errorMessage, PaperkeepError } from '../../../shared/lib/errors.ts';
import { isSnapshotDamage } from '../../../shared/record/reconcile.ts';
import { defineCommand } from '../command.ts';
import { usageError } from '../context.ts';
import { valueFlag } from '../flags.ts';

/** What came of a copy. */
export type CopyReport = {
  readonly snapshots: number;
  readonly copied: number;
  readonly bytes: number;
  /** Were there before, whole. */
  readonly there: number;
  /** Could not be copied, here or there, and why. */
  readonly damaged: readonly { readonly key: string; readonly where: string; readonly why: string }[];
};

/** `copy`: an archive to another place, same keys and bytes. What is there already is left alone. */
export const copy = defineCommand({
  name: 'copy',
  summary:
    'Copies an archive to another place, same keys and bytes. Run it again after a stop: it goes on with the rest.',
  examples: ['copy file:data/archive file:/mnt/backup/paperkeep', 'copy file:data/archive s3://my-bucket'],
  args: z.object({
    from: valueFlag(z.string(), 'from', 'file:<folder> or s3://<bucket>[/<prefix>]'),
    to: valueFlag(z.string(), 'to', 'file:<folder> or s3://<bucket>[/<prefix>]'),
  }),
  flags: z.object({}),
  run: async (context, { from, to }) => {
    const [source, target] = [await openNamedArchive(from), await openNamedArchive(to)];
    if (source.url === target.url) throw usageError(`${source.url} is both source and target`, 'name another place');
    const progress = await context.progress('snapshots');
    try {
      const result = await copyArchive(source, target, progress.step);
      progress.stop();
      context.print(result, formatCopy(result, target.url));
      return result.damaged.length > 0 ? 5 : 0;
    } finally {
      progress.stop();
    }
  },
});

async function openNamedArchive(url: string): Promise<SnapshotStore> {
  if (/^(file:|s3:\/\/)/.test(url)) return openArchive(url);
  throw usageError(`"${url}" is not the address of an archive`, 'give file:<folder> or s3://<bucket>[/<prefix>]');
}

/**
 * Copies the snapshots that the target lacks, each read whole and checked before it is put. One that is there already with another size
 * is read there and named if it is damaged. Throws NOTHING_TO_COPY for a source without any: a wrong path must not look like a backup.
 */
export async function copyArchive(
  source: SnapshotStore,
  target: SnapshotStore,
  tell: (done: number, of: number) => void,
): Promise<CopyReport> {
  const sizes = new Map<string, number>();
  for await (const { key, bytes } of target.list('raw/')) sizes.set(key, bytes);
  const all: { key: string; bytes: number }[] = [];
  for await (const stored of source.list('raw/')) all.push(stored);
  if (all.length === 0) {
    throw new PaperkeepError({
      code: 'NOTHING_TO_COPY',
      message: `${source.url} holds no snapshots`,
      hint: 'see that it is the place meant',
    });
  }
  const damaged: { key: string; where: string; why: string }[] = [];
  let [copied, bytes, there, done] = [0, 0, 0, 0];

  async function read(store: SnapshotStore, key: string): Promise<Uint8Array | null> {
    try {
      return (await readSnapshot(store, key)).bytes;
    } catch (error) {
      if (!isSnapshotDamage(error)) throw error;
      damaged.push({ key, where: store.url, why: errorMessage(error) });
      return null;
    }
  }

  await mapConcurrent(all, async (stored) => {
    const size = sizes.get(stored.key);
    if (size === undefined) {
      const whole = await read(source, stored.key);
      if (whole) {
        const outcome = await target.putIfAbsent(stored.key, whole);
        if (outcome === 'stored') [copied, bytes] = [copied + 1, bytes + whole.length];
        else there += 1;
      }
    } else if (size === stored.bytes || (await read(target, stored.key))) there += 1;
    done += 1;
    tell(done, all.length);
  });
  return { snapshots: all.length, copied, bytes, there, damaged };
}

function formatCopy({ snapshots, copied, bytes, there, damaged }: CopyReport, to: string): string {
  return [
    `${copied} of ${snapshots} snapshots copied to ${to} (${(bytes / 1e6).toFixed(1)} MB), ${there} were there already`,
    ...damaged.map(({ key, where, why }) => `damaged in ${where}: ${why.startsWith(key) ? why : `${key}: ${why}`}`),
  ].join('\n');
}
