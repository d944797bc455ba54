import type { PaperkeepError } from '../lib/errors.ts';
import type { Instant } from '../lib/time.ts';
import type { ListDay } from '../model/list.ts';

/** A snapshot as listed: its key and its size in bytes. */
export type StoredObject = { readonly key: string; readonly bytes: number };

/** Called with a folder that cannot be read, `raw/daily/` or `raw/daily/2025-01-08/`, and why. */
export type OnUnreadable = (folder: { readonly key: string; readonly error: PaperkeepError }) => void;

/** Where snapshots are stored, written once and never changed: a bucket or a folder. Keys are those of `snapshotKey`. */
export type SnapshotStore = {
  /** Its address, as configured; for messages. */
  readonly url: string;
  /** Stores the bytes durably, unless the key is there already: what was stored first stays. */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<'stored' | 'there already'>;
  /**
   * Moves what is stored under a key out of the way and keeps it, so that the snapshot can be stored again; does nothing when nothing is stored there.
   * Absent where nothing that is stored can be replaced.
   */
  readonly setAside?: (key: string) => Promise<void>;
  /** The bytes, or null when there is no such snapshot. */
  get(key: string): Promise<Uint8Array | null>;
  /**
   * The snapshots whose key begins with `prefix`, in the order of keys; with `from`, only those from this key on.
   *
   * @throws PaperkeepError `SNAPSHOT_UNREADABLE` for a folder that cannot be read; with `onUnreadable` that is called, and the rest is listed.
   */
  list(prefix: string, from?: string, onUnreadable?: OnUnreadable): AsyncIterable<StoredObject>;
  /** The list days that may have got a snapshot since then: perhaps too many, never too few of the last 21 days. Takes what `list` takes. */
  touched(since: Instant, onUnreadable?: OnUnreadable): Promise<ListDay[]>;
};
