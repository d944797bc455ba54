import { formatKey } from './keys.ts';
import type { Item, Key, TableStore } from './store.ts';

/**
 * A view of a table for one answer, whose parts ask for many of the same items: what one part has read is not read again for another, so that the
 * parts agree.
 */
export function readOnce(table: TableStore): TableStore {
  const ranges = new Map<string, Promise<readonly Item[]>>();
  const items = new Map<string, Promise<ReadonlyMap<string, Item>>>();
  const getMany = async (keys: readonly Key[]): Promise<Item[]> => {
    const names = keys.map(formatKey);
    const missing = keys.filter((_, at) => !items.has(names[at] as string));
    if (missing.length > 0) {
      const read = table.getMany(missing).then((found) => new Map(found.map((item) => [formatKey(item), item])));
      for (const key of missing) items.set(formatKey(key), read);
    }
    const reads = await Promise.all(names.map((name) => items.get(name)));
    return reads.flatMap((read, at) => read?.get(names[at] as string) ?? []);
  };
  return {
    ...table,
    getMany,
    get: async (key) => (await getMany([key]))[0] ?? null,
    range: async (range) => {
      const name = JSON.stringify(range);
      const read = ranges.get(name) ?? table.range(range);
      ranges.set(name, read);
      return [...(await read)];
    },
  };
}
