/** One page of a longer list. Cursors are opaque to the outside; inside they say where the next page begins. */
export type Paging = { readonly limit: number; readonly cursor: string | null };
/** A page: its items, and the cursor of the next (null when this was the last). */
export type Page<T> = { readonly items: readonly T[]; readonly cursor: string | null };

/** Makes a position opaque. */
export const asCursor = (position: string): string => Buffer.from(position).toString('base64url');
/** The position a cursor means. Garbage gives a position that is nowhere, hence an empty page. */
export const fromCursor = (cursor: string): string => Buffer.from(cursor, 'base64url').toString();

/** The page of a sorted list that begins behind the item whose name the cursor holds. */
export function pageOf<T>(items: readonly T[], nameOf: (item: T) => string, { limit, cursor }: Paging): Page<T> {
  const after = cursor === null ? -1 : items.findIndex((item) => nameOf(item) === fromCursor(cursor));
  const start = cursor !== null && after < 0 ? items.length : after + 1;
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  return { items: page, cursor: last !== undefined && start + limit < items.length ? asCursor(nameOf(last)) : null };
}
