import { PaperkeepError } from '../lib/errors.ts';
import type { OnUnits } from './dynamo.ts';
import type { Item, Key, TableStore } from './store.ts';

/** The layout of the table; raised when older code could no longer work with it. */
export const TABLE_SCHEMA_VERSION = 1;

/** The key of the item with the version of the table's layout. It does not come from a snapshot. */
export const SCHEMA_KEY: Key = { pk: 'META', sk: 'SCHEMA' };

/** The item that marks a table of invented papers. */
const SAMPLE_ITEM: Key = { pk: SCHEMA_KEY.pk, sk: 'SAMPLE' };
/** Marks a table as one of invented papers. */
export const markAsSample = async (table: TableStore): Promise<void> => {
  await table.put({ ...SAMPLE_ITEM });
};
/** True for a table of invented papers. */
export const isSampleTable = async (table: TableStore): Promise<boolean> => (await table.get(SAMPLE_ITEM)) !== null;

/**
 * Opens the table that a setting names: `sqlite:<path>` (also `sqlite:///absolute/path`) or `dynamodb:<table>`. Marks a new table with the
 * version of the layout.
 *
 * @param onUnits Called with the capacity units of each request to DynamoDB.
 * @throws PaperkeepError `BAD_SETTING`; `TABLE_NEWER` for a table that a newer paperkeep wrote; and what opening it throws.
 */
export async function openTable(url: string, onUnits?: OnUnits): Promise<TableStore> {
  const table = await openStore(url, onUnits);
  try {
    await checkSchema(table);
    return table;
  } catch (error) {
    await table.close();
    throw error;
  }
}

// Loaded on demand: the AWS SDK alone takes longer to load than most local commands to run.
async function openStore(url: string, onUnits?: OnUnits): Promise<TableStore> {
  const path = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1];
  if (path) return (await import('./sqlite.ts')).openSqliteTable(path);
  // what DynamoDB allows as the name of a table
  const table = /^dynamodb:([\w.-]{3,255})$/.exec(url)?.[1];
  if (table) return (await import('./dynamo.ts')).openDynamoTable(table, onUnits);
  throw new PaperkeepError({
    code: 'BAD_SETTING',
    message: `"${url}" is not the place of a table`,
    hint: 'set PAPERKEEP_TABLE to sqlite:<path> or dynamodb:<table>',
  });
}

async function checkSchema(table: TableStore): Promise<void> {
  const mine: Item = { ...SCHEMA_KEY, version: TABLE_SCHEMA_VERSION };
  const there = await table.get(SCHEMA_KEY, { consistent: true });
  if (!there && (await markSchema(table, mine))) return;
  const version = (there ?? (await table.get(SCHEMA_KEY, { consistent: true })))?.version;
  if (typeof version === 'number' && version <= TABLE_SCHEMA_VERSION) return;
  if (typeof version !== 'number') {
    throw new PaperkeepError({
      code: 'TABLE_DAMAGED',
      message: `the table ${table.url} is damaged: the version of its layout is ${JSON.stringify(version)}`,
      hint: 'move it away, then replay the archive into a new table',
    });
  }
  throw new PaperkeepError({
    code: 'TABLE_NEWER',
    message: `the table ${table.url} was written by a newer paperkeep (schema ${version}, this one knows ${TABLE_SCHEMA_VERSION}); nothing was changed`,
    hint: 'update paperkeep, or set PAPERKEEP_TABLE to a new table and replay the archive into it',
  });
}

/** Marks a new table; without the right to write, that is left to others. */
async function markSchema(table: TableStore, mine: Item): Promise<boolean> {
  try {
    return await table.put(mine, { if: 'absent' });
  } catch (error) {
    if (error instanceof PaperkeepError && error.code === 'TABLE_FORBIDDEN') return true;
    throw error;
  }
}
