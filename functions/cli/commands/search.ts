import * as z from 'zod';
import { formatCount } from '../../../shared/lib/format.ts';
import * as params from '../../../shared/query/parameters.ts';
import type { SearchAnswer } from '../../../shared/query/schemas/search.ts';
import { searchPapers } from '../../../shared/query/search.ts';
import { defineCommand } from '../command.ts';
import { rangeFlags, toRange, valueFlag } from '../flags.ts';
import { clip, formatTable } from '../output.ts';
import { showAnswer } from '../show-answer.ts';

const searchWords = z.array(z.string()).transform((words, context) => {
  if (words.length === 0) return { text: null, terms: [] };
  const parsed = params.searchText.safeParse(words.join(' '));
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
      'words; also "a phrase", begin*, title:word, abstract:word, author:name, keyword:word, -word',
    ),
  }),
  flags: z.object({
    list: valueFlag(params.list.optional(), '<list>', 'listed on daily, trending or watched:<slug>'),
    ...rangeFlags,
    minUpvotes: valueFlag(params.minUpvotes.optional(), '<number>', 'with at least so many upvotes'),
    maxRank: valueFlag(params.maxRank.optional(), '<number>', 'with this best rank or a better one'),
    sort: valueFlag(params.searchSort.optional(), '<order>', 'relevance, date (first seen) or upvotes'),
    limit: valueFlag(params.limit, '<number>', 'show at most so many, up to 500 (default: 100)'),
  }),
  run: (context, { text, list, minUpvotes, maxRank, sort, limit, ...days }) => {
    const question = {
      q: text.text,
      terms: text.terms,
      list: list ?? null,
      ...toRange(days),
      minUpvotes: minUpvotes ?? null,
      maxRank: maxRank ?? null,
      sort: sort ?? null,
    };
    return showAnswer(context, async (query) => {
      const { answer } = await searchPapers(query, question, { limit, after: null });
      return { answer, text: formatFound(answer) };
    });
  },
});

function formatFound({ papers, total, sort }: SearchAnswer): string {
  const head = `${formatCount(total, 'paper')} by ${sort}${total > papers.length ? `, the first ${papers.length}` : ''}`;
  if (papers.length === 0) return head;
  const columns = ['id', 'upvotes', 'list', 'day', 'best', 'title'];
  const rows = papers.map(({ id, title, upvotes, list, day, bestRank }) => [
    id,
    upvotes,
    list,
    day,
    bestRank,
    clip(title, 72),
  ]);
  return `${head}\n\n${formatTable(columns, rows)}`;
}
