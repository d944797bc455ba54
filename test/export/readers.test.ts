import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportedTables } from '../../shared/export/schema.ts';
import { anExport, HOSTILE } from './made.ts';
import { installReaders, python, withDatasette } from './readers.ts';

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
told = {}
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
    told[name] = {reader: sorted(json.dumps(row) for row in read) for reader, read in rows.items()}
print(json.dumps(told))
`;

const CITATION = `
import json, cffconvert
with open(FILE, encoding='utf-8') as file: cffconvert.Citation(file.read()).validate()
print(json.dumps('valid'))
`;

describe('what other people open exports with', () => {
  let missing: string | null = null;
  beforeAll(async () => {
    missing = await installReaders();
  }, 400_000);

  it('SQLite, DuckDB, pyarrow and the csv of Python read the same rows', async (context) => {
    if (missing !== null) context.skip(`readers in Python cannot be had: ${missing}`);
    const { folder } = await anExport();
    const exported = exportedTables(true);
    const shapes = Object.fromEntries(
      exported.map(({ name, columns }) => [
        name,
        Object.fromEntries(columns.map((column) => [column.name, column.type])),
      ]),
    );
    const told = await python<Record<string, Record<string, string[]>>>(
      folder,
      ROWS.replace('TABLES', JSON.stringify(shapes)),
    );
    for (const { name, columns } of exported) {
      const { sqlite = [], duckdb, pyarrow, csv = [] } = told[name] ?? {};
      expect([name, duckdb]).toEqual([name, sqlite]);
      expect([name, pyarrow]).toEqual([name, sqlite]);
      // joined lists are told apart no more where a name holds the joint, nor an empty list from none
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
    expect(told.papers?.duckdb?.some((row) => (JSON.parse(row) as unknown[]).includes(HOSTILE.title))).toBe(true);
  });

  it('Datasette finds papers by words, and their tables', async (context) => {
    if (missing !== null) context.skip(`readers in Python cannot be had: ${missing}`);
    const { folder } = await anExport(undefined, { formats: ['sqlite'] });
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
        exportedTables(true)
          .map(({ name }) => name)
          .sort(),
      );
    });
  });

  it('cffconvert takes the citations, of a release and of the program', async (context) => {
    if (missing !== null) context.skip(`readers in Python cannot be had: ${missing}`);
    const release = await anExport(undefined, { release: 'r "1"', formats: ['csv'] });
    for (const file of [join(release.folder, 'CITATION.cff'), 'CITATION.cff'])
      expect(await python('.', CITATION.replace('FILE', JSON.stringify(file)))).toBe('valid');
  });
});

describe('the citation of the program', () => {
  it('has the version of package.json', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(readFileSync('CITATION.cff', 'utf8')).toContain(`\nversion: ${version}\n`);
  });
});
