import * as z from 'zod';
import type { Catalog } from '../catalog/sqlite.ts';
import { catalogPaper, catalogSource, type PaperRow } from './catalog-paper.ts';
import type { QueryContext } from './context.ts';
import { unknownPaper } from './errors.ts';
import { paperId } from './parameters.ts';
import { defineQuestion } from './question.ts';
import { BM25 } from './search.ts';
import { quotePhrase } from './search-text.ts';
import type { SimilarAnswer } from './similar.schema.ts';

/** How many papers are answered. */
const MAX_PAPERS = 10;
/** How many terms are searched for: the rarest. */
const MAX_TERMS = 16;
/** How many words of an abstract are tried, longest first: long words are mostly the rare ones. */
const MAX_ABSTRACT_WORDS = 30;
/** A term in more papers than this, or than a tenth of all (at least 5), distinguishes little and is slow to rank. */
const COMMON = 2000;

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
const wordsOf = (text: string): string[] => text.toLowerCase().match(WORD) ?? [];

/** The papers nearest to one. */
export const similarQuestion = defineQuestion({
  path: '/papers/:id/similar',
  summary: 'The papers that share most of what few others hold, nearest first, at most 10.',
  notFound: 'The paper was never seen.',
  parameters: z.object({ id: paperId }),
  answer: async () => (await import('./similar.schema.ts')).SimilarAnswer,
  run: (context, { id }) => getSimilarPapers(context, id),
});

/**
 * The papers nearest to one, at most 10, nearest first.
 *
 * @throws {NotFoundError} when it was never seen
 */
export async function getSimilarPapers(context: QueryContext, id: string): Promise<SimilarAnswer> {
  const catalog = await context.catalog();
  const [paper] = catalog.all<PaperRow>('SELECT * FROM papers WHERE id = ?', [id]);
  if (!paper) throw unknownPaper(id);
  const terms = rareTerms(catalog, paper);
  const found = terms.length === 0 ? [] : nearest(catalog, id, terms);
  return {
    id,
    title: paper.title,
    terms,
    papers: found.map(({ score, ...row }) => catalogPaper(row, { score })),
    total: found.length,
    next: null,
    ...catalogSource(catalog, context.sample),
  };
}

/** Keywords, words of the title and long words of the abstract that some other papers hold, but not many; rarest first. */
function rareTerms(catalog: Catalog, { title, abstract, keywords }: PaperRow): string[] {
  const named = (keywords === null ? [] : (JSON.parse(keywords) as string[])).map((name) => wordsOf(name).join(' '));
  const long = [...new Set(wordsOf(abstract ?? ''))].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const candidates = [...new Set([...named, ...wordsOf(title), ...long.slice(0, MAX_ABSTRACT_WORDS)])];
  const [count] = catalog.all<{ papers: number }>('SELECT count(*) AS papers FROM papers');
  const most = Math.min(COMMON, Math.max(5, (count?.papers ?? 0) / 10));
  return candidates
    .filter((term) => term !== '')
    .map((term) => ({ term, holders: holdersOf(catalog, term, most) }))
    .filter(({ holders }) => holders > 1 && holders <= most)
    .sort((a, b) => a.holders - b.holders || (a.term < b.term ? -1 : 1))
    .slice(0, MAX_TERMS)
    .map(({ term }) => term);
}

/** How many papers hold a term; counts no further than one more than `most`. */
function holdersOf(catalog: Catalog, term: string, most: number): number {
  const [row] = catalog.all<{ holders: number }>(
    'SELECT count(*) AS holders FROM (SELECT 1 FROM papers_fts WHERE papers_fts MATCH ? LIMIT ?)',
    [quotePhrase([term]), Math.floor(most) + 1],
  );
  return row?.holders ?? 0;
}

const nearest = (catalog: Catalog, id: string, terms: readonly string[]): (PaperRow & { score: number })[] =>
  catalog.all(
    `SELECT p.*, round(found.score, 6) AS score FROM (
        SELECT papers_fts.rowid AS place, -${BM25} AS score FROM papers_fts WHERE papers_fts MATCH ?
      ) AS found JOIN papers p ON p.rowid = found.place
      WHERE p.id <> ? AND p.id NOT LIKE '~%' ORDER BY found.score DESC, p.first_seen DESC, p.id LIMIT ?`,
    [terms.map((term) => quotePhrase([term])).join(' OR '), id, MAX_PAPERS],
  );
