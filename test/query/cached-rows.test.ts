import { describe, expect, it } from 'vitest';
import { archiveCapture } from '../../shared/archive/put.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import type { Capture } from '../../shared/model/capture.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { cachedRows } from '../../shared/query/cached-rows.ts';
import { getTopic } from '../../shared/query/topic.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { day } from '../support/build.ts';
import { anArchive, copied, papers, seen } from './archive.ts';

const morning = seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 4, { keywords: ['tea'] }]));
const QUESTION = { by: 'week', from: day('2025-01-06'), to: day('2025-01-12') } as const;

async function anArchiveThatGrows(captures: readonly Capture[]) {
  const archived = await anArchive(captures);
  return {
    context: archived,
    add: async (capture: Capture) => {
      const { key } = await archiveCapture(archived.archive, capture);
      await recordSnapshots({ table: archived.table, parsers }, [await readSnapshot(archived.archive, key)]);
    },
  };
}

describe('A cached row of the catalog', () => {
  it('is read once while nothing changes', async () => {
    const catalog = await (await anArchive([morning])).catalog();
    let asked = 0;
    const counting = {
      ...catalog,
      all: <Row extends object>(...of: Parameters<typeof catalog.all>): Row[] => {
        if (of[0].startsWith('SELECT ?')) asked += 1;
        return catalog.all<Row>(...of);
      },
    };
    const ask = (value: number) => cachedRows<{ it: number }>(counting, 'SELECT ? AS it', [value]);
    expect([ask(1), ask(1), asked]).toEqual([[{ it: 1 }], [{ it: 1 }], 1]);
    for (let value = 2; value <= 64; value++) ask(value);
    ask(1);
    ask(65);
    expect([asked, ask(1), asked]).toEqual([65, [{ it: 1 }], 65]);
    ask(2);
    expect(asked).toBe(66);
  });

  it('is dropped when a list changes, so that a response is never older than its catalog', async () => {
    const { context, add } = await anArchiveThatGrows([morning]);
    const upvotes = async () =>
      (await getTopic(context, { kind: 'keyword', topic: 'tea' }, QUESTION))?.points.map(({ upvotes }) => upvotes);
    expect(await upvotes()).toEqual([4]);
    await add(seen('daily 2025-01-08', '2025-01-08T09:00:00Z', papers([1, 9, { keywords: ['tea'] }])));
    expect(await upvotes()).toEqual([9]);
  });

  it('is dropped when a row of copied text gets its id', async () => {
    const title = 'What the paper 2501.00007 is called';
    const { context, add } = await anArchiveThatGrows([
      copied('daily 2025-01-08', '2025-01-08T06:00:00Z', [
        [title, 'It is made up and long enough to be read as an abstract.'],
      ]),
      seen('daily 2025-01-09', '2025-01-09T06:00:00Z', papers([1, 4, { keywords: ['tea'] }])),
    ]);
    const tea = async () => {
      const topic = { kind: 'keyword', topic: 'tea' } as const;
      return (await getTopic(context, topic, QUESTION))?.points.map((point) => point.total);
    };
    expect(await tea()).toEqual([1]);
    await add(seen('trending 2025-01-09', '2025-01-09T06:00:00Z', papers([7, 4, { keywords: ['tea'] }])));
    expect(await tea()).toEqual([2]);
  });
});
