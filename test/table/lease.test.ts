import { beforeEach, describe, expect, it } from 'vitest';
import { addSeconds, type Instant } from '../../shared/lib/time.ts';
import { LEASE_KEY, LEASE_REQUEST_KEY } from '../../shared/table/keys.ts';
import { type LeaseDeps, type LeaseHolder, takeLease } from '../../shared/table/lease.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import type { TableStore } from '../../shared/table/store.ts';
import { instant } from '../support/build.ts';

const ME: LeaseHolder = { host: 'here', pid: 10, run: 'mine' };
const OTHER: LeaseHolder = { host: 'there', pid: 20, run: 'theirs' };

describe('the lease on the feed', () => {
  let table: TableStore;
  let now: Instant;
  /** The processes that run on this host, with their identities. */
  let running: Map<number, string>;
  let waits: number[];
  beforeEach(() => {
    table = openSqliteTable(':memory:');
    now = instant('2025-01-08T12:00:00Z');
    running = new Map([
      [10, 'boot-1'],
      [20, 'boot-2'],
      [30, 'boot-3'],
    ]);
    waits = [];
  });
  const later = (seconds: number) => {
    now = addSeconds(now, seconds);
  };
  const depsOf = (holder: LeaseHolder): LeaseDeps => ({
    table,
    clock: () => now,
    holder,
    identify: (pid) => running.get(pid) ?? null,
    sleep: async (ms) => {
      waits.push(ms);
      later(ms / 1000);
      await new Promise(setImmediate);
    },
  });
  const take = (holder: LeaseHolder, change: Partial<LeaseDeps> = {}) => takeLease({ ...depsOf(holder), ...change });
  const holder = async () => (await table.get(LEASE_KEY))?.holder;
  const held = { code: 'LEASE_HELD' };

  it('is taken where no one has it', async () => {
    await take(ME);
    expect(await table.get(LEASE_KEY)).toEqual({
      ...LEASE_KEY,
      holder: 'here/10/mine',
      expires: '2025-01-08T12:10:00Z',
    });
  });

  it('is refused while another process has it, with its name and the expiry', async () => {
    await take(OTHER);
    later(599);
    await expect(take(ME)).rejects.toMatchObject(held);
    await expect(take(ME)).rejects.toThrow('another paperkeep (there/20/theirs, until 2025-01-08T12:10:00Z at most)');
    expect(await holder()).toBe('there/20/theirs');
  });

  it('is refused to another run of the same process', async () => {
    await take(ME);
    await expect(take({ ...ME, run: 'another' })).rejects.toMatchObject(held);
  });

  it('is taken when it has expired', async () => {
    await take(OTHER);
    later(601);
    await take(ME);
    expect(await holder()).toBe('here/10/mine');
  });

  it('is taken at once when a process of this host had it and is dead, not when it is another host’s', async () => {
    await take({ host: 'here', pid: 30, run: 'theirs' });
    await expect(take(ME)).rejects.toMatchObject(held);
    running.delete(30);
    await take(ME);
    expect(await holder()).toBe('here/10/mine');
    const elsewhere = openSqliteTable(':memory:');
    await take({ host: 'there', pid: 30, run: 'theirs' }, { table: elsewhere });
    await expect(take(ME, { table: elsewhere })).rejects.toMatchObject(held);
  });

  it('is taken from a process of this host whose pid now belongs to a later process', async () => {
    await take({ host: 'here', pid: 30, run: 'theirs', process: 'boot-3' });
    await expect(take(ME)).rejects.toMatchObject(held);
    running.set(30, 'boot-9');
    await take(ME);
    expect(await holder()).toBe('here/10/mine');
  });

  it('is taken by a container that was restarted with the same host name and pid', async () => {
    await take({ host: 'here', pid: 10, run: 'before', process: 'boot-0' });
    await take({ ...ME, process: 'boot-1' });
    expect(await holder()).toBe('here/10/mine/boot-1');
  });

  it('is left to a running holder that an older version stored, without its process', async () => {
    await table.put({ ...LEASE_KEY, holder: 'here/30/theirs', expires: addSeconds(now, 600) });
    await expect(take({ ...ME, process: 'boot-1' })).rejects.toMatchObject(held);
    running.delete(30);
    await take({ ...ME, process: 'boot-1' });
  });

  it('is left to a running holder where the system does not identify processes', async () => {
    await take({ host: 'here', pid: 30, run: 'theirs', process: 'boot-3' });
    running.set(30, '');
    await expect(take(ME)).rejects.toMatchObject(held);
  });

  it('is read consistently, so that a lease that was just taken is seen', async () => {
    await take(OTHER);
    const options: unknown[] = [];
    const get: TableStore['get'] = (key, asked) => {
      options.push(asked);
      return table.get(key, asked);
    };
    await expect(take(ME, { table: { ...table, get } })).rejects.toMatchObject(held);
    expect(options).toEqual([{ consistent: true }]);
  });

  it('is waited for until the holder releases it', async () => {
    const other = await take(OTHER);
    const sleep = async (ms: number) => {
      waits.push(ms);
      if (waits.length === 3) await other.release();
    };
    const lease = await takeLease({ ...depsOf(ME), sleep }, () => 60_000);
    expect(lease.waited).toBe(true);
    expect(waits).toEqual([1000, 1000, 1000]);
    expect(await table.range({ pk: LEASE_KEY.pk })).toEqual([expect.objectContaining({ holder: 'here/10/mine' })]);
  });

  it('is not waited for longer than the caller allows', async () => {
    await take(OTHER);
    await expect(takeLease(depsOf(ME), () => 3_000 - 1_000 * waits.length)).rejects.toMatchObject(held);
    expect(waits).toHaveLength(3);
  });

  it('is given to a waiting process when it is renewed, and taken again afterwards', async () => {
    const long = await take(OTHER);
    const waiting = Promise.withResolvers<void>();
    const scheduled = takeLease(
      {
        ...depsOf(ME),
        sleep: async () => {
          waiting.resolve();
          await new Promise(setImmediate);
        },
      },
      () => 60_000,
    );
    await waiting.promise;
    const order: string[] = [];
    const renewed = takeTurn();
    async function takeTurn() {
      await long.renew();
      order.push('renewed');
    }
    const lease = await scheduled;
    order.push('taken');
    await lease.release();
    await renewed;
    expect(order).toEqual(['taken', 'renewed']);
    expect(await holder()).toBe('there/20/theirs');
  });

  it('is kept where the request to give way is older than its process would leave it', async () => {
    const lease = await take(OTHER);
    await table.put({ ...LEASE_REQUEST_KEY, holder: 'here/10/mine', expires: addSeconds(now, 10) });
    later(10);
    await lease.renew();
    expect(waits).toEqual([]);
    expect(await holder()).toBe('there/20/theirs');
  });

  it('stays with the process that took it after it expired when a third process asks the first one to give way', async () => {
    const holders: unknown[] = [];
    const lease = await take(OTHER, {
      sleep: async (ms) => {
        later(ms / 1000);
        holders.push(await holder());
        if (holders.length === 12) await taken.release();
      },
    });
    later(601);
    const taken = await take(ME);
    await table.put({ ...LEASE_REQUEST_KEY, holder: 'here/30/third', expires: addSeconds(now, 10) });
    await lease.renew();
    expect(holders).toEqual(Array(12).fill('here/10/mine'));
    expect(await holder()).toBe('there/20/theirs');
  });

  it('lasts as long as it is renewed', async () => {
    const lease = await take(ME);
    for (let renewals = 0; renewals < 5; renewals++) {
      later(200);
      await lease.renew();
    }
    await expect(take(OTHER)).rejects.toMatchObject(held);
    later(601);
    await take(OTHER);
  });

  it('is renewed after it has expired, as long as no one took it', async () => {
    const lease = await take(ME);
    later(1000);
    await lease.renew();
    await expect(take(OTHER)).rejects.toMatchObject(held);
  });

  it('is lost when another process took it in the meantime, and stays with that process', async () => {
    const lease = await take(ME);
    later(601);
    await take(OTHER);
    await expect(lease.renew()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await lease.release();
    expect(await holder()).toBe('there/20/theirs');
  });

  it('is free again when it was released, and may be released twice', async () => {
    const lease = await take(ME);
    await lease.release();
    expect(await table.get(LEASE_KEY)).toBeNull();
    const other = await take(OTHER);
    await lease.release();
    expect(await holder()).toBe('there/20/theirs');
    await other.release();
  });

  it('is held when the answer to the put was lost and the client tried again', async () => {
    let lost = 0;
    const forgetful: TableStore = {
      ...table,
      async put(item, condition) {
        const first = await table.put(item, condition);
        if (lost++ > 0) return first;
        return table.put(item, condition);
      },
    };
    const lease = await take(ME, { table: forgetful });
    await lease.renew();
    expect(await holder()).toBe('here/10/mine');
  });

  it('is taken when it was released between the attempt and the reading of the holder', async () => {
    const other = await take(OTHER);
    const slow: TableStore = {
      ...table,
      async get(key, options) {
        await other.release();
        return table.get(key, options);
      },
    };
    await take(ME, { table: slow });
    expect(await holder()).toBe('here/10/mine');
  });

  it('goes to one of ten who want it at once', async () => {
    const wanted = Array.from({ length: 10 }, (_, run) => take({ host: `host-${run}`, pid: 1, run: 'x' }));
    const got = await Promise.allSettled(wanted);
    expect(got.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('goes to one of ten who find it expired, or its holder dead', async () => {
    const winners = async () => {
      const wanted = Array.from({ length: 10 }, (_, run) => take({ host: 'here', pid: 10, run: `${run}` }));
      return (await Promise.allSettled(wanted)).filter(({ status }) => status === 'fulfilled').length;
    };
    await take(OTHER);
    later(601);
    expect(await winners()).toBe(1);
    later(601);
    await take({ host: 'here', pid: 30, run: 'theirs' });
    running.delete(30);
    expect(await winners()).toBe(1);
  });
});
