import { formatKey } from './keys.ts';
import type { Item, Key, TableStore } from './store.ts';

/**
 * A view of a table for one answer, whose parts ask for many of the same items: what one part has read is not read again for another, so that the
 * parts agree.
 */
export function readOnce(table: TableStore): TableStore {
  const ranges = new Map<string, Promise<readonly Item[]>>();
  const items = new Map<string, Item>();
  const getMany = async (keys: readonly Key[]): Promise<Item[]> => {
    const names = keys.map(formatKey);
    const missing = keys.filter((_, at) => !items.has(names[at] as string));
    if (missing.length > 0) for (const item of await table.getMany(missing)) items.set(formatKey(item), item);
    return names.flatMap((name) => items.get(name) ?? []);
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
