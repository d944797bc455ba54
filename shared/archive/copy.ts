import { mapConcurrent } from '../lib/concurrency.ts';
import { errorMessage, PaperkeepError } from '../lib/errors.ts';
import { isSampleCapture } from '../model/capture.ts';
import type { SnapshotStore } from './store.ts';
import { isSnapshotDamage, readSnapshot } from './warc/read-snapshot.ts';
import type { Snapshot } from './warc/write-snapshot.ts';

/** What came of a copy. */
export type CopyReport = {
  /** How many snapshots the source holds. */
  readonly snapshots: number;
  readonly copied: number;
  /** Bytes that were copied. */
  readonly bytes: number;
  /** How many the target had before, whole. */
  readonly there: number;
  /** Snapshots and whole folders that cannot be read, in which of the two archives, and why. */
  readonly damaged: readonly { readonly key: string; readonly where: string; readonly why: string }[];
  /** Keys of snapshots of the sample, which are not copied: real and invented papers never mix. */
  readonly sample: readonly string[];
};

/**
 * Copies the snapshots that the target lacks, with the same keys and bytes; each is read whole and checked first. It overwrites nothing
 * and goes on past what cannot be read and what is of the sample. One that the target has with another size is read there, and named if it is damaged.
 *
 * @param onCopied Called after each snapshot with how many are done, and of how many.
 * @param check Also compares the bytes of what the target has with those of the source.
 * @throws PaperkeepError `NOTHING_TO_COPY` for a source without snapshots: a wrong path must not look like a backup.
 */
export async function copyArchive(
  source: SnapshotStore,
  target: SnapshotStore,
  onCopied: (done: number, of: number) => void,
  check = false,
): Promise<CopyReport> {
  const damaged: { key: string; where: string; why: string }[] = [];
  const listAll = (store: SnapshotStore) =>
    Array.fromAsync(
      store.list('raw/', '', ({ key, error }) => damaged.push({ key, where: store.url, why: error.message })),
    );
  const sizes = new Map((await listAll(target)).map(({ key, bytes }) => [key, bytes]));
  const blocked = damaged.map(({ key }) => key);
  const all = (await listAll(source)).filter(({ key }) => !blocked.some((folder) => key.startsWith(folder)));
  if (all.length === 0 && damaged.length === 0) {
    const message = `${source.url} holds no snapshots`;
    throw new PaperkeepError({ code: 'NOTHING_TO_COPY', message, hint: 'check that this is the right place' });
  }
  const sample: string[] = [];
  let [copied, bytes, there, done] = [0, 0, 0, 0];

  async function read(store: SnapshotStore, key: string): Promise<Snapshot | null> {
    try {
      return await readSnapshot(store, key);
    } catch (error) {
      if (!isSnapshotDamage(error)) throw error;
      damaged.push({ key, where: store.url, why: errorMessage(error) });
      return null;
    }
  }

  /** True where the target's snapshot is whole; with `check`, where the source's has the same bytes too. */
  async function isIntact(key: string, sameSize: boolean): Promise<boolean> {
    if (!check) return sameSize || (await read(target, key)) !== null;
    const [here, copy] = [await read(source, key), await read(target, key)];
    if (here && copy && Buffer.compare(here.bytes, copy.bytes) !== 0) {
      damaged.push({ key, where: target.url, why: `${key} has other bytes than in ${source.url}` });
      return false;
    }
    return copy !== null;
  }

  await mapConcurrent(all, async (stored) => {
    const size = sizes.get(stored.key);
    if (size !== undefined) {
      if (await isIntact(stored.key, size === stored.bytes)) there += 1;
    } else {
      const whole = await read(source, stored.key);
      if (whole && isSampleCapture(whole.capture)) sample.push(stored.key);
      else if (whole && (await target.putIfAbsent(stored.key, whole.bytes)) === 'stored')
        [copied, bytes] = [copied + 1, bytes + whole.bytes.length];
      else if (whole) there += 1;
    }
    done += 1;
    onCopied(done, all.length);
  });
  return { snapshots: all.length, copied, bytes, there, damaged, sample };
}
