import * as z from 'zod';
import { mapConcurrent } from '../lib/concurrency.ts';
import { LAST_DAY } from '../lib/time.ts';
import { type ListName, listKind, searchSlug, WATCHED_SLUG } from '../model/list.ts';
import { readDaysNewestFirst, readDaysOldestFirst, readListMonths } from '../table/calendar.ts';
import type { QueryContext } from './context.ts';
import { pageItems } from './paging.ts';
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
  page: z.output<typeof parameters>,
): Promise<WatchedAnswer> {
  const known = new Set<ListName>([...watched, ...(await readListMonths(table)).keys()]);
  const lists = [...known].filter((list) => listKind(list) === 'watched').sort();
  const { items, next } = pageItems(lists, searchSlug, page, 'ascending');
  const searches = await mapConcurrent(items, async (list) => {
    const [oldest] = await Array.fromAsync(takeOne(readDaysOldestFirst(table, list)));
    const [newest] = await Array.fromAsync(takeOne(readDaysNewestFirst(table, list, LAST_DAY)));
    return {
      slug: searchSlug(list),
      list,
      current: watched.includes(list),
      first: oldest?.listDay.day ?? null,
      last: newest?.listDay.day ?? null,
    };
  });
  return { watched: searches, total: lists.length, next, sample };
}

async function* takeOne<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const item of items) {
    yield item;
    return;
  }
}
