import * as z from 'zod';
import * as params from '../../../../shared/query/parameters.ts';
import { defineCommand } from '../../command.ts';
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
    showAnswer(context, (query) => answerList(query, `watched:${slug}`, input), `watched:${slug}`),
});
