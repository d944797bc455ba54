import type { TableSchema } from './schema.ts';

const namesOf = ({ columns }: TableSchema): string[] => columns.map(({ name }) => name);

/** The statement that puts a row with all columns of a table, in their order. */
export const insertSql = (table: TableSchema): string =>
  `INSERT INTO ${table.name} (${namesOf(table).join(', ')}) VALUES (${namesOf(table)
    .map(() => '?')
    .join(', ')})`;

/** The same, over the row that is there. */
export const upsertSql = (table: TableSchema): string =>
  `${insertSql(table)} ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${namesOf(table)
    .filter((name) => !table.key.includes(name))
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}`;
