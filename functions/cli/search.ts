import { type SearchQuestion, searchAnswer } from '../../shared/query/search.ts';
import { readWords } from '../../shared/query/words.ts';
import { counted } from '../../shared/render/words.ts';
import { openArchive } from './archive.ts';
import { numberFlag, rangeFlags, sourceFlag } from './arguments.ts';
import type { Run } from './commands.ts';
import { usage } from './context.ts';
import { clip, drawTable } from './table.ts';

/** As many papers as are shown unless told, and at most. */
const SHOWN = 100;
const MOST = 500;
const SORTS = ['relevance', 'date', 'upvotes'] as const;

/** `search`: papers by words and filters. */
export const runSearch: Run = async ({ settings, say }, [words], options) => {
  const question = questionOf(Array.isArray(words) ? words.join(' ') : '', options);
  const limit = numberFlag('--limit', options.limit, 1, MOST) ?? SHOWN;
  const { archive, close } = await openArchive(settings);
  try {
    const { answer } = await searchAnswer(archive, question, { limit, after: null });
    const { papers, total, sort } = answer;
    const rows = papers.map(({ id, title, upvotes, list, target, bestRank }) => [
      id,
      upvotes,
      list,
      target,
      bestRank,
      clip(title, 72),
    ]);
    const head = `${counted(total, 'paper')} by ${sort}${total > papers.length ? `, the first ${papers.length}` : ''}`;
    const columns = ['id', 'upvotes', 'list', 'target', 'best', 'title'];
    const text = papers.length === 0 ? head : `${head}\n\n${drawTable(columns, rows)}`;
    say(answer, archive.sample ? `SAMPLE: made-up papers\n\n${text}` : text);
    return 0;
  } finally {
    await close();
  }
};

function questionOf(text: string, options: Readonly<Record<string, unknown>>): SearchQuestion {
  const read = text === '' ? { terms: [] } : readWords(text);
  if ('wrong' in read) throw usage(`what to look for ${read.wrong}`, 'look for words: search "long reading"');
  const sort = SORTS.find((one) => one === options.sort) ?? null;
  if (options.sort !== undefined && sort === null)
    throw usage(`--sort ${String(options.sort)} is no order`, `give one of ${SORTS.join(', ')}`);
  return {
    q: text === '' ? null : text,
    terms: read.terms,
    list: sourceFlag(options.list),
    ...rangeFlags(options),
    minUpvotes: numberFlag('--min-upvotes', options.minUpvotes, 0),
    maxRank: numberFlag('--max-rank', options.maxRank, 1),
    sort,
  };
}
