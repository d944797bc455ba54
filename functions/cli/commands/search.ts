import * as z from 'zod';
import { formatCount } from '../../../shared/lib/format.ts';
import type { SearchAnswer } from '../../../shared/query/search.schema.ts';
import { searchPapers, searchQuestion } from '../../../shared/query/search.ts';
import { defineCommand } from '../command.ts';
import { rangeFlags, switchFlag, toRange, valueFlag } from '../flags.ts';
import { formatSection, titleColumn } from '../output.ts';
import { showAnswer } from '../show-answer.ts';

const flags = searchQuestion.parameters.shape;

const searchWords = z.array(z.string()).transform((words, context) => {
  const parsed = flags.q.safeParse(words.length === 0 ? undefined : words.join(' '));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: parsed.error.issues[0]?.message ?? '' });
  return z.NEVER;
});

/** `search`: papers by words and filters. */
export const search = defineCommand({
  name: 'search',
  summary: 'Finds papers by words in title, abstract, authors and keywords, and by where they were listed.',
  examples: ['search long tables', 'search \'"long reading" author:ada\' --list daily --max-rank 3'],
  args: z.object({
    text: valueFlag(
      searchWords,
      'text',
      'words; also "a phrase", begin*, title:word, abstract:word, author:name, keyword:word, -word, OR, parentheses',
    ),
  }),
  flags: z.object({
    list: valueFlag(flags.list, '<list>', 'listed on daily, trending or watched:<slug>'),
    ...rangeFlags,
    minUpvotes: valueFlag(flags.minUpvotes, '<number>', 'with at least this many upvotes'),
    maxRank: valueFlag(flags.maxRank, '<number>', 'with this best rank or a better one'),
    keyword: valueFlag(flags.keyword, '<slug>', 'with this keyword'),
    organization: valueFlag(flags.organization, '<slug>', 'of this organization'),
    code: switchFlag('only papers with a GitHub repository'),
    sort: valueFlag(flags.sort, '<order>', 'relevance, date (first seen) or upvotes'),
    limit: valueFlag(flags.limit, '<number>', 'show at most this many, up to 500 (default: 100)'),
  }),
  run: (context, { text: q, code, ...filters }) =>
    showAnswer(
      context,
      async (query) => {
        const answer = await searchPapers(query, {
          q,
          ...filters,
          code: code ? 'true' : null,
          ...toRange(filters),
          cursor: null,
        });
        return { answer, text: formatFound(answer) };
      },
      filters.list,
    ),
});

function formatFound({ papers, total, sort }: SearchAnswer): string {
  const head = `${formatCount(total, 'paper')} by ${sort}${total > papers.length ? `, the first ${papers.length}` : ''}`;
  const best = ['best', 'bestRank'] as const;
  return formatSection(head, papers, ['id', 'upvotes', 'list', 'day', best, titleColumn(72)]);
}
