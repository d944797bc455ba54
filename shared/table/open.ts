import { PaperkeepError } from '../lib/errors.ts';
import type { Item, Key, TableStore } from './store.ts';

/** The layout of the table that this version reads and writes; raised when older code could no longer work with it. */
export const TABLE_SCHEMA_VERSION = 1;

/** Where the table says its layout's version. It is no record of the feed: comparisons leave it out. */
export const SCHEMA_KEY: Key = { pk: 'META', sk: 'SCHEMA' };

/** The item that marks a table of made-up papers: they stay made up, whoever opens it. */
const SAMPLE_ITEM: Key = { pk: SCHEMA_KEY.pk, sk: 'SAMPLE' };
/** Marks a table as one of made-up papers. */
export const markAsSample = async (table: TableStore): Promise<void> => {
  await table.put({ ...SAMPLE_ITEM });
};
/** True for a table of made-up papers. */
export const isSampleTable = async (table: TableStore): Promise<boolean> => (await table.get(SAMPLE_ITEM)) !== null;

/**
 * Opens the table that a setting names: `sqlite:<path>` (`sqlite:///abs` too) or `dynamodb:<table>`.
 * A new table is marked with the layout's version; one that a newer paperkeep wrote is refused (TABLE_NEWER) and left as it is.
 */
export async function openTable(url: string): Promise<TableStore> {
  const table = await storeOf(url);
  try {
    await checkSchema(table);
    return table;
  } catch (error) {
    await table.close();
    throw error;
  }
}

// Each is loaded when it is asked for: the AWS SDK alone takes longer to load than most local commands to run.
async function storeOf(url: string): Promise<TableStore> {
  const path = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1];
  if (path) return (await import('./sqlite.ts')).openSqliteTable(path);
  // the characters and the length of a table's name that DynamoDB allows
  const table = /^dynamodb:([\w.-]{3,255})$/.exec(url)?.[1];
  if (table) return (await import('./dynamo.ts')).openDynamoTable(table);
  throw new PaperkeepError({
    code: 'BAD_SETTING',
    message: `"${url}" names no table`,
    hint: 'set PAPERKEEP_TABLE to sqlite:<path> or dynamodb:<table>',
  });
}

async function checkSchema(table: TableStore): Promise<void> {
  const mine: Item = { ...SCHEMA_KEY, version: TABLE_SCHEMA_VERSION };
  const there = await table.get(SCHEMA_KEY, { consistent: true });
  if (!there && (await marked(table, mine))) return;
  const version = (there ?? (await table.get(SCHEMA_KEY, { consistent: true })))?.version;
  if (typeof version === 'number' && version <= TABLE_SCHEMA_VERSION) return;
  throw new PaperkeepError({
    code: 'TABLE_NEWER',
    message: `the table ${table.url} was written by a newer paperkeep (schema ${version}, this one knows ${TABLE_SCHEMA_VERSION}); nothing was changed`,
    hint: 'update paperkeep, or set PAPERKEEP_TABLE to a new table and replay the archive into it',
  });
}

/** Marks a new table; who may only read leaves it to those who write. */
async function marked(table: TableStore, mine: Item): Promise<boolean> {
  try {
    return await table.put(mine, { if: 'absent' });
  } catch (error) {
    if (error instanceof PaperkeepError && error.code === 'TABLE_FORBIDDEN') return true;
    throw error;
  }
}
