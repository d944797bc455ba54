import * as z from 'zod';
import { slugOf } from '../model/paper.ts';
import type { IndexKind } from '../table/keys.ts';
import { catalogSource } from './catalog-paper.ts';
import type { QueryContext } from './context.ts';
import type { NamesAnswer } from './names.schema.ts';
import { orNull, paging, parsed } from './parameters.ts';
import { defineQuestion } from './question.ts';
import { compareRanked, pageRanked, RANKED_CURSOR_PATTERN } from './ranked.ts';

const parameters = z.object({
  q: orNull(
    parsed<string>((text) => (slugOf(text) === '' ? null : text), 'must hold a letter or a digit', {
      description: 'how the names begin, in any case, with or without accents',
      examples: ['ada'],
    }),
  ),
  ...paging(RANKED_CURSOR_PATTERN),
});

const namesQuestion = (kind: IndexKind, summary: string) =>
  defineQuestion({
    path: `/${kind}s`,
    summary,
    parameters,
    answer: async () => (await import('./names.schema.ts')).NamesAnswer,
    run: (context, asked) => getNames(context, kind, asked),
  });
/** The index of authors. */
export const authorsQuestion = namesQuestion('author', 'Authors by number of papers.');
/** The index of organizations. */
export const organizationsQuestion = namesQuestion('organization', 'Organizations by number of papers.');
/** The index of keywords. */
export const keywordsQuestion = namesQuestion('keyword', 'Keywords by number of papers.');

/** Names and their papers. New papers have greater ids than older ones, so that the greatest id of a name has its newest spelling. */
const COUNTED: Readonly<Record<IndexKind, string>> = {
  author: 'SELECT name, slug, count(DISTINCT paper_id) AS papers, max(paper_id) FROM paper_authors GROUP BY slug',
  keyword:
    'SELECT keyword AS name, slug, count(DISTINCT paper_id) AS papers, max(paper_id) FROM paper_keywords GROUP BY slug',
  organization:
    'SELECT organization AS name, NULL AS slug, count(*) AS papers FROM papers WHERE organization IS NOT NULL GROUP BY organization',
};

type NameRow = { readonly name: string; readonly slug: string | null; readonly papers: number };

/** Authors, organizations or keywords, those with most papers first; with `q` those whose slugs begin with that of `q`. */
export async function getNames(
  context: QueryContext,
  kind: IndexKind,
  { q, ...paging }: z.output<typeof parameters>,
): Promise<NamesAnswer> {
  const catalog = await context.catalog();
  const prefix = slugOf(q ?? '');
  const ranking = catalog
    .all<NameRow>(COUNTED[kind])
    .map(({ name, slug, papers }) => ({ id: slug ?? slugOf(name), name, value: papers }))
    .filter(({ id }) => id !== '' && id.startsWith(prefix))
    .sort(compareRanked);
  const { items, next } = pageRanked(ranking, paging);
  return {
    kind,
    q,
    names: items.map(({ id, name, value }) => ({ slug: id, name, papers: value })),
    total: ranking.length,
    next,
    ...catalogSource(catalog, context.sample),
  };
}
