import { addDays, type Day } from '../lib/time.ts';
import { EXPECTED_MIN_PAPERS } from '../model/expected.ts';
import type { TableSchema } from './columns.ts';
import { tables } from './schema.ts';
import { insertSql } from './sql.ts';
import { type Catalog, openCatalog, removeCatalog, type SqlValue } from './sqlite.ts';

/** The daily lists of so many days are in the small file: the 90 that a curve is made from, for any time of the last weeks. */
export const RECENT_DAYS = 120;

/**
 * Writes what list pages need of a catalog to a small file of the same layout: the medians of all curves where they are known, the upvotes of the
 * daily lists of the last 120 days, and the rising topics. Columns that no list page reads are empty.
 */
export function writeRecentCatalog(catalog: Catalog, path: string, table: string, today: Day): void {
  removeCatalog(path);
  const file = openCatalog(path, table);
  const recent = "list = 'daily' AND day >= ?";
  const from = addDays(today, -RECENT_DAYS);
  file.write((run) => {
    const copy = (of: TableSchema, columns: readonly string[], where: string, value: SqlValue) => {
      const isCopied = (name: string) => columns.length === 0 || of.key.includes(name) || columns.includes(name);
      for (const row of catalog.all<Record<string, SqlValue>>(`SELECT * FROM ${of.name} WHERE ${where}`, [value]))
        run(
          insertSql(of),
          of.columns.map(({ name, nullMeans }) =>
            isCopied(name) ? (row[name] ?? null) : nullMeans === null ? '' : null,
          ),
        );
    };
    copy(tables.expected, ['papers', 'median'], 'papers >= ?', EXPECTED_MIN_PAPERS);
    copy(tables.coverage, ['times'], recent, from);
    copy(tables.appearances, ['votes'], recent, from);
    copy(tables.rising, [], 'place >= ?', 0);
  });
  file.close();
}
