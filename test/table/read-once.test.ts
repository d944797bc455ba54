import { describe, expect, it } from 'vitest';
import { readOnce } from '../../shared/table/read-once.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';

const [a, b] = [
  { pk: 'A', sk: '1', n: 1 },
  { pk: 'A', sk: '2', n: 2 },
];

/** A table with two items that counts the reads of it, and a view that reads once. */
async function aView() {
  const table = openSqliteTable(':memory:');
  await table.putMany([a, b]);
  const reads: string[] = [];
  const view = readOnce({
    ...table,
    getMany: (keys) => {
      reads.push(keys.map(({ sk }) => sk).join());
      return table.getMany(keys);
    },
    range: (range) => {
      reads.push(`${range.pk} ${range.limit}`);
      return table.range(range);
    },
  });
  return { table, view, reads };
}

describe('a view of a table for one answer', () => {
  it('reads an item once, also for callers that ask at the same time or among other items', async () => {
    const { view, reads } = await aView();
    const absent = { pk: 'B', sk: '9' };
    expect(await Promise.all([view.get(a), view.getMany([a, absent]), view.getMany([b, a])])).toEqual([a, [a], [b, a]]);
    expect([await view.get(absent), await view.get(b)]).toEqual([null, b]);
    expect(reads).toEqual(['1', '9', '2']);
  });

  it('reads a range once, and another part of its partition again', async () => {
    const { view, reads } = await aView();
    expect([await view.range({ pk: 'A' }), await view.range({ pk: 'A' })]).toEqual([
      [a, b],
      [a, b],
    ]);
    expect(await view.range({ pk: 'A', limit: 1 })).toEqual([a]);
    expect(reads).toEqual(['A undefined', 'A 1']);
  });

  it('gives each caller a list of its own, which the caller may change', async () => {
    const { view } = await aView();
    (await view.range({ pk: 'A' })).pop();
    expect(await view.range({ pk: 'A' })).toEqual([a, b]);
  });

  it('shows an item as it was when it was first read', async () => {
    const { table, view } = await aView();
    await view.get(a);
    await table.put({ ...a, n: 7 });
    expect(await view.get(a)).toEqual(a);
    expect(await readOnce(table).get(a)).toEqual({ ...a, n: 7 });
  });
});
