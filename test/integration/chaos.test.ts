import { S3 } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createS3Store } from '../../shared/archive/s3.ts';
import type { SnapshotStore } from '../../shared/archive/store.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { PaperkeepError } from '../../shared/lib/errors.ts';
import { silentLog } from '../../shared/lib/log.ts';
import { addSeconds, type Day, dayOf, type Instant, systemClock } from '../../shared/lib/time.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { createListDayMessage } from '../../shared/record/messages.ts';
import { createQueueRecorder, type QueueRecorder } from '../../shared/record/queue.ts';
import { type SampleServer, serveSample } from '../../shared/sample/server.ts';
import { openTable } from '../../shared/table/open.ts';
import type { Item, TableStore } from '../../shared/table/store.ts';
import { objectCreated } from '../functions/events.ts';
import { BUCKET, startS3 } from '../support/s3.ts';
import { type CollectedArchive, everythingIn, openCollectedArchive } from './collected-archive.ts';

/**
 * The same ten hours of a feed under the kinds of trouble that a cloud has: the table in the end is that of the undisturbed run. (For any
 * order, repetition, concurrent recorders and a raised epoch see test/record/convergence.test.ts.)
 */

const FIRST = '2026-03-04T08:00:00Z' as Instant;
const HOURS = Array.from({ length: 10 }, (_, hour) => addSeconds(FIRST, hour * 3600));
const LAST = HOURS.at(-1) as Instant;

let feed: SampleServer;
let calm: CollectedArchive;
let keys: string[];
let expected: Item[];

const sorted = (items: readonly Item[]) => items.toSorted((a, b) => (`${a.pk} ${a.sk}` < `${b.pk} ${b.sk}` ? -1 : 1));
const tableOf = async (table: TableStore) => sorted(await everythingIn(table));

async function collectHourly(collected: CollectedArchive, hours: readonly Instant[]): Promise<void> {
  for (const hour of hours) {
    feed.setNow(hour);
    await collected.collect(hour);
  }
}

beforeAll(async () => {
  feed = await serveSample();
  calm = await openCollectedArchive(feed.origin, LAST);
  await collectHourly(calm, HOURS);
  keys = [];
  for await (const { key } of calm.workspace.archive.list('raw/')) keys.push(key);
  expected = await tableOf(calm.workspace.table);
});
afterAll(async () => {
  await calm.end();
  await feed.stop();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A recorder as the function behind the queue has it, over another archive and table. */
const recorderOver = (archive: SnapshotStore, table: TableStore): QueueRecorder =>
  createQueueRecorder({
    ...{ archive, table, parsers, log: silentLog, metrics: () => {} },
    read: (key) => readSnapshot(archive, key),
  });

/** Delivers a message for each key, and again those that failed, as the queue does; tells how many deliveries failed. */
async function deliver(recorder: QueueRecorder, bodies: readonly string[]): Promise<number> {
  let waiting = bodies.map((body, at) => ({ id: String(at), body }));
  let failures = 0;
  while (waiting.length > 0) {
    const failed = new Set(await recorder.recordMessages(waiting));
    failures += failed.size;
    waiting = waiting.filter(({ id }) => failed.has(id));
  }
  return failures;
}

/** A table that is too busy for every 23rd call; recording a snapshot takes about nine. */
function throttled(table: TableStore): TableStore {
  let asked = 0;
  const busy =
    <A extends readonly unknown[], R>(ask: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      asked += 1;
      if (asked % 23 === 0)
        throw new PaperkeepError({ code: 'TABLE_THROTTLED', message: 'the table is too busy', hint: 'wait' });
      return ask(...args);
    };
  const { getMany, range, put, putMany, putInOrder } = table;
  return {
    ...table,
    getMany: busy(getMany),
    range: busy(range),
    put: busy(put),
    putMany: busy(putMany),
    putInOrder: busy(putInOrder),
  };
}

describe('recording gives the same table', () => {
  it('when the table is throttled and messages come again', async () => {
    const table = await openTable('sqlite::memory:');
    const recorder = recorderOver(calm.workspace.archive, throttled(table));
    const failures = await deliver(
      recorder,
      keys.map((key) => objectCreated(key)),
    );
    expect(failures).toBeGreaterThan(keys.length / 5);
    expect(await tableOf(table)).toEqual(expected);
    await table.close();
  });

  it('when messages are delivered twice, in another order, and partitions are replayed in between', async () => {
    const table = await openTable('sqlite::memory:');
    const recorder = recorderOver(calm.workspace.archive, table);
    const replays = [createListDayMessage({ list: 'daily', day: dayOf(FIRST) })];
    const bodies = keys.map((key) => objectCreated(key));
    await deliver(recorder, [...bodies.toReversed(), ...replays, ...bodies]);
    expect(await tableOf(table)).toEqual(expected);
    await table.close();
  });

  it('when S3 is too busy while snapshots are put and read', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const double = await startS3();
    const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
    const client = new S3({ endpoint: double.endpoint, region: 'eu-central-1', credentials, maxAttempts: 5 });
    client.config.forcePathStyle = true;
    const bucket = createS3Store(`s3://${BUCKET}`, client, async () => {});
    const table = await openTable('sqlite::memory:');
    const recorder = recorderOver(bucket, table);
    for (const key of keys) {
      double.fail('503 SlowDown', 2);
      await bucket.putIfAbsent(key, (await calm.workspace.archive.get(key)) ?? new Uint8Array());
      double.fail('503 SlowDown', 1);
      expect(await recorder.recordMessages([{ id: key, body: objectCreated(key) }])).toEqual([]);
    }
    expect(await tableOf(table)).toEqual(expected);
    await table.close();
    await double.stop();
  });

  it('when every message was lost and only the nightly reconciliation runs', async () => {
    const table = await openTable('sqlite::memory:');
    await recorderOver(calm.workspace.archive, table).reconcileRecent(systemClock());
    expect(await tableOf(table)).toEqual(expected);
    await table.close();
  });
});

describe('collecting', () => {
  it('gives the same table when its function is killed between archiving and recording', async () => {
    const hurt = await openCollectedArchive(feed.origin, LAST);
    const { collecting } = hurt.workspace;
    const died = async () => {};
    vi.spyOn(hurt.workspace, 'collecting').mockImplementation((...given) => ({
      ...collecting(...given),
      onStored: died,
    }));
    await collectHourly(hurt, HOURS);
    expect(await tableOf(hurt.workspace.table)).not.toEqual(expected);
    await recorderOver(hurt.workspace.archive, hurt.workspace.table).reconcileRecent(systemClock());
    expect(await tableOf(hurt.workspace.table)).toEqual(expected);
    await hurt.end();
  });

  it('repeats no visit when the clock jumps back, and continues when it is right again', async () => {
    const hurt = await openCollectedArchive(feed.origin, LAST);
    await collectHourly(hurt, HOURS.slice(0, 5));
    const back = addSeconds(HOURS[4] as Instant, -1800);
    feed.setNow(back);
    expect((await hurt.collect(back)).visits).toEqual([]);
    await collectHourly(hurt, HOURS.slice(5));
    expect(await tableOf(hurt.workspace.table)).toEqual(expected);
    await hurt.end();
  });

  it('captures the lists of days on which the schedule never ran', async () => {
    const hurt = await openCollectedArchive(feed.origin, '2026-03-07T08:00:00Z' as Instant);
    await collectHourly(hurt, HOURS.slice(0, 1));
    const later = '2026-03-07T08:00:00Z' as Instant;
    await collectHourly(hurt, [later]);
    for (const day of ['2026-03-04', '2026-03-05', '2026-03-06'] as Day[]) {
      expect((await hurt.daily(day, null)).coverage).toMatchObject({ status: 'captured', complete: true, last: later });
    }
    await hurt.end();
  });

  it('refuses the second of two runs that begin at once, and repeats no visit', async () => {
    const hurt = await openCollectedArchive(feed.origin, LAST);
    feed.setNow(FIRST);
    const both = await Promise.allSettled([hurt.collect(FIRST), hurt.collect(FIRST)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await collectHourly(hurt, HOURS.slice(1));
    expect(await tableOf(hurt.workspace.table)).toEqual(expected);
    await hurt.end();
  });
});
