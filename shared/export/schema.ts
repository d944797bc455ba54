import { type ColumnSchema, type ColumnType, type TableSchema, tables } from '../catalog/schema.ts';

/** Raised when a table or a column of an export changes its name or its meaning; new ones may come without. */
export const EXPORT_SCHEMA_VERSION = 2;

/** Texts that are their authors' and the feed's; left out on request. */
const ABSTRACTS: readonly string[] = ['papers.abstract', 'papers.ai_summary'];

/** The tables of an export, as they stand there. */
export function exportedTables(abstracts: boolean): TableSchema[] {
  return Object.values<TableSchema>(tables)
    .filter(({ where }) => where !== 'catalog')
    .map((table) => ({
      ...table,
      columns: table.columns.filter(
        ({ name, internal }) => !internal && (abstracts || !ABSTRACTS.includes(`${table.name}.${name}`)),
      ),
    }));
}

/** The columns that are left out. */
export const omittedColumns = (abstracts: boolean): string[] => (abstracts ? [] : [...ABSTRACTS]);

/** How a type stands in SQLite, CSV and Parquet. */
const FORMS: Readonly<Record<ColumnType, { readonly sqlite: string; readonly csv: string; readonly parquet: string }>> =
  {
    text: { sqlite: 'TEXT', csv: 'text', parquet: 'STRING' },
    integer: { sqlite: 'INTEGER', csv: 'digits', parquet: 'INT32' },
    boolean: { sqlite: 'INTEGER, 0 or 1', csv: '`true` or `false`', parquet: 'BOOLEAN' },
    instant: { sqlite: 'TEXT, `2025-01-08T06:15:00Z`', csv: 'the same', parquet: 'TIMESTAMP, UTC, milliseconds' },
    day: { sqlite: 'TEXT, `2025-01-08`', csv: 'the same', parquet: 'DATE' },
    list: { sqlite: 'TEXT, a JSON array', csv: 'joined by `; `', parquet: 'LIST of STRING' },
  };

const monthOf = ({ month }: TableSchema): string => month ?? "the paper's listed_on, else its first_seen";

/** `schema.json`: every table and column with its type, unit, what null means, and the first day on which the feed had it. */
export function exportSchema(exported: readonly TableSchema[], abstracts: boolean): object {
  return {
    schemaVersion: EXPORT_SCHEMA_VERSION,
    types: FORMS,
    leftOut: omittedColumns(abstracts),
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

Key: ${table.key.map((name) => `\`${name}\``).join(', ')}${table.unique ? '' : ' (two captures of one second may bring it twice)'}. Month: ${monthOf(table)}.

${headed(['column', 'type', 'what', 'unit', 'null means', 'since'])}
${table.columns.map(columnRow).join('\n')}
`;

/** `docs/reference/data-dictionary.md`, which a test holds to this. */
export function dataDictionary(exported: readonly TableSchema[]): string {
  return `# Data dictionary

The contents of the export files. Generated from \`shared/catalog/schema.ts\` by its test: do not edit.

Schema version ${EXPORT_SCHEMA_VERSION}. It is raised when a table or column changes its name or meaning; new ones may come without.

${exported.map(({ name }) => `[${name}](#${name})`).join(' · ')}

## Files

| file | holds |
| --- | --- |
| \`paperkeep.sqlite\` | all tables, and \`papers_fts\`, the full-text index over papers. Opens in Datasette with search. Never \`VACUUM\` it: the index would find other papers |
| \`parquet/<table>/month=2025-01/part.parquet\` | a month of a table, ZSTD |
| \`csv/<table>/month=2025-01/part.csv\` | the same as RFC 4180, UTF-8, with a header |
| \`papers.jsonl.gz\` | a paper a line, with its appearances, under the names of our JSON; sorted by id |
| \`schema.json\` | this page for programs |
| \`manifest.json\` | every file with bytes, rows and SHA-256, and what the export was made of; the only place where the time of making stands |

A month without rows has no file. The same snapshots, read by the same parsers, give the same rows, and the same bytes in all files but the manifest.

**Range.** An export of a range of days holds the lists of these days, and the papers that were on one of them, told as they were last known.
**Null** means not known, and says below why. In CSV it is an empty cell; a text that is empty is \`""\`.
**Text** is as the feed had it, also where a spreadsheet would take it for a formula.
**Lists** in CSV are ambiguous where a name holds \`; \`: the other formats are exact.
**Since** is the first day on which the feed was seen to have a value; before it null says nothing about the paper.

## Types

${headed(['type', 'SQLite', 'CSV', 'Parquet'])}
${Object.entries(FORMS)
  .map(([type, { sqlite, csv, parquet }]) => row([type, sqlite, csv, parquet]))
  .join('\n')}

${exported.map(tableSection).join('\n')}`;
}
