/** The ids of a page's entries, in the feed's own spelling; undefined where an entry has none. */
export const entryIds = (entries: readonly unknown[]): unknown[] =>
  entries.map((entry) => (entry as { paper?: { id?: unknown } } | null)?.paper?.id);

/**
 * True for a page that only repeats: all its ids came before, and that is how the feed pages rather than a list that moved between two
 * requests. It shows in a page that is full (the feed heeds no page number), or in one before it that was longer than asked for (it
 * heeds no limit).
 *
 * @param most How many entries a page was asked to have at most.
 */
export function isRepeatedPage(
  ids: readonly unknown[],
  before: readonly (readonly unknown[])[],
  most: number,
): boolean {
  if (ids.length < most && !before.some(({ length }) => length > most)) return false;
  const seen = new Set(before.flat());
  return ids.length > 0 && ids.every((id) => id !== undefined && seen.has(id));
}
