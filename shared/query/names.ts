/** Authors, organizations and keywords: the index of each, and the papers under one name. */
import * as z from 'zod';
import { fullNameSql, PAPERS_WITH_KEYWORD } from '../catalog/sql.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import type { Day } from '../lib/time.ts';
import { foldKeyword, plainSlugOf, slugOf } from '../model/paper.ts';
import type { IndexKind } from '../table/keys.ts';
import { catalogPaper, catalogSource, PAPER_COLUMNS, type PaperRow } from './catalog-paper.ts';
import type { ReadFrom } from './common.schema.ts';
import type { QueryContext } from './context.ts';
import { NotFoundError } from './errors.ts';
import type { NamePapersAnswer, NamesAnswer } from './names.schema.ts';
import { pageItems } from './paging.ts';
import { dateRange, endsAfterStart, orNull, paging, slug, words } from './parameters.ts';
import { defineQuestion } from './question.ts';
import { pageRanked, parsePosition, RANKED_CURSOR_PATTERN } from './ranked.ts';

const indexParameters = z.object({
  q: orNull(words({ description: 'how the names begin, in any case, with or without accents', examples: ['ada'] })),
  ...paging(RANKED_CURSOR_PATTERN, '3#ada-lovelace'),
});

const indexQuestion = (kind: IndexKind, summary: string) =>
  defineQuestion({
    path: `/${kind}s`,
    summary,
    parameters: indexParameters,
    answer: async () => (await import('./names.schema.ts')).NamesAnswer,
    run: (context, asked) => getNames(context, kind, asked),
  });
/** The index of authors. */
export const authorsQuestion = indexQuestion('author', 'Authors by number of papers.');
/** The index of organizations. */
export const organizationsQuestion = indexQuestion('organization', 'Organizations by number of papers.');
/** The index of keywords. */
export const keywordsQuestion = indexQuestion('keyword', 'Keywords by number of papers.');

const BEGINS: Readonly<Record<IndexKind, string>> = {
  author: ' AND plain_slug BETWEEN ? AND ?',
  organization: ' AND plain_slug BETWEEN ? AND ?',
  // any of its spellings
  keyword: ' AND plain_slug IN (SELECT plain_slug FROM paper_keywords WHERE slug BETWEEN ? AND ?)',
};

/** Authors, organizations or keywords, those with most papers first; with `q` those whose slugs begin with that of `q`. */
export async function getNames(
  context: QueryContext,
  kind: IndexKind,
  { q, limit, cursor }: z.output<typeof indexParameters>,
): Promise<NamesAnswer> {
  const catalog = await context.catalog();
  const prefix = kind === 'keyword' ? slugOf(q ?? '') : plainSlugOf(q ?? '');
  // without q, the index by papers gives a page without sorting all names
  const begins = q === null ? '' : BEGINS[kind];
  const asked = [kind, ...(q === null ? [] : [prefix, `${prefix}\u{10ffff}`])];
  const [count] = catalog.all<{ total: number }>(`SELECT count(*) AS total FROM names WHERE kind = ?${begins}`, asked);
  const after = cursor === null ? null : parsePosition(cursor);
  const rows = catalog.all<{ id: string; name: string; value: number }>(
    `SELECT plain_slug AS id, name, papers AS value FROM names WHERE kind = ?${begins}
      ${after ? 'AND papers <= ? AND (papers < ? OR plain_slug > ?)' : ''} ORDER BY papers DESC, plain_slug LIMIT ?`,
    [...asked, ...(after ? [after.value, after.value, after.id] : []), limit + 1],
  );
  const { items, next } = pageRanked(rows, { limit, cursor: null });
  return {
    kind,
    q,
    names: items.map(({ id, name, value }) => ({
      slug: slugOf(name),
      name,
      fullname: kind === 'organization' ? fullNameOf(catalog, id) : null,
      papers: value,
    })),
    total: count?.total ?? 0,
    next,
    ...catalogSource(catalog, context.sample),
  };
}

const fullNameOf = (catalog: Catalog, slug: string): string | null =>
  catalog.all<{ name: string | null }>(`SELECT ${fullNameSql('?')} AS name`, [slug])[0]?.name ?? null;

/** What a position looks like: the day and the id of the paper that was last. */
const POSITION = /^\d{4}-\d\d-\d\d#./;

const parameters = z.object({ slug, ...dateRange, ...paging(POSITION, '2025-01-08#2501.04519') });

const papersQuestion = (kind: IndexKind, summary: string) =>
  defineQuestion({
    path: `/${kind}s/:slug`,
    costClass: 'slow',
    summary,
    notFound: 'The name was never seen.',
    parameters,
    rules: [endsAfterStart],
    answer: async () => (await import('./names.schema.ts')).NamePapersAnswer,
    run: (context, asked) => getPapersOfName(context, { kind, ...asked }),
  });
/** The papers of an author. */
export const authorQuestion = papersQuestion('author', 'The papers of an author, newest first.');
/** The papers of an organization. */
export const organizationQuestion = papersQuestion('organization', 'The papers of an organization, newest first.');
/** The papers with a keyword. */
export const keywordQuestion = papersQuestion('keyword', 'The papers of a keyword, newest first.');

/** The SELECT of the rowids of the papers of a name, which is given by its slug to compare by. */
const PAPERS_OF: Readonly<Record<IndexKind, string>> = {
  author: 'SELECT papers.rowid FROM paper_authors JOIN papers ON id = paper_id WHERE plain_slug = ?',
  organization: 'SELECT rowid FROM papers WHERE organization_slug = ?',
  keyword: PAPERS_WITH_KEYWORD,
};

/**
 * The papers of an author, an organization or a keyword, newest first by the day of their daily list, else of their publication. An author here
 * is a name, not an identity.
 *
 * @throws {NotFoundError} when the name was never seen
 */
export async function getPapersOfName(
  context: QueryContext,
  { kind, slug, from, to, ...paging }: { kind: IndexKind } & z.output<typeof parameters>,
): Promise<NamePapersAnswer> {
  const catalog = await context.catalog();
  const plainSlug = kind === 'keyword' ? foldKeyword(slug) : plainSlugOf(slug);
  const [known] = catalog.all<{ name: string }>('SELECT name FROM names WHERE kind = ? AND plain_slug = ?', [
    kind,
    plainSlug,
  ]);
  if (!known) throw new NotFoundError('NEVER_SEEN', `no paper of the ${kind} ${slug} was seen`);
  const places = catalog.all<{ id: string; day: Day }>(
    `SELECT id, day FROM papers INDEXED BY papers_by_day WHERE +rowid IN (${PAPERS_OF[kind]}) AND day BETWEEN ? AND ?
      ORDER BY day DESC, id DESC`,
    [plainSlug, from ?? '', to ?? '~'],
  );
  const page = pageItems(places, ({ day, id }) => `${day}#${id}`, paging);
  const ids = JSON.stringify(page.items.map(({ id }) => id));
  const rows = catalog.all<PaperRow>(
    `SELECT ${PAPER_COLUMNS} FROM papers WHERE id IN (SELECT value FROM json_each(?)) ORDER BY day DESC, id DESC`,
    [ids],
  );
  return {
    kind,
    slug,
    name: known.name,
    from,
    to,
    papers: rows.map((row) => catalogPaper(row, {})),
    coverage: { lists: dailyCoverage(catalog, ids) },
    total: places.length,
    next: page.next,
    sample: context.sample,
  };
}

/** What was captured of the daily lists that papers were on. */
const dailyCoverage = (catalog: Catalog, ids: string): ReadFrom['lists'] =>
  catalog.all<ReadFrom['lists'][number]>(
    `SELECT list, count(*) AS days, sum(captures) AS captures, sum(failures) AS failures, min(first) AS first, max(last) AS last
        FROM coverage WHERE list = 'daily' AND day IN (
          SELECT listed_on FROM papers WHERE id IN (SELECT value FROM json_each(?))) GROUP BY list`,
    [ids],
  );
