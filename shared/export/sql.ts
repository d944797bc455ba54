import type { Table } from '../catalog/tables.ts';

const namesOf = ({ columns }: Table): string[] => columns.map(({ name }) => name);

/** The statement that puts a row with all columns of a table, in their order. */
export const insertOf = (table: Table): string =>
  `INSERT INTO ${table.name} (${namesOf(table).join(', ')}) VALUES (${namesOf(table)
    .map(() => '?')
    .join(', ')})`;

/** The same, over the row that is there. */
export const upsertOf = (table: Table): string =>
  `${insertOf(table)} ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${namesOf(table)
    .filter((name) => !table.key.includes(name))
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}`;
