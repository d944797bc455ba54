import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import type { Capture } from '../../shared/model/capture.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { type ReplayDeps, recordSnapshotsByKey } from '../../shared/record/reconcile.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import type { Item, TableStore } from '../../shared/table/store.ts';
import { archived, type MemoryArchive } from '../support/snapshots.ts';

/** An archive in memory and a table, with the real parsers between them. */
export type TestWorkspace = ReplayDeps & { readonly archive: MemoryArchive; readonly keys: readonly string[] };

/** A workspace whose archive holds the captures, and whose table (SQLite in memory by default) holds nothing yet. */
export async function aWorkspace(
  captures: readonly Capture[],
  table: TableStore = openSqliteTable(':memory:'),
): Promise<TestWorkspace> {
  const archive = await archived(...captures);
  return {
    archive,
    table,
    parsers,
    read: (key) => readSnapshot(archive, key),
    keys: [...archive.files.keys()].sort(),
  };
}

/** Records these keys, list day by list day; all of the archive by default. */
export async function recordAll(
  workspace: ReplayDeps & { readonly keys: readonly string[] },
  keys: readonly string[] = workspace.keys,
): Promise<void> {
  await recordSnapshotsByKey(workspace, keys);
}

/** Every item of a table, in order. */
export async function itemsOf(table: TableStore): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of table.scan()) items.push(item);
  const nameOf = ({ pk, sk }: Item) => `${pk} ${sk}`;
  return items.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
