import * as z from 'zod';
import { type ListName, listKind } from '../../../../shared/model/list.ts';
import * as params from '../../../../shared/query/parameters.ts';
import { readListMonths } from '../../../../shared/table/calendar.ts';
import type { TableStore } from '../../../../shared/table/store.ts';
import { defineCommand } from '../../command.ts';
import { type Context, usageError } from '../../context.ts';
import { dayArgument, valueFlag } from '../../flags.ts';
import { showAnswer } from '../../show-answer.ts';
import { answerList, listFlags } from './list-text.ts';

/** `show watched`: the list of a watched search, the newest or the last of a day. */
export const showWatched = defineCommand({
  name: 'show watched',
  summary: 'Shows the list of a watched search; with DAY the last one of that day.',
  examples: ['show watched agents', 'show watched agents yesterday'],
  args: z.object({
    slug: valueFlag(params.watchedSlug, 'slug', 'name of the search in PAPERKEEP_WATCH'),
    day: dayArgument,
  }),
  flags: listFlags,
  run: (context, { slug, ...input }) =>
    showAnswer(context, async (query) => {
      const list: ListName = `watched:${slug}`;
      await requireKnownSearch(context, query.table, list);
      return answerList(query, list, input);
    }),
});

/** Refuses a search that is neither watched nor archived. */
async function requireKnownSearch({ lists }: Context, table: TableStore, list: ListName): Promise<void> {
  const known = [...lists.map(({ name }) => name), ...(await readListMonths(table)).keys()];
  if (known.includes(list)) return;
  const searches = [...new Set(known.filter((name) => listKind(name) === 'watched'))];
  const slugs = searches.map((name) => name.slice('watched:'.length));
  throw usageError(
    `no search named ${list.slice('watched:'.length)} is watched or archived`,
    slugs.length > 0 ? `name one of ${slugs.join(', ')}` : 'add it to PAPERKEEP_WATCH',
  );
}
