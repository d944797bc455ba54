import { type Brought, type ImportDeps, type Imported, importAll } from '../../shared/import.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { readSnapshotItems } from '../../shared/record/record.ts';
import { instant } from './build.ts';
import { memorySnapshots } from './snapshots.ts';

/** What time it is while files are imported. */
export const NOW = instant('2026-03-09T00:00:00Z');

/** A file that is brought, of which nothing is said unless told. */
export const brought = (name: string, body: string | Uint8Array, said: Partial<Brought> = {}): Brought => ({
  name,
  source: null,
  target: null,
  at: null,
  read: async () => Buffer.from(body),
  ...said,
});

/** Imports files into an archive in memory; `AI agents` is watched unless told. */
export async function imported(
  files: readonly Brought[],
  snapshots = memorySnapshots(),
  watched = [{ slug: 'agents', query: 'AI agents' }],
) {
  const captures: Imported[] = [];
  const deps: ImportDeps = {
    snapshots,
    watched,
    clock: () => NOW,
    async record(stored, tell) {
      for (const snapshot of stored) tell(readSnapshotItems(parsers, snapshot).listing);
    },
  };
  for await (const one of importAll(deps, files)) captures.push(one);
  return { captures, snapshots };
}
