import { describe, expect, it } from 'vitest';
import type { Log } from '../../shared/lib/log.ts';
import type { Capture } from '../../shared/model/capture.ts';
import { METRICS, type MetricName } from '../../shared/names.ts';
import { createListDayMessage } from '../../shared/record/messages.ts';
import { createQueueRecorder } from '../../shared/record/queue.ts';
import { aHouse, type House, itemsOf, recordAll } from '../record/workspace.ts';
import { aCapture, DAILY, instant, ranked } from '../support/build.ts';
import { objectCreated, TEST_EVENT } from './events.ts';

const captures: readonly Capture[] = [
  aCapture({ at: instant('2025-01-08T06:15:00Z'), papers: ranked(1, 2) }),
  aCapture({ at: instant('2025-01-08T07:15:00Z'), papers: ranked(2, 1, 3) }),
  aCapture({ list: 'trending', at: instant('2025-01-08T06:16:00Z'), papers: ranked(3, 4) }),
];

type Said = { readonly level: 'info' | 'warn'; readonly event: string; readonly key?: unknown; readonly why?: unknown };

/** A recorder in a workspace, with its log and its metrics. */
function aRecorder(house: House) {
  const said: Said[] = [];
  const counted: Partial<Record<MetricName, number>>[] = [];
  const log: Log = {
    info: (event, facts) => said.push({ level: 'info', event, ...facts }),
    warn: (event, facts) => said.push({ level: 'warn', event, ...facts }),
  };
  const recorder = createQueueRecorder({ ...house, log, metrics: (values) => counted.push(values) });
  return { recorder, said, counted };
}

const messages = (...bodies: string[]) => bodies.map((body, at) => ({ id: String(at + 1), body }));

/** The items of these captures when they are recorded without faults. */
async function undisturbed() {
  const house = await aHouse(captures);
  await recordAll(house);
  return itemsOf(house.table);
}

describe('recording from the queue', () => {
  it('gives the same table as recording directly', async () => {
    const house = await aHouse(captures);
    const { recorder, said, counted } = aRecorder(house);
    expect(await recorder.recordMessages(messages(...house.keys.map((key) => objectCreated(key))))).toEqual([]);
    expect(await itemsOf(house.table)).toEqual(await undisturbed());
    expect(said).toEqual(house.keys.map((key) => ({ level: 'info', event: 'recorded', key })));
    expect(counted).toEqual([{ [METRICS.recorded]: 3, [METRICS.unrecordable]: 0 }]);
  });

  it('gives the same table in any order, with repeats, and with several snapshots in a message', async () => {
    const house = await aHouse(captures);
    const { recorder } = aRecorder(house);
    const [first = '', second = '', third = ''] = house.keys;
    await recorder.recordMessages(messages(objectCreated(third), objectCreated(second, first, third)));
    await recorder.recordMessages(messages(objectCreated(first), objectCreated(first), objectCreated(second)));
    expect(await itemsOf(house.table)).toEqual(await undisturbed());
  });

  it('fails only the damaged one of three messages, and logs its snapshot and the reason', async () => {
    const house = await aHouse(captures);
    const { recorder, said, counted } = aRecorder(house);
    const [poisoned = '', ...others] = house.keys;
    house.archive.files.set(poisoned, new TextEncoder().encode('no snapshot'));
    expect(await recorder.recordMessages(messages(...house.keys.map((key) => objectCreated(key))))).toEqual(['1']);
    expect(said).toContainEqual({ level: 'warn', event: 'not recorded', key: poisoned, why: expect.any(String) });
    expect(said.filter(({ event }) => event === 'recorded').map(({ key }) => key)).toEqual(others);
    expect(counted).toEqual([{ [METRICS.recorded]: 2, [METRICS.unrecordable]: 1 }]);
  });

  it('fails a message that it cannot read, and one whose snapshot does not exist', async () => {
    const house = await aHouse(captures);
    const { recorder } = aRecorder(house);
    const [gone = '', ...others] = house.keys;
    house.archive.files.delete(gone);
    const bodies = ['not JSON', objectCreated(gone), objectCreated(...others)];
    expect(await recorder.recordMessages(messages(...bodies))).toEqual(['1', '2']);
  });

  it('fails every message while the table cannot be reached, and records them afterwards', async () => {
    const house = await aHouse(captures);
    const away = () => Promise.reject(new Error('throttled'));
    const { recorder, said } = aRecorder({
      ...house,
      table: { ...house.table, put: away, putMany: away, putInOrder: away },
    });
    const bodies = messages(...house.keys.map((key) => objectCreated(key)));
    expect(await recorder.recordMessages(bodies)).toEqual(['1', '2', '3']);
    expect(said.filter(({ event }) => event === 'not recorded')).toEqual(
      house.keys.map((key) => ({ level: 'warn', event: 'not recorded', key, why: 'throttled' })),
    );
    expect(await aRecorder(house).recorder.recordMessages(bodies)).toEqual([]);
    expect(await itemsOf(house.table)).toEqual(await undisturbed());
  });

  it("ignores S3's test event and objects that are not snapshots", async () => {
    const house = await aHouse([]);
    const { recorder, said } = aRecorder(house);
    const bodies = messages(TEST_EVENT, objectCreated('raw/daily/2025-01-08/a+note.warc.gz'));
    expect(await recorder.recordMessages(bodies)).toEqual([]);
    expect(said).toEqual([]);
    expect(await itemsOf(house.table)).toEqual([]);
  });

  it('records all snapshots of the list and day that a message names, and no others', async () => {
    const house = await aHouse(captures);
    const { recorder, said } = aRecorder(house);
    expect(await recorder.recordMessages(messages(createListDayMessage(DAILY)))).toEqual([]);
    const daily = house.keys.filter((key) => key.startsWith('raw/daily/'));
    expect(daily).toHaveLength(2);
    expect(said.map(({ key }) => key)).toEqual(daily);
    const only = await aHouse(captures.filter(({ list }) => list === 'daily'));
    await recordAll(only);
    expect(await itemsOf(house.table)).toEqual(await itemsOf(only.table));
  });
});

describe('the nightly run of the recorder', () => {
  const SINCE = instant('2025-01-07T00:00:00Z');

  it('records what the queue has missed, and logs it', async () => {
    const house = await aHouse(captures);
    const { recorder, said, counted } = aRecorder(house);
    await recordAll(house, house.keys.slice(1));
    await recorder.reconcile(SINCE);
    expect(await itemsOf(house.table)).toEqual(await undisturbed());
    expect(said).toEqual([{ level: 'warn', event: 'recorded what the queue had missed', snapshots: 1 }]);
    expect(counted).toEqual([{ [METRICS.recorded]: 1, [METRICS.unrecordable]: 0 }]);
  });

  it('logs nothing when nothing was missed', async () => {
    const house = await aHouse(captures);
    const { recorder, said } = aRecorder(house);
    await recordAll(house);
    await recorder.reconcile(SINCE);
    expect(said).toEqual([]);
  });

  it('logs what is damaged and records the rest', async () => {
    const house = await aHouse(captures);
    const { recorder, said, counted } = aRecorder(house);
    const [damaged = ''] = house.keys;
    house.archive.files.set(damaged, new Uint8Array());
    await recorder.reconcile(SINCE);
    expect(said).toContainEqual({ level: 'warn', event: 'not recorded', key: damaged, why: expect.any(String) });
    expect(counted).toEqual([{ [METRICS.recorded]: 2, [METRICS.unrecordable]: 1 }]);
  });
});
