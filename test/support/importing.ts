import type { ImportFile } from '../../shared/import/read.ts';
import { type ImportDeps, type ImportResult, importFiles } from '../../shared/import/run.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { parseSnapshotItems } from '../../shared/record/recorder.ts';
import { instant } from './build.ts';
import { createMemoryArchive } from './snapshots.ts';

/** What time it is while files are imported. */
export const NOW = instant('2026-03-09T00:00:00Z');

/** A file to import; nothing is known of it beside its name unless it is given. */
export const aFile = (name: string, body: string | Uint8Array, said: Partial<ImportFile> = {}): ImportFile => ({
  name,
  list: null,
  day: null,
  at: null,
  read: async () => Buffer.from(body),
  ...said,
});

/** Imports files into an archive in memory; `AI agents` is watched unless other searches are given. */
export async function imported(
  files: readonly ImportFile[],
  archive = createMemoryArchive(),
  watched = [{ slug: 'agents', query: 'AI agents' }],
) {
  const captures: ImportResult[] = [];
  const deps: ImportDeps = {
    archive,
    watched,
    clock: () => NOW,
    async record(stored, tell) {
      for (const snapshot of stored) tell(parseSnapshotItems(parsers, snapshot).listing);
    },
  };
  for await (const one of importFiles(deps, files)) captures.push(one);
  return { captures, archive };
}
