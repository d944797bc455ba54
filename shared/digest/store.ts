/**
 * Subscriptions and what was sent, in a table of their own: they are the only data that no snapshot can restore.
 *
 * | pk | sk | holds |
 * |---|---|---|
 * | `SUBSCRIPTIONS` | id | the address and the choices |
 * | `SUBSCRIPTION#` id | `KNOWN#` hash of a follow and its least upvotes | the papers that matched when the subscriber began to follow it |
 * | same | `MESSAGE#` period | the papers of a message, put before it is sent, and what became of it |
 * | `KEYS` | time | a key that signs links |
 */
import { hash } from 'node:crypto';
import type { Instant } from '../lib/time.ts';
import type { Item, TableStore } from '../table/store.ts';
import { subscriberId } from './address.ts';
import type { Follow, Subscription } from './subscription.ts';

const SUBSCRIPTIONS = 'SUBSCRIPTIONS';
const pkOf = (id: string): string => `SUBSCRIPTION#${id}`;

/** Ids of papers by the follow that they match. */
export type Matches = Readonly<Record<string, readonly string[]>>;

/**
 * What became of a message. `sending`: it is being sent, or the process ended before its delivery was confirmed. `refused`: the
 * server of the address refused it, so nothing was delivered.
 */
export type MessageState = 'sending' | 'sent' | 'refused';
/** A message to one subscriber. */
export type SentMessage = {
  readonly period: string;
  readonly at: Instant;
  readonly state: MessageState;
  readonly matches: Matches;
};

/** What a subscriber was sent. `known` has an entry for each follow that an earlier run handled, by {@link conditionKey}. */
export type History = {
  readonly known: ReadonlyMap<string, Matches>;
  readonly messages: readonly SentMessage[];
};

/** Names a follow with its least upvotes: what papers were known is kept for each. */
export const conditionKey = (follow: Follow, minUpvotes: number): string =>
  hash('sha256', `${minUpvotes} ${follow}`).slice(0, 16);

const decodeSubscription = ({ pk: _, sk: __, ...subscription }: Item): Subscription =>
  subscription as unknown as Subscription;

/** All subscriptions, in the order of their ids. */
export const listSubscriptions = async (table: TableStore): Promise<Subscription[]> =>
  (await table.range({ pk: SUBSCRIPTIONS, consistent: true })).map(decodeSubscription);

/** The subscription of an id, or null. */
export async function readSubscription(table: TableStore, id: string): Promise<Subscription | null> {
  const item = await table.get({ pk: SUBSCRIPTIONS, sk: id }, { consistent: true });
  return item && decodeSubscription(item);
}

/** Adds a subscription, or replaces that of the same address; what was sent is kept. */
export async function putSubscription(table: TableStore, subscription: Subscription): Promise<void> {
  await table.put({ pk: SUBSCRIPTIONS, sk: subscriberId(subscription.address), ...subscription });
}

/** Removes a subscription and everything stored with it. Returns false for an unknown id. */
export async function removeSubscription(table: TableStore, id: string): Promise<boolean> {
  const found = (await readSubscription(table, id)) !== null;
  await table.delete({ pk: SUBSCRIPTIONS, sk: id });
  for (const { pk, sk } of await table.range({ pk: pkOf(id), consistent: true })) await table.delete({ pk, sk });
  return found;
}

/** What was sent to a subscriber. */
export async function readHistory(table: TableStore, id: string): Promise<History> {
  const items = await table.range({ pk: pkOf(id), consistent: true });
  const known = new Map<string, Matches>();
  const messages: SentMessage[] = [];
  for (const { sk, matches, at, state } of items) {
    const [kind, name = ''] = sk.split('#');
    if (kind === 'KNOWN') known.set(name, matches as Matches);
    else messages.push({ period: name, at: at as Instant, state: state as MessageState, matches: matches as Matches });
  }
  return { known, messages };
}

/** Keeps the papers that matched when a subscriber began to follow something; a second time changes nothing. */
export async function putKnown(table: TableStore, id: string, condition: string, matches: Matches): Promise<void> {
  await table.put({ pk: pkOf(id), sk: `KNOWN#${condition}`, matches }, { if: 'absent' });
}

const messageKey = (id: string, period: string) => ({ pk: pkOf(id), sk: `MESSAGE#${period}` });
const isSending = { if: 'equal', field: 'state', value: 'sending' } as const;

/** Marks a message as being sent; false where there is one of that period already. */
export const beginMessage = (table: TableStore, id: string, message: Omit<SentMessage, 'state'>): Promise<boolean> => {
  const { period, at, matches } = message;
  return table.put({ ...messageKey(id, period), at, state: 'sending', matches }, { if: 'absent' });
};

/** Stores what became of a message that was being sent. */
export async function endMessage(
  table: TableStore,
  id: string,
  { period, at, matches }: Omit<SentMessage, 'state'>,
  state: MessageState,
): Promise<void> {
  await table.put({ ...messageKey(id, period), at, state, matches }, isSending);
}

/** Forgets a message: one that was certainly not sent, so that it can be tried again, or one that is too old to matter. */
export async function forgetMessage(table: TableStore, id: string, period: string): Promise<void> {
  await table.delete(messageKey(id, period));
}
