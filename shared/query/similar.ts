import type { Catalog } from '../catalog/sqlite.ts';
import { catalogPaper, catalogSource, type PaperRow } from './catalog-paper.ts';
import type { QueryContext } from './context.ts';
import type { SimilarAnswer } from './schemas/search.ts';
import { BM25 } from './search.ts';
import { quotePhrase } from './search-text.ts';

/** As many papers as are named. */
const NAMED = 10;
/** As many terms as are looked for: the rarest. */
const TERMS = 16;
/** As many words of an abstract as are tried, longest first: long words are mostly the rare ones. */
const FROM_ABSTRACT = 30;
/** A term that more papers hold than this, or than a tenth of all (at least 5), does not tell much, and costs much to rank. */
const COMMON = 2000;

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
const wordsOf = (text: string): string[] => text.toLowerCase().match(WORD) ?? [];

/** The papers nearest to one, at most 10, nearest first; null when it was never seen. */
export async function getSimilarPapers(context: QueryContext, id: string): Promise<SimilarAnswer | null> {
  const catalog = await context.catalog();
  const [paper] = catalog.all<PaperRow>('SELECT * FROM papers WHERE id = ?', [id]);
  if (!paper) return null;
  const terms = tellingTerms(catalog, paper);
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
function tellingTerms(catalog: Catalog, { title, abstract, keywords }: PaperRow): string[] {
  const named = (keywords === null ? [] : (JSON.parse(keywords) as string[])).map((name) => wordsOf(name).join(' '));
  const long = [...new Set(wordsOf(abstract ?? ''))].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const candidates = [...new Set([...named, ...wordsOf(title), ...long.slice(0, FROM_ABSTRACT)])];
  const [count] = catalog.all<{ papers: number }>('SELECT count(*) AS papers FROM papers');
  const most = Math.min(COMMON, Math.max(5, (count?.papers ?? 0) / 10));
  return candidates
    .filter((term) => term !== '')
    .map((term) => ({ term, holders: holdersOf(catalog, term, most) }))
    .filter(({ holders }) => holders > 1 && holders <= most)
    .sort((a, b) => a.holders - b.holders || (a.term < b.term ? -1 : 1))
    .slice(0, TERMS)
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
      WHERE p.id <> ? ORDER BY found.score DESC, p.first_seen DESC, p.id LIMIT ?`,
    [terms.map((term) => quotePhrase([term])).join(' OR '), id, NAMED],
  );
