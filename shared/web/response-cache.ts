import type { QueryContext } from '../query/context.ts';

/** The most replies that are kept: those of pages that many people open at once. */
const MAX_REPLIES = 32;

/**
 * Shares one reply among all requests for the same URL in one second of an unchanged table, so that a page which many people open at once
 * costs what one costs. Nothing is kept where the table does not report its changes, and no failure is.
 */
export function createResponseCache({
  table,
  clock,
}: QueryContext): <T>(url: string, reply: () => Promise<T>) => Promise<T> {
  let state = '';
  const replies = new Map<string, Promise<unknown>>();
  return <T>(url: string, reply: () => Promise<T>) => {
    if (!table.stamp) return reply();
    const now = `${clock()} ${table.stamp()}`;
    if (now !== state || replies.size >= MAX_REPLIES) replies.clear();
    state = now;
    const known = replies.get(url) as Promise<T> | undefined;
    if (known) return known;
    const replied = reply();
    replies.set(url, replied);
    replied.catch(() => replies.delete(url));
    return replied;
  };
}
