import * as z from 'zod';
import { LAST_DAY } from '../lib/time.ts';
import { type ListName, listKind } from '../model/list.ts';
import { readDaysNewestFirst, readDaysOldestFirst, readListMonths } from '../table/calendar.ts';
import type { QueryContext } from './context.ts';
import { defineQuestion } from './question.ts';
import type { WatchedAnswer } from './watched.schema.ts';

/** The saved searches that are or were captured. */
export const watchedSearchesQuestion = defineQuestion({
  path: '/watched',
  summary: 'The watched searches, with their first and newest day.',
  parameters: z.object({}),
  answer: async () => (await import('./watched.schema.ts')).WatchedAnswer,
  run: (context) => getWatchedSearches(context),
});

async function getWatchedSearches({ table, watched = [], sample }: QueryContext): Promise<WatchedAnswer> {
  const archived = [...(await readListMonths(table)).keys()].filter((list) => listKind(list) === 'watched');
  const lists = [...new Set<ListName>([...watched, ...archived])].sort();
  const answers = lists.map(async (list) => {
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
  return { watched: await Promise.all(answers), sample };
}

async function* takeOne<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const item of items) {
    yield item;
    return;
  }
}
