import type { Instant } from '../lib/time.ts';
import type { ListDay } from '../model/list.ts';

/** A snapshot as listed: its key and its size. */
export type StoredObject = { readonly key: string; readonly bytes: number };

/** Where snapshots live. Written once, never changed: an S3 bucket or a folder. Keys are those of `model/list day.ts`. */
export type SnapshotStore = {
  /** Where it is, as configured; for messages. */
  readonly url: string;
  /** Stores if nothing is there yet, durably; tells which it was. Whoever stored first wins. */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<'stored' | 'there already'>;
  /**
   * Moves what is stored under a key out of the way and keeps it, so that the snapshot can be stored again; does nothing where there is none.
   * Absent where nothing that is stored can be replaced.
   */
  readonly setAside?: (key: string) => Promise<void>;
  /** The bytes, or null when there is no such snapshot. */
  get(key: string): Promise<Uint8Array | null>;
  /** A short-lived address that gives the file as a download to whoever has it; absent where the store has no such thing. */
  readonly link?: (key: string, fileName: string) => Promise<string>;
  /** All snapshots whose key begins with `prefix`, in key order; of those only keys at or behind `from`, when given. */
  list(prefix: string, from?: string): AsyncIterable<StoredObject>;
  /** Targets that may have got a snapshot since then; may name too many, never too few of the last 21 days. */
  touched(since: Instant): Promise<ListDay[]>;
};
