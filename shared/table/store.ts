import type { Json } from '../lib/canonical-json.ts';

/** An item of the table: `pk` and `sk` are its key, the rest is JSON without undefined. */
export type Item = { readonly pk: string; readonly sk: string; readonly [field: string]: Json };
/** The key of an item. */
export type Key = { readonly pk: string; readonly sk: string };

/**
 * When a put or delete is applied. `absent`: no item has the key. `below`: no item has the key, or its field is less than the value
 * (text by its UTF-8 bytes). `equal`: an item has the key, and its field equals the value.
 */
export type Condition =
  | { readonly if: 'absent' }
  | { readonly if: 'below'; readonly field: string; readonly value: number | string }
  | { readonly if: 'equal'; readonly field: string; readonly value: number | string };

/** An item to put under a condition. */
export type ConditionalPut = { readonly item: Item; readonly condition: Condition };

/** A range of one partition, in order of `sk` by its UTF-8 bytes. */
export type KeyRange = {
  readonly pk: string;
  /** First `sk`, included. */
  readonly from?: string;
  /** Last `sk`, included. */
  readonly to?: string;
  readonly newestFirst?: boolean;
  readonly limit?: number;
  /** Continues after this `sk`, in the direction of the range. */
  readonly after?: string;
  /** Sees every put that has returned, also those of other processes. */
  readonly consistent?: boolean;
};

/** A key-value store with ordered partitions: DynamoDB in the cloud, SQLite on one machine. */
export type TableStore = {
  /** Its place as configured; for messages. */
  readonly url: string;
  get(key: Key, options?: { readonly consistent?: boolean }): Promise<Item | null>;
  /** The items that exist, in no order; a key may be given twice. May miss a put that just returned. */
  getMany(keys: readonly Key[]): Promise<Item[]>;
  range(range: KeyRange): Promise<Item[]>;
  /** Puts one item; returns false where the condition does not hold. */
  put(item: Item, condition?: Condition): Promise<boolean>;
  /** Puts many items without condition, in no order: for items that follow from their key, so that a repeat changes nothing. */
  putMany(items: readonly Item[]): Promise<void>;
  /** Puts items in order, each under its own condition: a reader who sees one of them sees those before it. */
  putInOrder(puts: readonly ConditionalPut[]): Promise<void>;
  /** Deletes one item, which need not exist; returns false where the condition does not hold. */
  delete(key: Key, condition?: Condition): Promise<boolean>;
  /** A text that differs after every change by any process; absent where finding out takes a request. */
  readonly stamp?: () => string;
  /** Every item, in no order. */
  scan(): AsyncIterable<Item>;
  /** Checks that the table can be read as a whole, and throws `TABLE_DAMAGED` if not; absent where the service itself does. */
  readonly check?: () => Promise<void>;
  close(): Promise<void>;
};
