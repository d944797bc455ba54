import { archiveCapture } from '../../shared/archive/put.ts';
import type { SnapshotStore } from '../../shared/archive/store.ts';
import type { Capture } from '../../shared/model/capture.ts';
import { type ListDay, parseSnapshotKey } from '../../shared/model/list.ts';

/** An archive in memory whose bytes a test may reach into. */
export type MemoryArchive = SnapshotStore & {
  readonly files: Map<string, Uint8Array>;
  /** What was set aside. */
  readonly aside: Map<string, Uint8Array>;
};

/** An empty archive in memory. It remembers no times: `touched` names every list day. */
export function createMemoryArchive(): MemoryArchive {
  const files = new Map<string, Uint8Array>();
  const aside = new Map<string, Uint8Array>();
  return {
    url: 'memory:',
    files,
    aside,
    async setAside(key) {
      const bytes = files.get(key);
      if (bytes) aside.set(key, bytes);
      files.delete(key);
    },
    async putIfAbsent(key, bytes) {
      if (files.has(key)) return 'there already';
      files.set(key, bytes);
      return 'stored';
    },
    async get(key) {
      return files.get(key) ?? null;
    },
    async *list(prefix, from = '') {
      const keys = [...files.keys()].filter((key) => key.startsWith(prefix) && key >= from);
      for (const key of keys.sort()) yield { key, bytes: files.get(key)?.length ?? 0 };
    },
    async touched() {
      const listDays = new Map<string, ListDay>();
      for (const key of files.keys()) {
        const facts = parseSnapshotKey(key);
        if (facts) listDays.set(`${facts.list} ${facts.day}`, { list: facts.list, day: facts.day });
      }
      return [...listDays.values()];
    },
  };
}

/** An archive in memory that holds captures. */
export async function archived(...captures: readonly Capture[]): Promise<MemoryArchive> {
  const archive = createMemoryArchive();
  for (const capture of captures) await archiveCapture(archive, capture);
  return archive;
}
