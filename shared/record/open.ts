import { PaperkeepError } from '../kit/errors.ts';
import type { Item, Key, Records } from './records.ts';

/** The layout of the table that this version reads and writes; raised when older code could no longer work with it. */
export const SCHEMA_VERSION = 1;

/** Where the table says its layout's version. It is no record of the feed: comparisons leave it out. */
export const SCHEMA_ITEM: Key = { pk: 'META', sk: 'SCHEMA' };

/** The item that marks a table of made-up papers: they stay made up, whoever opens it. */
const SAMPLE_ITEM: Key = { pk: SCHEMA_ITEM.pk, sk: 'SAMPLE' };
/** Marks a table as one of made-up papers. */
export const markSample = async (records: Records): Promise<void> => {
  await records.put({ ...SAMPLE_ITEM });
};
/** True for a table of made-up papers. */
export const isSample = async (records: Records): Promise<boolean> => (await records.get(SAMPLE_ITEM)) !== null;

/**
 * Opens the table that a setting names: `sqlite:<path>` (`sqlite:///abs` too) or `dynamodb:<table>`.
 * A new table is marked with the layout's version; one that a newer paperkeep wrote is refused (TABLE_NEWER) and left as it is.
 */
export async function openRecords(url: string): Promise<Records> {
  const records = await storeOf(url);
  try {
    await checkSchema(records);
    return records;
  } catch (error) {
    await records.close();
    throw error;
  }
}

// Each is loaded when it is asked for: the AWS SDK alone takes longer to load than most local commands to run.
async function storeOf(url: string): Promise<Records> {
  const path = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1];
  if (path) return (await import('./sqlite.ts')).sqliteRecords(path);
  // the characters and the length of a table's name that DynamoDB allows
  const table = /^dynamodb:([\w.-]{3,255})$/.exec(url)?.[1];
  if (table) return (await import('./dynamo.ts')).openDynamo(table);
  throw new PaperkeepError(
    'BAD_SETTING',
    `"${url}" names no table`,
    'set PAPERKEEP_TABLE to sqlite:<path> or dynamodb:<table>',
    2,
  );
}

async function checkSchema(records: Records): Promise<void> {
  const mine: Item = { ...SCHEMA_ITEM, version: SCHEMA_VERSION };
  const there = await records.get(SCHEMA_ITEM, { consistent: true });
  if (!there && (await marked(records, mine))) return;
  const version = (there ?? (await records.get(SCHEMA_ITEM, { consistent: true })))?.version;
  if (typeof version === 'number' && version <= SCHEMA_VERSION) return;
  throw new PaperkeepError(
    'TABLE_NEWER',
    `the table ${records.url} was written by a newer paperkeep (schema ${version}, this one knows ${SCHEMA_VERSION}); nothing was changed`,
    'update paperkeep, or point PAPERKEEP_TABLE at a new table and run `paperkeep replay`',
  );
}

/** Marks a new table; who may only read leaves it to those who write. */
async function marked(records: Records, mine: Item): Promise<boolean> {
  try {
    return await records.put(mine, { if: 'absent' });
  } catch (error) {
    if (error instanceof PaperkeepError && error.code === 'TABLE_FORBIDDEN') return true;
    throw error;
  }
}
