import type { Capture } from '../model/capture.ts';
import type { SnapshotStore } from './store.ts';
import { readSnapshot } from './warc/read-snapshot.ts';
import { createSnapshot, type Snapshot } from './warc/write-snapshot.ts';

/** A snapshot as the archive holds it, and whether it was stored just now. */
export type ArchivedSnapshot = Snapshot & { readonly outcome: 'stored' | 'there already' };

/**
 * Puts a snapshot into the archive. One that is there already is read from there: it may differ in what the key does not cover (headers,
 * compression), and what was stored first counts.
 *
 * @throws PaperkeepError what the store throws, and `SNAPSHOT_DAMAGED` when the one that is there cannot be read.
 */
export async function archiveSnapshot(store: SnapshotStore, snapshot: Snapshot): Promise<ArchivedSnapshot> {
  const outcome = await store.putIfAbsent(snapshot.key, snapshot.bytes);
  return { ...(outcome === 'stored' ? snapshot : await readSnapshot(store, snapshot.key)), outcome };
}

/** Puts a capture into the archive, under its own key; see {@link archiveSnapshot}. */
export const archiveCapture = async (store: SnapshotStore, capture: Capture): Promise<ArchivedSnapshot> =>
  archiveSnapshot(store, await createSnapshot(capture));
