import type { Json } from '../lib/canonical-json.ts';

/** An item of the table. `pk` and `sk` are its key, the rest is plain JSON without undefined. */
export type Item = { readonly pk: string; readonly sk: string; readonly [field: string]: Json };
/** The key of an item. */
export type Key = { readonly pk: string; readonly sk: string };

/**
 * When a put (or delete) is carried out: `absent`: nothing is there · `below`: nothing is there, or its field is less than the value
 * (numbers by value, text by its UTF-8 bytes) · `equal`: it is there and its field equals the value.
 */
export type Condition =
  | { readonly if: 'absent' }
  | { readonly if: 'below'; readonly field: string; readonly value: number | string }
  | { readonly if: 'equal'; readonly field: string; readonly value: number | string };

/** One item to put, and on which condition. */
export type ConditionalPut = { readonly item: Item; readonly condition: Condition };

/** A stretch of one partition, in order of `sk`, by its UTF-8 bytes. */
export type KeyRange = {
  readonly pk: string;
  /** First `sk`, included. */
  readonly from?: string;
  /** Last `sk`, included. */
  readonly to?: string;
  readonly newestFirst?: boolean;
  readonly limit?: number;
  /** Goes on behind this `sk` (in the direction asked). */
  readonly after?: string;
  /** Sees every put that has returned, whoever made it. */
  readonly consistent?: boolean;
};

/** The table: a key-value store with ordered partitions. DynamoDB in the cloud, SQLite on one machine; nothing more is asked of either. */
export type TableStore = {
  /** Where it is, as configured; for messages. */
  readonly url: string;
  get(key: Key, options?: { readonly consistent?: boolean }): Promise<Item | null>;
  /** Those that are there, in no order; a key may be asked twice. */
  getMany(keys: readonly Key[]): Promise<Item[]>;
  range(range: KeyRange): Promise<Item[]>;
  /** Puts one item; false when the condition refused it. */
  put(item: Item, condition?: Condition): Promise<boolean>;
  /** Puts many without condition: only items whose content follows from their key, so that a repeat changes nothing. */
  putMany(items: readonly Item[]): Promise<void>;
  /** Puts several, each if its own condition allows: whoever sees one of them sees those before it that were not refused. */
  putInOrder(puts: readonly ConditionalPut[]): Promise<void>;
  /** Deletes one item; false when the condition refused it. No matter if it is not there. */
  delete(key: Key, condition?: Condition): Promise<boolean>;
  /** Another text after every change, whoever made it; absent where that cannot be told at once. */
  readonly stamp?: () => string;
  /** Every item, in no order that may be relied on; for verifying and comparing. */
  scan(): AsyncIterable<Item>;
  close(): Promise<void>;
};
