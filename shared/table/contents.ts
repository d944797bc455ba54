import type { PaperContent } from '../model/listing.ts';
import { contentKey, formatKey, type PaperKey } from './keys.ts';
import type { Item, TableStore } from './store.ts';

/** True for an item that holds a content of a paper. */
export const isContentItem = ({ sk }: Item): boolean => sk.startsWith('CONTENT#');
/** The hash of a content, from the item that holds it. */
export const contentItemHash = ({ sk }: Item): string => sk.slice('CONTENT#'.length);
/** Reads a content back from the table. The feed's empty keyword does not count: a paper that has no other has unknown keywords. */
export function decodeContent({ pk: _pk, sk: _sk, ...stored }: Item): PaperContent {
  const content = stored as unknown as PaperContent;
  if (!content.keywords?.includes('')) return content;
  const keywords = content.keywords.filter((keyword) => keyword !== '');
  return { ...content, keywords: keywords.length > 0 ? keywords : null };
}

/** Names a content: the paper, and the hash of its content. */
export type ContentRef = { readonly paper: PaperKey; readonly hash: string };

/** Reads contents in the order of `refs`; null where the table has none. */
export async function readContents(table: TableStore, refs: readonly ContentRef[]): Promise<(PaperContent | null)[]> {
  const keys = refs.map(({ paper, hash }) => contentKey(paper, hash));
  const found = new Map((await table.getMany(keys)).map((item) => [formatKey(item), decodeContent(item)]));
  return keys.map((key) => found.get(formatKey(key)) ?? null);
}
