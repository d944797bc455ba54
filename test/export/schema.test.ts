import { describe, expect, it } from 'vitest';
import { tables } from '../../shared/catalog/schema.ts';
import { dataDictionary, exportedTables, exportSchema } from '../../shared/export/schema.ts';

describe('the data dictionary', () => {
  it('is what the tables say (renew it: npx vitest run test/export/schema.test.ts -u)', async () => {
    await expect(dataDictionary(exportedTables(true))).toMatchFileSnapshot('../../docs/reference/data-dictionary.md');
  });
});

describe('the schema of an export', () => {
  it('has every table that is promised, and no column that only the catalog needs', () => {
    const exported = exportedTables(true);
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

  it('says of each column its type, unit, what null means, and since when the feed has it', () => {
    const { tables: told } = exportSchema(exportedTables(true), true) as {
      tables: { name: string; columns: Record<string, unknown>[] }[];
    };
    for (const { columns } of told)
      for (const column of columns)
        expect(Object.keys(column)).toEqual(['name', 'type', 'description', 'unit', 'null', 'since']);
    const papers = told.find(({ name }) => name === 'papers');
    expect(papers?.columns.find(({ name }) => name === 'github_stars')).toMatchObject({
      type: 'integer',
      unit: 'stars',
      null: 'the feed did not say, or there is no code',
      since: '2025-06-25',
    });
  });

  it('leaves abstracts and summaries out when they are not wanted, and says so', () => {
    const schema = exportSchema(exportedTables(false), false) as { leftOut: string[]; tables: object[] };
    expect(schema.leftOut).toEqual(['papers.abstract', 'papers.ai_summary']);
    const names = exportedTables(false).flatMap(({ name, columns }) =>
      columns.map((column) => `${name}.${column.name}`),
    );
    expect(names.filter((name) => schema.leftOut.includes(name))).toEqual([]);
  });
});
