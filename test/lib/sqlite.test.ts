import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { cacheQueries } from '../../shared/lib/sqlite.ts';

describe('Rows of a SELECT', () => {
  it('are plain objects with the values by their columns, in the order of the SELECT', () => {
    const db = new DatabaseSync(':memory:');
    const query = cacheQueries(db);
    const sql = "SELECT 1 AS one, 'two' AS two, NULL AS none, x'0102' AS bytes WHERE ? = 'asked'";
    for (const time of [1, 2]) {
      const rows = query(sql, ['asked']);
      expect(rows, `time ${time}`).toStrictEqual([{ one: 1, two: 'two', none: null, bytes: new Uint8Array([1, 2]) }]);
      expect(Object.keys(rows[0] ?? {})).toEqual(['one', 'two', 'none', 'bytes']);
    }
    expect(query(sql, ['other'])).toEqual([]);
    db.close();
  });
});
