import type { ColumnType, TableSchema } from '../catalog/columns.ts';
import { FOREIGN_KEYS } from './schema.ts';

/** Lists are text, joined by `; `: the description says so. */
const FIELD_TYPES: Readonly<Record<ColumnType, string>> = {
  text: 'string',
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
  instant: 'datetime',
  day: 'date',
  list: 'string',
};

const isNullable = (columns: TableSchema['columns'], name: string): boolean =>
  columns.find((column) => column.name === name)?.nullMeans !== null;

/**
 * `datapackage.json` beside the CSV files, as Frictionless Data describes it, so that programs read ids as text.
 * `paths` are the files of the export; the monthly files of a table are one resource.
 */
export function formatDataPackage(tables: readonly TableSchema[], paths: readonly string[]): string {
  const resources = tables
    .map((table) => ({ table, path: paths.filter((path) => path.startsWith(`csv/${table.name}/`)).sort() }))
    .filter(({ path }) => path.length > 0);
  const value = {
    profile: 'tabular-data-package',
    name: 'paperkeep',
    title: "Hugging Face's daily and trending papers, recorded by paperkeep",
    homepage: 'https://github.com/paperkeep/paperkeep',
    resources: resources.map(({ table: { name, description, columns, key, unique }, path }) => ({
      profile: 'tabular-data-resource',
      name,
      description,
      path,
      format: 'csv',
      mediatype: 'text/csv',
      encoding: 'utf-8',
      schema: {
        fields: columns.map((column) => ({
          name: column.name,
          type: FIELD_TYPES[column.type],
          description: column.type === 'list' ? `${column.description}; joined by "; "` : column.description,
        })),
        missingValues: [''],
        ...(unique && key.every((name) => !isNullable(columns, name)) && { primaryKey: key }),
        foreignKeys: (FOREIGN_KEYS[name] ?? []).map(({ columns: fields, table, key: target }) => ({
          fields,
          reference: { resource: table, fields: target },
        })),
      },
    })),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}
