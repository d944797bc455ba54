import type { Json } from '../../shared/lib/canonical-json.ts';
import type { Item, TableStore } from '../../shared/table/store.ts';

/** What was asked of a table since it was last looked at. */
export type Asked = { operations: number; read: Item[]; written: Item[]; readUnits: number };

/** A table that counts; `asked()` tells and begins anew. A put that its condition refuses is counted too: it costs the same. */
export function counting(table: TableStore): { readonly table: TableStore; asked(): Asked } {
  const none = (): Asked => ({ operations: 0, read: [], written: [], readUnits: 0 });
  let asked = none();
  const reading = (items: readonly Item[], units: number) => {
    asked.operations += 1;
    asked.readUnits += units;
    asked.read.push(...items);
  };
  const writing = (items: readonly Item[]) => {
    asked.operations += 1;
    asked.written.push(...items);
  };
  const each = (items: readonly Item[]) => items.reduce((sum, item) => sum + readUnits(sizeOf(item), false), 0);
  // without its stamp: an answer that is remembered from one asking to the next would not be counted
  const { stamp: _, ...counted } = table;
  return {
    asked() {
      const told = asked;
      asked = none();
      return told;
    },
    table: {
      ...counted,
      async get(key, options) {
        const item = await table.get(key, options);
        reading(item ? [item] : [], readUnits(item ? sizeOf(item) : 0, options?.consistent ?? false));
        return item;
      },
      async getMany(keys) {
        const items = await table.getMany(keys);
        reading(items, each(items) + (keys.length - items.length) / 2);
        return items;
      },
      async range(range) {
        const items = await table.range(range);
        const size = items.reduce((sum, item) => sum + sizeOf(item), 0);
        reading(items, readUnits(size, range.consistent ?? false));
        return items;
      },
      put(item, condition) {
        writing([item]);
        return table.put(item, condition);
      },
      putMany(items) {
        writing(items);
        return table.putMany(items);
      },
      putInOrder(puts) {
        // in the cloud each of them is a request
        for (const { item } of puts) writing([item]);
        return table.putInOrder(puts);
      },
    },
  };
}

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html and …/on-demand-capacity-mode.html

/** A write unit for every started kB. */
export const writeUnits = (item: Item): number => Math.max(1, Math.ceil(sizeOf(item) / 1024));

/** A read unit for every started 4 kB, half of one where it need not be consistent. */
const readUnits = (bytes: number, consistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);

/** Bytes of an item as DynamoDB counts them. */
export const sizeOf = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOf(value), 0);

function bytesOf(value: Json): number {
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'string') return Buffer.byteLength(value);
  // two digits a byte, and one
  if (typeof value === 'number') return Math.ceil(String(Math.abs(value)).replace('.', '').length / 2) + 1;
  const inside = Array.isArray(value)
    ? value.map(bytesOf)
    : Object.entries(value).map(([name, inner]) => Buffer.byteLength(name) + bytesOf(inner));
  return inside.reduce((sum, bytes) => sum + bytes + 1, 3);
}
