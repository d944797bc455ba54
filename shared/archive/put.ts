import type { Capture } from '../model/capture.ts';
import type { SnapshotStore } from './store.ts';
import { createSnapshot, readSnapshot, type Snapshot } from './warc/snapshot.ts';

/** What the archive holds of a capture, and whether it came just now. */
export type ArchivedCapture = Snapshot & { readonly outcome: 'stored' | 'there already' };

/**
 * Puts a capture into the archive under its own key. Where it is already, the snapshot is read from there: it may differ in what
 * the key does not cover (headers, compression), and what was stored first is what counts.
 * Throws what the store throws, and `SNAPSHOT_DAMAGED` when the one that is there cannot be read.
 */
export async function archiveCapture(store: SnapshotStore, capture: Capture): Promise<ArchivedCapture> {
  const snapshot = await createSnapshot(capture);
  const outcome = await store.putIfAbsent(snapshot.key, snapshot.bytes);
  return { ...(outcome === 'stored' ? snapshot : await readSnapshot(store, snapshot.key)), outcome };
}
