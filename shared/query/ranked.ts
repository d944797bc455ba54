import { encodeCursor, type Page, type Paging } from './paging.ts';

/** An item of a ranking: by value, most first, unknown last; then by id. */
export type RankedValue = { readonly value: number | null; readonly id: string };

/** What a position in a ranking looks like: the value (none: unknown) and the id of the one that was last. */
export const RANKED_CURSOR_PATTERN = /^(?:-?\d+(?:\.\d+)?(?:e-\d+)?)?#./;

/** Compares two items of a ranking. */
export function compareRanked(a: RankedValue, b: RankedValue): number {
  if (a.value !== b.value) return a.value === null ? 1 : b.value === null ? -1 : b.value - a.value;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** A page of a ranking in its order, with the place (from 1) of its first; a position whose item is gone is still a position. */
export function pageRanked<T extends RankedValue>(
  ranking: readonly T[],
  { limit, cursor }: Paging,
): Page<T> & { place: number } {
  const before = cursor === null ? null : parsePosition(cursor);
  const begin = before === null ? 0 : ranking.findIndex((item) => compareRanked(item, before) > 0);
  const items = begin < 0 ? [] : ranking.slice(begin, begin + limit);
  const last = items.at(-1);
  const more = begin >= 0 && begin + limit < ranking.length;
  return { items, place: begin + 1, next: last && more ? encodeCursor(`${last.value ?? ''}#${last.id}`) : null };
}

/** Parses a position of a ranking. */
export function parsePosition(position: string): RankedValue {
  const at = position.indexOf('#');
  return { value: at === 0 ? null : Number(position.slice(0, at)), id: position.slice(at + 1) };
}
