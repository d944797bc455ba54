import type { Capture } from '../../shared/model/capture.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { type RereadDeps, recordKeys } from '../../shared/record/reconcile.ts';
import type { Item, Records } from '../../shared/record/records.ts';
import { sqliteRecords } from '../../shared/record/sqlite.ts';
import { readSnapshot } from '../../shared/snapshot/warc.ts';
import { archived, type MemorySnapshots } from '../support/snapshots.ts';

/** An archive in memory and a table, with the real parsers between them. */
export type House = RereadDeps & { readonly snapshots: MemorySnapshots; readonly keys: readonly string[] };

/** A house whose archive holds the captures, and whose table (SQLite in memory unless told) holds nothing yet. */
export async function aHouse(
  captures: readonly Capture[],
  records: Records = sqliteRecords(':memory:'),
): Promise<House> {
  const snapshots = await archived(...captures);
  return {
    snapshots,
    records,
    readers: parsers,
    read: (key) => readSnapshot(snapshots, key),
    keys: [...snapshots.files.keys()].sort(),
  };
}

/** Records these keys, target by target; all of the archive unless told. */
export async function recordAll(house: House, keys: readonly string[] = house.keys): Promise<void> {
  await recordKeys(house, keys);
}

/** Every item of a table, in order. */
export async function itemsOf(records: Records): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of records.scan()) items.push(item);
  const nameOf = ({ pk, sk }: Item) => `${pk} ${sk}`;
  return items.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
