import type { Day } from '../lib/time.ts';
import { parseFeedDate } from './feed-urls.ts';

/** The ids of a page's entries as the feed spells them; undefined where an entry has none. */
export const entryIds = (entries: readonly unknown[]): unknown[] =>
  entries.map((entry) => (entry as { paper?: { id?: unknown } } | null)?.paper?.id);

/** The list day that an entry says it was submitted for; null where it does not say (before 2025-03-17 none does). */
export const entryDay = (entry: unknown): Day | null =>
  parseFeedDate(String((entry as { paper?: { submittedOnDailyAt?: unknown } } | null)?.paper?.submittedOnDailyAt));

/**
 * True for a page that only repeats earlier ones because the feed ignores a parameter: the page is full (the feed ignores the page number),
 * or an earlier one was longer than requested (it ignores the limit). A short repeated page is a list that moved between two requests.
 *
 * @param most The limit that was requested, in entries per page.
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
