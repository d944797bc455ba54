import { formatKey } from './keys.ts';
import type { Item, Key, TableStore } from './store.ts';

/**
 * A view of a table for one answer, whose parts ask for many of the same items: each is read once. It does not see what is written meanwhile, so that
 * the parts agree.
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
    const found = await Promise.all(names.map(async (name) => (await items.get(name))?.get(name) ?? []));
    return found.flat();
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
