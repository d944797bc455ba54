import type { Capture } from '../../shared/model/capture.ts';
import { readKey, type Target } from '../../shared/model/target.ts';
import type { SnapshotStore } from '../../shared/snapshot/store.ts';
import { archive } from '../../shared/snapshot/write.ts';

/** An archive in memory whose bytes a test may reach into. */
export type MemorySnapshots = SnapshotStore & { readonly files: Map<string, Uint8Array> };

/** An empty archive in memory. It remembers no times: `touched` names every target. */
export function memorySnapshots(): MemorySnapshots {
  const files = new Map<string, Uint8Array>();
  return {
    url: 'memory:',
    files,
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
      const targets = new Map<string, Target>();
      for (const key of files.keys()) {
        const facts = readKey(key);
        if (facts) targets.set(`${facts.source} ${facts.day}`, { source: facts.source, day: facts.day });
      }
      return [...targets.values()];
    },
  };
}

/** An archive in memory that holds captures. */
export async function archived(...captures: readonly Capture[]): Promise<MemorySnapshots> {
  const snapshots = memorySnapshots();
  for (const capture of captures) await archive(snapshots, capture);
  return snapshots;
}
