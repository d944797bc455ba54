import type { Json } from '../../shared/lib/canonical-json.ts';
import type { Item, TableStore } from '../../shared/table/store.ts';

/** What was written: write units by the kind of item, as DynamoDB bills them. */
export type Written = TableStore & { readonly units: Map<string, number> };

/** A table that counts what is written to it. A put that is refused costs what one that is carried out does; so does a delete. */
export function counting(table: TableStore): Written {
  const units = new Map<string, number>();
  const count = (item: Item) => {
    const kind = kindOf(item);
    units.set(kind, (units.get(kind) ?? 0) + unitsOf(item));
  };
  return {
    ...table,
    units,
    put(item, condition) {
      count(item);
      return table.put(item, condition);
    },
    putMany(items) {
      for (const item of items) count(item);
      return table.putMany(items);
    },
    putInOrder(puts) {
      for (const { item } of puts) count(item);
      return table.putInOrder(puts);
    },
    delete(key, condition) {
      count(key as Item);
      return table.delete(key, condition);
    },
  };
}

/** What an item is, by its key. */
function kindOf({ pk, sk }: Item): string {
  if (sk === '#SUMMARY') return 'summary';
  if (sk.startsWith('AT#')) return 'listing';
  if (sk.startsWith('CONTENT#')) return 'content';
  if (sk.startsWith('ON#')) return 'appearance';
  return pk.startsWith('CALENDAR') ? 'calendar' : 'pointer';
}

/** A write unit is 1 KB of an item, started ones included. */
const unitsOf = (item: Item): number => Math.ceil((sizeOf(item) - 3) / 1024);

/**
 * Size of a value as DynamoDB counts it: text in UTF-8 bytes, two digits of a number to a byte and one more, 3 bytes for a list or map and
 * one for each entry. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
function sizeOf(value: Json): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(Math.abs(value)).length / 2) + (value < 0 ? 2 : 1);
  if (value === null || typeof value === 'boolean') return 1;
  const entries = Object.entries(value).map(([name, inner]: [string, Json]) =>
    Array.isArray(value) ? 1 + sizeOf(inner) : 1 + Buffer.byteLength(name) + sizeOf(inner),
  );
  return entries.reduce((sum, size) => sum + size, 3);
}
