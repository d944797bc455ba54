import { describe, expect, it } from 'vitest';
import { tables } from '../../shared/catalog/schema.ts';
import { createExportSchema, formatDataDictionary, listExportedTables } from '../../shared/export/schema.ts';

describe('The data dictionary', () => {
  it('describes the exported tables (update it by npx vitest run test/export/schema.test.ts -u)', async () => {
    await expect(formatDataDictionary(listExportedTables(true))).toMatchFileSnapshot(
      '../../docs/reference/data-dictionary.md',
    );
  });
});

describe('The schema of an export', () => {
  it('has all eight tables, and no column that only the catalog needs', () => {
    const exported = listExportedTables(true);
    expect(exported.map(({ name }) => name).sort()).toEqual([
      'appearances',
      'coverage',
      'listings',
      'observations',
      'paper_authors',
      'paper_keywords',
      'papers',
      'votes_at_age',
    ]);
    expect(exported.flatMap(({ columns }) => columns).filter(({ internal }) => internal)).toEqual([]);
    expect(tables.papers.columns.some(({ internal }) => internal)).toBe(true);
  });

  it('states the type, unit, meaning of null and first day of each column', () => {
    const { tables: described } = createExportSchema(listExportedTables(true), true) as {
      tables: { name: string; columns: Record<string, unknown>[] }[];
    };
    for (const { columns } of described)
      for (const column of columns)
        expect(Object.keys(column)).toEqual(['name', 'type', 'description', 'unit', 'null', 'since']);
    const papers = described.find(({ name }) => name === 'papers');
    expect(papers?.columns.find(({ name }) => name === 'github_stars')).toMatchObject({
      type: 'integer',
      unit: 'stars',
      null: 'the feed did not say, or there is no code',
      since: '2025-06-25',
    });
  });

  it('omits abstracts and summaries on request, and lists what it omits', () => {
    const schema = createExportSchema(listExportedTables(false), false) as { leftOut: string[]; tables: object[] };
    expect(schema.leftOut).toEqual(['papers.abstract', 'papers.ai_summary']);
    const names = listExportedTables(false).flatMap(({ name, columns }) =>
      columns.map((column) => `${name}.${column.name}`),
    );
    expect(names.filter((name) => schema.leftOut.includes(name))).toEqual([]);
  });
});
