/** One page of a longer list: at most `limit` items, after the position `cursor` where the page before ended (null: from the top). */
export type Paging = { readonly limit: number; readonly cursor: string | null };
/** A page: its items, and the cursor of the next page (null when this was the last). */
export type Page<T> = { readonly items: readonly T[]; readonly next: string | null };

/** So many items that a page holds all there are. DynamoDB takes it for a limit, too. */
export const ALL_ITEMS = 1_000_000_000;

/** The opaque cursor of a position. */
export const encodeCursor = (position: string): string => Buffer.from(position).toString('base64url');

/** The position that a cursor holds; null for text that is no cursor. */
export function decodeCursor(cursor: string): string | null {
  const position = Buffer.from(cursor, 'base64url').toString();
  return encodeCursor(position) === cursor ? position : null;
}

/** The page of a list that is sorted by position, by default last position first. A position whose item is gone is still a position. */
export function pageItems<T>(
  items: readonly T[],
  positionOf: (item: T) => string,
  { limit, cursor }: Paging,
  order: 'ascending' | 'descending' = 'descending',
): Page<T> {
  const isAfter = (position: string, end: string) => (order === 'ascending' ? position > end : position < end);
  const rest = cursor === null ? items : items.filter((item) => isAfter(positionOf(item), cursor));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { items: page, next: last !== undefined && rest.length > limit ? encodeCursor(positionOf(last)) : null };
}
