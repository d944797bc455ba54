import type { Json } from '../../shared/lib/canonical-json.ts';
import type { Item, TableStore } from '../../shared/table/store.ts';

/** The operations on a table since the last `takeOperations()`. */
export type TableOperations = { operations: number; read: Item[]; written: Item[]; readUnits: number };

/** A table that counts its operations. A put that its condition refuses is counted too, because it costs the same. */
export function countOperations(table: TableStore): { readonly table: TableStore; takeOperations(): TableOperations } {
  const none = (): TableOperations => ({ operations: 0, read: [], written: [], readUnits: 0 });
  let counted = none();
  const countRead = (items: readonly Item[], units: number) => {
    counted.operations += 1;
    counted.readUnits += units;
    counted.read.push(...items);
  };
  const countWritten = (items: readonly Item[]) => {
    counted.operations += 1;
    counted.written.push(...items);
  };
  const unitsOf = (items: readonly Item[]) => items.reduce((sum, item) => sum + readUnits(sizeOf(item), false), 0);
  // without its stamp, so that no answer is cached
  const { stamp: _, ...rest } = table;
  return {
    takeOperations() {
      const taken = counted;
      counted = none();
      return taken;
    },
    table: {
      ...rest,
      async get(key, options) {
        const item = await table.get(key, options);
        countRead(item ? [item] : [], readUnits(item ? sizeOf(item) : 0, options?.consistent ?? false));
        return item;
      },
      async getMany(keys) {
        const items = await table.getMany(keys);
        countRead(items, unitsOf(items) + (keys.length - items.length) / 2);
        return items;
      },
      async range(range) {
        const items = await table.range(range);
        const size = items.reduce((sum, item) => sum + sizeOf(item), 0);
        countRead(items, readUnits(size, range.consistent ?? false));
        return items;
      },
      put(item, condition) {
        countWritten([item]);
        return table.put(item, condition);
      },
      putMany(items) {
        countWritten(items);
        return table.putMany(items);
      },
      putInOrder(puts) {
        // in DynamoDB each of them is a request
        for (const { item } of puts) countWritten([item]);
        return table.putInOrder(puts);
      },
    },
  };
}

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html and …/on-demand-capacity-mode.html

/** A write unit for every started kB. */
export const writeUnits = (item: Item): number => Math.max(1, Math.ceil(sizeOf(item) / 1024));

/** A read unit for every started 4 kB, half as much for an eventually consistent read. */
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
