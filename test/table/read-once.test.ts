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
  it('reads an item once, whether it is asked for alone or among others', async () => {
    const { view, reads } = await aView();
    const absent = { pk: 'B', sk: '9' };
    expect([await view.get(a), await view.getMany([b, absent, a]), await view.get(b)]).toEqual([a, [b, a], b]);
    expect(await view.get(absent)).toBeNull();
    expect(reads).toEqual(['1', '2,9']);
  });

  it('reads an item once for callers that ask for it at the same time', async () => {
    const { view, reads } = await aView();
    expect(await Promise.all([view.getMany([a]), view.getMany([a, b]), view.get(b)])).toEqual([[a], [a, b], b]);
    expect(reads).toEqual(['1', '2']);
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
