import { describe, expect, it } from 'vitest';
import type { Log } from '../../shared/lib/log.ts';
import type { Capture } from '../../shared/model/capture.ts';
import { METRICS, type MetricName } from '../../shared/names.ts';
import { createListDayMessage } from '../../shared/record/messages.ts';
import { createQueueRecorder } from '../../shared/record/queue.ts';
import { aWorkspace, itemsOf, recordAll, type TestWorkspace } from '../record/workspace.ts';
import { aCapture, DAILY, instant, ranked } from '../support/build.ts';
import { objectCreated, TEST_EVENT } from './events.ts';

const captures: readonly Capture[] = [
  aCapture({ at: instant('2025-01-08T06:15:00Z'), papers: ranked(1, 2) }),
  aCapture({ at: instant('2025-01-08T07:15:00Z'), papers: ranked(2, 1, 3) }),
  aCapture({ list: 'trending', at: instant('2025-01-08T06:16:00Z'), papers: ranked(3, 4) }),
];

type LogEntry = {
  readonly level: 'info' | 'warn';
  readonly event: string;
  readonly key?: unknown;
  readonly why?: unknown;
};

/** A recorder in a workspace, with its log and its metrics. */
function aRecorder(workspace: TestWorkspace) {
  const logged: LogEntry[] = [];
  const emitted: Partial<Record<MetricName, number>>[] = [];
  const log: Log = {
    info: (event, facts) => logged.push({ level: 'info', event, ...facts }),
    warn: (event, facts) => logged.push({ level: 'warn', event, ...facts }),
  };
  const recorder = createQueueRecorder({ ...workspace, log, metrics: (values) => emitted.push(values) });
  return { recorder, logged, emitted };
}

const messages = (...bodies: string[]) => bodies.map((body, at) => ({ id: String(at + 1), body }));

/** The items of these captures when they are recorded without faults. */
async function undisturbed() {
  const workspace = await aWorkspace(captures);
  await recordAll(workspace);
  return itemsOf(workspace.table);
}

describe('recording from the queue', () => {
  it('gives the same table as recording directly', async () => {
    const workspace = await aWorkspace(captures);
    const { recorder, logged, emitted } = aRecorder(workspace);
    expect(await recorder.recordMessages(messages(...workspace.keys.map((key) => objectCreated(key))))).toEqual([]);
    expect(await itemsOf(workspace.table)).toEqual(await undisturbed());
    expect(logged).toEqual(workspace.keys.map((key) => ({ level: 'info', event: 'recorded', key })));
    expect(emitted).toEqual([{ [METRICS.recorded]: 3, [METRICS.unrecordable]: 0 }]);
  });

  it('gives the same table in any order, with repeats, and with several snapshots in a message', async () => {
    const workspace = await aWorkspace(captures);
    const { recorder } = aRecorder(workspace);
    const [first = '', second = '', third = ''] = workspace.keys;
    await recorder.recordMessages(messages(objectCreated(third), objectCreated(second, first, third)));
    await recorder.recordMessages(messages(objectCreated(first), objectCreated(first), objectCreated(second)));
    expect(await itemsOf(workspace.table)).toEqual(await undisturbed());
  });

  it('fails only the damaged one of three messages, and logs its snapshot and the reason', async () => {
    const workspace = await aWorkspace(captures);
    const { recorder, logged, emitted } = aRecorder(workspace);
    const [poisoned = '', ...others] = workspace.keys;
    workspace.archive.files.set(poisoned, new TextEncoder().encode('no snapshot'));
    expect(await recorder.recordMessages(messages(...workspace.keys.map((key) => objectCreated(key))))).toEqual(['1']);
    expect(logged).toContainEqual({ level: 'warn', event: 'not recorded', key: poisoned, why: expect.any(String) });
    expect(logged.filter(({ event }) => event === 'recorded').map(({ key }) => key)).toEqual(others);
    expect(emitted).toEqual([{ [METRICS.recorded]: 2, [METRICS.unrecordable]: 1 }]);
  });

  it('fails a message that it cannot read, and one whose snapshot does not exist', async () => {
    const workspace = await aWorkspace(captures);
    const { recorder } = aRecorder(workspace);
    const [gone = '', ...others] = workspace.keys;
    workspace.archive.files.delete(gone);
    const bodies = ['not JSON', objectCreated(gone), objectCreated(...others)];
    expect(await recorder.recordMessages(messages(...bodies))).toEqual(['1', '2']);
  });

  it('fails every message while the table cannot be reached, and records them afterwards', async () => {
    const workspace = await aWorkspace(captures);
    const away = () => Promise.reject(new Error('throttled'));
    const { recorder, logged } = aRecorder({
      ...workspace,
      table: { ...workspace.table, put: away, putMany: away, putInOrder: away },
    });
    const bodies = messages(...workspace.keys.map((key) => objectCreated(key)));
    expect(await recorder.recordMessages(bodies)).toEqual(['1', '2', '3']);
    expect(logged.filter(({ event }) => event === 'not recorded')).toEqual(
      workspace.keys.map((key) => ({ level: 'warn', event: 'not recorded', key, why: 'throttled' })),
    );
    expect(await aRecorder(workspace).recorder.recordMessages(bodies)).toEqual([]);
    expect(await itemsOf(workspace.table)).toEqual(await undisturbed());
  });

  it("ignores S3's test event and objects that are not snapshots", async () => {
    const workspace = await aWorkspace([]);
    const { recorder, logged } = aRecorder(workspace);
    const bodies = messages(TEST_EVENT, objectCreated('raw/daily/2025-01-08/a+note.warc.gz'));
    expect(await recorder.recordMessages(bodies)).toEqual([]);
    expect(logged).toEqual([]);
    expect(await itemsOf(workspace.table)).toEqual([]);
  });

  it('records all snapshots of the list and day that a message names, and no others', async () => {
    const workspace = await aWorkspace(captures);
    const { recorder, logged } = aRecorder(workspace);
    expect(await recorder.recordMessages(messages(createListDayMessage(DAILY)))).toEqual([]);
    const daily = workspace.keys.filter((key) => key.startsWith('raw/daily/'));
    expect(daily).toHaveLength(2);
    expect(logged.map(({ key }) => key)).toEqual(daily);
    const only = await aWorkspace(captures.filter(({ list }) => list === 'daily'));
    await recordAll(only);
    expect(await itemsOf(workspace.table)).toEqual(await itemsOf(only.table));
  });
});

describe('the nightly run of the recorder', () => {
  const NOW = instant('2025-01-09T00:00:00Z');

  it('records what the queue has missed, and logs it', async () => {
    const workspace = await aWorkspace(captures);
    const { recorder, logged, emitted } = aRecorder(workspace);
    await recordAll(workspace, workspace.keys.slice(1));
    await recorder.reconcileRecent(NOW);
    expect(await itemsOf(workspace.table)).toEqual(await undisturbed());
    expect(logged).toEqual([{ level: 'warn', event: 'recorded what the queue had missed', snapshots: 1 }]);
    expect(emitted).toEqual([{ [METRICS.recorded]: 1, [METRICS.unrecordable]: 0 }]);
  });

  it('logs nothing when nothing was missed', async () => {
    const workspace = await aWorkspace(captures);
    const { recorder, logged } = aRecorder(workspace);
    await recordAll(workspace);
    await recorder.reconcileRecent(NOW);
    expect(logged).toEqual([]);
  });

  it('logs what is damaged and records the rest', async () => {
    const workspace = await aWorkspace(captures);
    const { recorder, logged, emitted } = aRecorder(workspace);
    const [damaged = ''] = workspace.keys;
    workspace.archive.files.set(damaged, new Uint8Array());
    await recorder.reconcileRecent(NOW);
    expect(logged).toContainEqual({ level: 'warn', event: 'not recorded', key: damaged, why: expect.any(String) });
    expect(emitted).toEqual([{ [METRICS.recorded]: 2, [METRICS.unrecordable]: 1 }]);
  });
});
