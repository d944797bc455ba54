import * as z from 'zod';
import { mapConcurrent } from '../lib/concurrency.ts';
import { LAST_DAY } from '../lib/time.ts';
import { type ListName, listKind, WATCHED_SLUG } from '../model/list.ts';
import { readDaysNewestFirst, readDaysOldestFirst, readListMonths } from '../table/calendar.ts';
import type { QueryContext } from './context.ts';
import { encodeCursor } from './paging.ts';
import { paging } from './parameters.ts';
import { defineQuestion } from './question.ts';
import type { WatchedAnswer } from './watched.schema.ts';

/** A position is the slug of the search that was last. */
const parameters = z.object(paging(WATCHED_SLUG, 'agents'));

/** The saved searches that are or were captured. */
export const watchedSearchesQuestion = defineQuestion({
  path: '/watched',
  summary: 'The watched searches, by slug, with their first and newest day.',
  parameters,
  answer: async () => (await import('./watched.schema.ts')).WatchedAnswer,
  run: getWatchedSearches,
});

async function getWatchedSearches(
  { table, watched = [], sample }: QueryContext,
  { limit, cursor }: z.output<typeof parameters>,
): Promise<WatchedAnswer> {
  const known = new Set<ListName>([...watched, ...(await readListMonths(table)).keys()]);
  const lists = [...known].filter((list) => listKind(list) === 'watched').sort();
  const rest = lists.filter((list) => list > `watched:${cursor ?? ''}`);
  const page = rest.slice(0, limit);
  const searches = await mapConcurrent(page, async (list) => {
    const [oldest] = await Array.fromAsync(takeOne(readDaysOldestFirst(table, list)));
    const [newest] = await Array.fromAsync(takeOne(readDaysNewestFirst(table, list, LAST_DAY)));
    return {
      slug: list.slice('watched:'.length),
      list,
      current: watched.includes(list),
      first: oldest?.listDay.day ?? null,
      last: newest?.listDay.day ?? null,
    };
  });
  const last = searches.at(-1);
  const next = last !== undefined && rest.length > limit ? encodeCursor(last.slug) : null;
  return { watched: searches, total: lists.length, next, sample };
}

async function* takeOne<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const item of items) {
    yield item;
    return;
  }
}
