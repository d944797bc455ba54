import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { subscriberId } from '../../shared/digest/address.ts';
import { openSigner, verifyToken } from '../../shared/digest/links.ts';
import {
  beginMessage,
  endMessage,
  forgetMessage,
  listSubscriptions,
  putKnown,
  putSubscription,
  readHistory,
  readSubscription,
  removeSubscription,
} from '../../shared/digest/store.ts';
import { Subscription } from '../../shared/digest/subscription.ts';
import { createDynamoStore, createDynamoTable } from '../../shared/table/dynamo.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import type { TableStore } from '../../shared/table/store.ts';
import { instant } from '../support/build.ts';
import { type Emulator, startDynalite } from '../support/dynalite.ts';

const aSubscription = (address: string, more: object = {}) => Subscription.parse({ address, ...more });
const me = aSubscription('me@example.org', { follow: ['keyword:tables', 'all'] });
const id = subscriberId(me.address);
const message = { period: '2025-01-08', at: instant('2025-01-08T08:00:00Z'), matches: { all: ['2501.00001'] } };

/** What the subscriptions promise, held against a store; `open` gives a new, empty one at every call. */
function subscriptionContract(name: string, open: () => Promise<TableStore>): void {
  describe(name, () => {
    let table: TableStore;
    beforeEach(async () => {
      table = await open();
    });
    afterEach(() => table.close());
    const everything = async () => {
      const items = [];
      for await (const item of table.scan()) items.push(item);
      return items;
    };

    it('come back as they were put, in a stable order, one for each address', async () => {
      const you = aSubscription('you@example.org', { cadence: 'weekly', zone: 'Asia/Tokyo', hour: 0, minUpvotes: 5 });
      await putSubscription(table, you);
      await putSubscription(table, me);
      await putSubscription(table, { ...me, hour: 20 });
      const listed = await listSubscriptions(table);
      expect(listed.toSorted((a, b) => (a.address < b.address ? -1 : 1))).toEqual([{ ...me, hour: 20 }, you]);
      expect(await listSubscriptions(table)).toEqual(listed);
      expect(await readSubscription(table, id)).toEqual({ ...me, hour: 20 });
      expect(await readSubscription(table, subscriberId('no@example.org'))).toBeNull();
    });

    it('have keys that show no address', async () => {
      await putSubscription(table, me);
      await putKnown(table, id, 'a', {});
      await beginMessage(table, id, message);
      for (const { pk, sk } of await everything()) expect(`${pk} ${sk}`).not.toContain('example');
    });

    it('leave nothing behind when they are removed, and others alone', async () => {
      const you = aSubscription('you@example.org');
      await putSubscription(table, you);
      const before = await everything();
      await putSubscription(table, me);
      await putKnown(table, id, 'a', { all: ['2501.00002'] });
      await beginMessage(table, id, message);
      expect(await removeSubscription(table, id)).toBe(true);
      expect(await everything()).toEqual(before);
      expect(await removeSubscription(table, id)).toBe(false);
    });

    it('have one message in a period, whose state is only changed while it is being sent', async () => {
      expect(await beginMessage(table, id, message)).toBe(true);
      expect(await beginMessage(table, id, { ...message, matches: {} })).toBe(false);
      expect((await readHistory(table, id)).messages).toEqual([{ ...message, state: 'sending' }]);
      await endMessage(table, id, message, 'sent');
      await endMessage(table, id, message, 'refused');
      expect((await readHistory(table, id)).messages).toEqual([{ ...message, state: 'sent' }]);
      await forgetMessage(table, id, message.period);
      expect((await readHistory(table, id)).messages).toEqual([]);
    });

    it('keep what was known when a follow began, and not what comes later', async () => {
      await putKnown(table, id, 'a', { all: ['2501.00001'] });
      await putKnown(table, id, 'a', { all: ['2501.00002'] });
      await putKnown(table, id, 'b', {});
      expect((await readHistory(table, id)).known).toEqual(
        new Map([
          ['a', { all: ['2501.00001'] }],
          ['b', {}],
        ]),
      );
    });

    it('have links that are signed with a new key every 90 days, and stay valid', async () => {
      const signAt = async (at: string) => (await openSigner(table, () => instant(at)))(id);
      const first = await signAt('2025-01-08T08:00:00Z');
      expect(await signAt('2025-04-08T07:59:59Z')).toBe(first);
      const second = await signAt('2025-04-08T08:00:01Z');
      expect(second).not.toBe(first);
      for (const token of [first, second]) {
        expect(token).toMatch(/^[\w.-]+$/);
        expect(await verifyToken(table, token)).toBe(id);
      }
    });

    it('accept no link that was changed, is of another subscriber or of another table', async () => {
      const token = (await openSigner(table, () => instant('2025-01-08T08:00:00Z')))(id);
      const [time, , signed = ''] = token.split('.');
      const other = await open();
      const foreign = (await openSigner(other, () => instant('2025-01-08T08:00:00Z')))(id);
      await other.close();
      for (const wrong of [
        '',
        token.slice(0, -1),
        `${token}A`,
        `${time}.${subscriberId('you@example.org')}.${signed}`,
        `${time}.${id}.${signed.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'))}`,
        `20250108T080001Z.${id}.${signed}`,
        foreign,
      ])
        expect(await verifyToken(table, wrong)).toBeNull();
    });
  });
}

subscriptionContract('Subscriptions in SQLite', async () => openSqliteTable(':memory:'));

describe('Subscriptions on dynalite', () => {
  let emulator: Emulator;
  let tables = 0;
  beforeAll(async () => {
    emulator = await startDynalite();
  });
  afterAll(() => emulator.stop());
  subscriptionContract('Subscriptions in DynamoDB', async () => {
    const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
    const client = new DynamoDBClient({ endpoint: emulator.endpoint, region: 'eu-central-1', credentials });
    const name = `subscriptions-${++tables}`;
    await createDynamoTable(name, client);
    return createDynamoStore(name, client);
  });
});
