/** One page of a longer list: at most `limit` items, behind the position where the page before ended (null: from the top). */
export type Paging = { readonly limit: number; readonly after: string | null };
/** A page: its items, and the cursor of the next (null when this was the last). */
export type Page<T> = { readonly items: readonly T[]; readonly cursor: string | null };

/** Makes a position opaque. */
export const encodeCursor = (position: string): string => Buffer.from(position).toString('base64url');

/** The position that a cursor means; null if it is not one of ours. */
export function decodeCursor(cursor: string): string | null {
  const position = Buffer.from(cursor, 'base64url').toString();
  return encodeCursor(position) === cursor ? position : null;
}

/** The page of a list that is sorted by name, last name first. A position whose item is gone is still a position. */
export function pageItems<T>(items: readonly T[], nameOf: (item: T) => string, { limit, after }: Paging): Page<T> {
  const rest = after === null ? items : items.filter((item) => nameOf(item) < after);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { items: page, cursor: last !== undefined && rest.length > limit ? encodeCursor(nameOf(last)) : null };
}
