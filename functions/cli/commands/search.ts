import { formatCount } from '../../../shared/lib/format.ts';
import { type SearchQuestion, searchPapers } from '../../../shared/query/search.ts';
import { parseSearchText } from '../../../shared/query/search-text.ts';
import { usageError } from '../context.ts';
import { listFlag, numberFlag, rangeFlags } from '../flags.ts';
import { openQueryContext } from '../open-archive.ts';
import { clip, formatTable } from '../output.ts';
import type { Run } from '../program.ts';

/** As many papers as are shown unless told, and at most. */
const SHOWN = 100;
const MOST = 500;
const SORTS = ['relevance', 'date', 'upvotes'] as const;

/** `search`: papers by words and filters. */
export const runSearch: Run = async ({ settings, say }, [words], options) => {
  const question = questionOf(Array.isArray(words) ? words.join(' ') : '', options);
  const limit = numberFlag('--limit', options.limit, 1, MOST) ?? SHOWN;
  const { context, close } = await openQueryContext(settings);
  try {
    const { answer } = await searchPapers(context, question, { limit, after: null });
    const { papers, total, sort } = answer;
    const rows = papers.map(({ id, title, upvotes, list, day, bestRank }) => [
      id,
      upvotes,
      list,
      day,
      bestRank,
      clip(title, 72),
    ]);
    const head = `${formatCount(total, 'paper')} by ${sort}${total > papers.length ? `, the first ${papers.length}` : ''}`;
    const columns = ['id', 'upvotes', 'list', 'day', 'best', 'title'];
    const text = papers.length === 0 ? head : `${head}\n\n${formatTable(columns, rows)}`;
    say(answer, context.sample ? `SAMPLE: made-up papers\n\n${text}` : text);
    return 0;
  } finally {
    await close();
  }
};

function questionOf(text: string, options: Readonly<Record<string, unknown>>): SearchQuestion {
  const read = text === '' ? { terms: [] } : parseSearchText(text);
  if ('wrong' in read) throw usageError(`what to look for ${read.wrong}`, 'look for words: search "long reading"');
  const sort = SORTS.find((one) => one === options.sort) ?? null;
  if (options.sort !== undefined && sort === null)
    throw usageError(`--sort ${String(options.sort)} is no order`, `give one of ${SORTS.join(', ')}`);
  return {
    q: text === '' ? null : text,
    terms: read.terms,
    list: listFlag(options.list),
    ...rangeFlags(options),
    minUpvotes: numberFlag('--min-upvotes', options.minUpvotes, 0),
    maxRank: numberFlag('--max-rank', options.maxRank, 1),
    sort,
  };
}
