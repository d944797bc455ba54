import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { listExportedTables } from '../../shared/export/schema.ts';
import { seen } from '../query/archive.ts';
import { aPaper } from '../support/build.ts';
import { buildExport, HOSTILE } from './build.ts';
import { installReaders, python, pythonWithFrictionless, withDatasette } from './readers.ts';

/**
 * Reads a table with each reader and prints its rows in one form: texts, numbers, null, lists of texts; times and days as text.
 * Every reader gets at the values in its own way; none of them is ours.
 */
const ROWS = `
import json, sys, glob, csv, sqlite3, datetime
import duckdb, pyarrow.dataset
tables = json.loads('''TABLES''')
def plain(value):
    if isinstance(value, datetime.datetime):
        assert value.utcoffset() == datetime.timedelta(0), value
        return value.strftime('%Y-%m-%dT%H:%M:%SZ')
    return value.isoformat() if isinstance(value, datetime.date) else value
def of_sqlite(cell, type):
    if cell is None: return None
    return json.loads(cell) if type == 'list' else bool(cell) if type == 'boolean' else cell
def of_csv(cell, type):
    if type == 'list': return cell.split('; ') if cell else None
    if cell == '': return None
    return int(cell) if type == 'integer' else {'true': True, 'false': False}[cell] if type == 'boolean' else cell
db = sqlite3.connect('file:paperkeep.sqlite?mode=ro', uri=True)
con = duckdb.connect()
con.execute("SET TimeZone = 'UTC'")
rows_by_table = {}
for name, columns in tables.items():
    names = ', '.join('"' + column + '"' for column in columns)
    rows = {}
    rows['sqlite'] = [[of_sqlite(cell, type) for cell, type in zip(row, columns.values())] for row in db.execute('SELECT ' + names + ' FROM ' + name)]
    rows['duckdb'] = [[plain(cell) for cell in row] for row in con.execute("SELECT " + names + " FROM read_parquet('parquet/" + name + "/*/part.parquet')").fetchall()]
    read = pyarrow.dataset.dataset('parquet/' + name, partitioning='hive').to_table(columns=list(columns))
    rows['pyarrow'] = [[plain(row[column]) for column in columns] for row in read.to_pylist()]
    rows['csv'] = []
    for path in glob.glob('csv/' + name + '/*/part.csv'):
        with open(path, newline='', encoding='utf-8') as file:
            for row in csv.DictReader(file, strict=True):
                assert list(row) == list(columns), row
                rows['csv'].append([of_csv(row[column], columns[column]) for column in columns])
    rows_by_table[name] = {reader: sorted(json.dumps(row) for row in read) for reader, read in rows.items()}
print(json.dumps(rows_by_table))
`;

const DATA_PACKAGE = `
import json
from frictionless import Package
package = Package('datapackage.json')
report = package.validate()
rows = {resource.name: len(resource.read_rows()) for resource in package.resources}
print(json.dumps({'errors': report.flatten(['title', 'fieldName', 'note']), 'rows': rows}))
`;

/** The advice of docs/using-the-data.md for DuckDB, which otherwise reads 2501.00010 as the number 2501.0001. */
const DUCKDB_IDS = `
import json, duckdb
ids = lambda table, column: sorted({row[0] for row in duckdb.sql(
  "SELECT " + column + " FROM read_csv('csv/" + table + "/*/part.csv', types = {'" + column + "': 'VARCHAR'})").fetchall()})
print(json.dumps([ids('papers', 'id'), ids('appearances', 'paper_id')]))
`;

const CITATION = `
import json, cffconvert
with open(FILE, encoding='utf-8') as file: cffconvert.Citation(file.read()).validate()
print(json.dumps('valid'))
`;

describe('Other programs', () => {
  let missing: string | null = null;
  beforeAll(async () => {
    missing = await installReaders();
  }, 400_000);

  it('read the same rows with SQLite, DuckDB, pyarrow and the csv module of Python', async (context) => {
    if (missing !== null) context.skip(`readers in Python cannot be had: ${missing}`);
    const { folder } = await buildExport();
    const exported = listExportedTables(true);
    const shapes = Object.fromEntries(
      exported.map(({ name, columns }) => [
        name,
        Object.fromEntries(columns.map((column) => [column.name, column.type])),
      ]),
    );
    const read = await python<Record<string, Record<string, string[]>>>(
      folder,
      ROWS.replace('TABLES', JSON.stringify(shapes)),
    );
    for (const { name, columns } of exported) {
      const { sqlite = [], duckdb, pyarrow, csv = [] } = read[name] ?? {};
      expect([name, duckdb]).toEqual([name, sqlite]);
      expect([name, pyarrow]).toEqual([name, sqlite]);
      // in CSV a joined list is ambiguous where a name contains the separator, and an empty list looks like an unknown one
      const lists = columns.flatMap(({ type }, at) => (type === 'list' ? [at] : []));
      const joined = (rows: readonly string[]) =>
        rows.map((row) =>
          JSON.stringify(
            (JSON.parse(row) as unknown[]).map((cell, at) =>
              lists.includes(at) ? ((cell ?? []) as string[]).join('; ') : cell,
            ),
          ),
        );
      expect([name, joined(csv).sort()]).toEqual([name, joined(sqlite).sort()]);
      expect(sqlite.length).toBeGreaterThan(0);
    }
    expect(read.papers?.duckdb?.some((row) => (JSON.parse(row) as unknown[]).includes(HOSTILE.title))).toBe(true);
  });

  it('find papers by words and all tables with Datasette', async (context) => {
    if (missing !== null) context.skip(`readers in Python cannot be had: ${missing}`);
    const { folder } = await buildExport(undefined, { formats: ['sqlite'] });
    await withDatasette(join(folder, 'paperkeep.sqlite'), async (get) => {
      const found = (await get('/paperkeep/papers.json?_search=quoted&_shape=array')) as { id: string }[];
      expect(found.map(({ id }) => id)).toEqual(['2502.00001']);
      const none = (await get('/paperkeep/papers.json?_search=zeppelin&_shape=array')) as object[];
      expect(none).toEqual([]);
      const { tables } = (await get('/paperkeep.json')) as {
        tables: { name: string; hidden: boolean; count: number }[];
      };
      const shown = tables.filter(({ hidden }) => !hidden).map(({ name }) => name);
      expect(shown.sort()).toEqual(
        listExportedTables(true)
          .map(({ name }) => name)
          .sort(),
      );
    });
  });

  it('validate the data package with frictionless, keys and types included', async (context) => {
    if (missing !== null) context.skip(`readers in Python cannot be had: ${missing}`);
    const { folder, manifest } = await buildExport();
    const { errors, rows } = await pythonWithFrictionless<{ errors: unknown[]; rows: object }>(folder, DATA_PACKAGE);
    expect(errors).toEqual([]);
    expect(rows).toEqual(manifest.rows);
  });

  it('read ids with a final zero from CSV with DuckDB as the documentation advises', async (context) => {
    if (missing !== null) context.skip(`readers in Python cannot be had: ${missing}`);
    const { folder } = await buildExport([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', [aPaper({ id: '2501.00010' })]),
    ]);
    expect(await python(folder, DUCKDB_IDS)).toEqual([['2501.00010'], ['2501.00010']]);
  });

  it('validate the citations of a release and of this program with cffconvert', async (context) => {
    if (missing !== null) context.skip(`readers in Python cannot be had: ${missing}`);
    const release = await buildExport(undefined, { release: 'r "1"', formats: ['csv'] });
    for (const file of [join(release.folder, 'CITATION.cff'), 'CITATION.cff'])
      expect(await python('.', CITATION.replace('FILE', JSON.stringify(file)))).toBe('valid');
  });
});

describe('The citation of this program', () => {
  it('has the version of package.json', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(readFileSync('CITATION.cff', 'utf8')).toContain(`\nversion: ${version}\n`);
  });
});
