import type { ColumnSchema, ColumnType, TableSchema } from '../catalog/columns.ts';
import { tables } from '../catalog/schema.ts';
import type { PaperKey } from '../table/keys.ts';
import { isTitleKey } from '../table/titles.ts';

/** Raised when a table or column of an export changes its name or meaning, not when one is added. */
export const EXPORT_SCHEMA_VERSION = 3;

/** Texts that belong to their authors and the feed; left out on request. */
const ABSTRACTS: readonly string[] = ['papers.abstract', 'papers.ai_summary'];

/** Where rows of copied text occur, and the column of their ids. */
const ID_COLUMNS: Readonly<Record<string, string>> = {
  papers: 'id',
  appearances: 'paper_id',
  observations: 'paper_id',
};

const TITLE_KEY: ColumnSchema = {
  name: 'title_key',
  type: 'text',
  description: 'what joins rows of copied text, which have no id: `~` and a hash of the title',
  unit: null,
  nullMeans: 'the row has an id',
  since: null,
  internal: false,
};

/** A table as exported: a row of copied text has no id, and a key of its title instead. */
const withTitleKeys = (table: TableSchema): TableSchema => ({
  ...table,
  key: table.name === 'appearances' ? [...table.key, TITLE_KEY.name] : table.key,
  columns: table.columns.flatMap((column) =>
    column.name === ID_COLUMNS[table.name]
      ? [
          { ...column, nullMeans: 'a row of copied text, whose title belongs to no known paper or to several' },
          TITLE_KEY,
        ]
      : [column],
  ),
});

/** The tables and columns that an export contains. */
export function listExportedTables(abstracts: boolean): TableSchema[] {
  return Object.values<TableSchema>(tables)
    .filter(({ where }) => where !== 'catalog')
    .map(withTitleKeys)
    .map((table) => ({
      ...table,
      columns: table.columns.filter(
        ({ name, internal }) => !internal && (abstracts || !ABSTRACTS.includes(`${table.name}.${name}`)),
      ),
    }));
}

/** The cells of a row's id and of its title key: one of them is null. */
export const splitPaperKey = (paper: PaperKey): [id: string | null, titleKey: string | null] =>
  isTitleKey(paper) ? [null, paper] : [paper, null];

/** The columns that are left out, as `table.column`. */
export const listOmittedColumns = (abstracts: boolean): string[] => (abstracts ? [] : [...ABSTRACTS]);

/** The types in SQLite, CSV and Parquet. */
const FORMS: Readonly<Record<ColumnType, { readonly sqlite: string; readonly csv: string; readonly parquet: string }>> =
  {
    text: { sqlite: 'TEXT', csv: 'text', parquet: 'STRING' },
    integer: { sqlite: 'INTEGER', csv: 'digits', parquet: 'INT32' },
    number: { sqlite: 'REAL', csv: 'digits with a decimal point', parquet: 'DOUBLE' },
    boolean: { sqlite: 'INTEGER, 0 or 1', csv: '`true` or `false`', parquet: 'BOOLEAN' },
    instant: { sqlite: 'TEXT, `2025-01-08T06:15:00Z`', csv: 'the same', parquet: 'TIMESTAMP, UTC, milliseconds' },
    day: { sqlite: 'TEXT, `2025-01-08`', csv: 'the same', parquet: 'DATE' },
    list: { sqlite: 'TEXT, a JSON array', csv: 'joined by `; `', parquet: 'LIST of STRING' },
  };

/** Columns of a table that hold the key of a row in another one. */
export type ForeignKey = {
  readonly columns: readonly string[];
  readonly table: string;
  readonly key: readonly string[];
};

const PAPER: ForeignKey = { columns: ['paper_id'], table: 'papers', key: ['id'] };
const TITLE: ForeignKey = { columns: ['title_key'], table: 'papers', key: ['title_key'] };
const LIST_DAY: ForeignKey = { columns: ['list', 'day'], table: 'coverage', key: ['list', 'day'] };

/** The foreign keys of the exported tables, by table. */
export const FOREIGN_KEYS: Readonly<Record<string, readonly ForeignKey[]>> = {
  paper_authors: [PAPER],
  paper_keywords: [PAPER],
  appearances: [PAPER, TITLE, LIST_DAY],
  observations: [PAPER, TITLE, LIST_DAY],
  listings: [LIST_DAY],
  votes_at_age: [PAPER],
};

const monthOf = ({ month }: TableSchema): string => month ?? "the paper's listed_on, else its first_seen";

/** `schema.json`: every table and column with its type, unit, what null means, and the first day on which the feed had it. */
export function createExportSchema(exported: readonly TableSchema[], abstracts: boolean): object {
  return {
    schemaVersion: EXPORT_SCHEMA_VERSION,
    types: FORMS,
    leftOut: listOmittedColumns(abstracts),
    tables: exported.map((table) => ({
      name: table.name,
      description: table.description,
      key: table.key,
      unique: table.unique,
      month: monthOf(table),
      columns: table.columns.map(({ name, type, description, unit, nullMeans, since }) => ({
        name,
        type,
        description,
        unit,
        null: nullMeans,
        since,
      })),
    })),
  };
}

const escaped = (text: string): string => text.replaceAll('|', '\\|');
const row = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
const headed = (names: readonly string[]): string => `${row(names)}\n${row(names.map(() => '---'))}`;

const columnRow = ({ name, type, description, unit, nullMeans, since }: ColumnSchema): string =>
  row([`\`${name}\``, type, description, unit ?? '', nullMeans ?? 'never', since ?? '']);

const tableSection = (table: TableSchema): string => `## ${table.name}

${table.description}

Key: ${table.key.map((name) => `\`${name}\``).join(', ')}${table.unique ? '' : ' (it may occur twice, for two captures in the same second)'}. Month: ${monthOf(table)}.

${headed(['column', 'type', 'meaning', 'unit', 'null means', 'since'])}
${table.columns.map(columnRow).join('\n')}
`;

/** `docs/reference/data-dictionary.md`, which a test holds to this. */
export function formatDataDictionary(exported: readonly TableSchema[]): string {
  return `# Data dictionary

The tables and columns of an export. [Using the data](../using-the-data.md) shows how to read them. This page is made from \`shared/catalog/schema.ts\` by its test: do not edit it.

Schema version ${EXPORT_SCHEMA_VERSION}. It is raised when a table or column changes its name or meaning, not when one is added.

${exported.map(({ name }) => `[${name}](#${name})`).join(' · ')}

## Files

| file | contents |
| --- | --- |
| \`paperkeep.sqlite\` | all tables with their foreign keys, and \`papers_fts\`, the full-text index over papers. Opens in Datasette with search. Never \`VACUUM\` it: the index would find other papers |
| \`parquet/<table>/month=2025-01/part.parquet\` | a month of a table, ZSTD |
| \`csv/<table>/month=2025-01/part.csv\` | the same as CSV (RFC 4180), UTF-8, with a header |
| \`datapackage.json\` | the types and keys of the CSV files, as a Frictionless data package |
| \`papers.jsonl.gz\` | one paper per line with its appearances, with the names of the API, sorted by id |
| \`schema.json\` | this page for programs |
| \`manifest.json\` | every file with its size, rows and SHA-256, and what the export was made from; the only file with the time when it was made |

A month without rows has no file. The same snapshots, read by the same parsers, give the same rows, and the same bytes in all files but the manifest.

- **Ids are text.** In CSV \`2501.00010\` looks like a number, and a program that guesses types drops its last digit. Declare \`id\` and \`paper_id\` as text: [how, by program](../using-the-data.md#ids-are-text).
- **Range**: an export of a range of days has the lists of these days, and the papers on them as last known.
- **Null** means unknown; the column says why. In CSV it is an empty cell, and an empty text is \`""\`.
- **Text** is as the feed had it, also where a spreadsheet would run it as a formula. Lone surrogates, which no UTF-8 file can hold, are U+FFFD.
- **Lists** in CSV are ambiguous where a name contains \`; \`; the other formats are exact.
- **Since** is the first day on which the feed had a value. Before it, null says nothing about the paper.

## Types

${headed(['type', 'SQLite', 'CSV', 'Parquet'])}
${Object.entries(FORMS)
  .map(([type, { sqlite, csv, parquet }]) => row([type, sqlite, csv, parquet]))
  .join('\n')}

${exported.map(tableSection).join('\n')}`;
}
