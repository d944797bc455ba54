import * as z from 'zod';
import { similarAsOf } from '../catalog/similar.ts';
import { catalogPaper, catalogSource, PAPER_COLUMNS, type PaperRow } from './catalog-paper.ts';
import type { QueryContext } from './context.ts';
import { unknownPaperError } from './errors.ts';
import { paperId } from './parameters.ts';
import { defineQuestion } from './question.ts';
import type { SimilarAnswer } from './similar.schema.ts';

/** The papers nearest to one. */
export const similarQuestion = defineQuestion({
  path: '/papers/:id/similar',
  summary:
    'The ten papers with the most similar titles and abstracts, nearest first. All papers are compared once a day.',
  notFound: 'The paper was never seen.',
  parameters: z.object({ id: paperId }),
  answer: async () => (await import('./similar.schema.ts')).SimilarAnswer,
  run: (context, { id }) => getSimilarPapers(context, id),
});

/**
 * The papers nearest to one, at most 10, nearest first; none before it is compared with the others.
 *
 * @throws {NotFoundError} when it was never seen
 */
export async function getSimilarPapers(context: QueryContext, id: string): Promise<SimilarAnswer> {
  const catalog = await context.catalog();
  const [paper] = catalog.all<{ title: string; papers: string | null }>(
    'SELECT title, similar.papers FROM papers LEFT JOIN similar ON paper_id = id WHERE id = ?',
    [id],
  );
  if (!paper) throw unknownPaperError(id);
  const near = JSON.parse(paper.papers ?? '[]') as [id: string, score: number][];
  const rows = new Map(
    catalog
      .all<PaperRow>(`SELECT ${PAPER_COLUMNS} FROM papers WHERE id IN (SELECT value FROM json_each(?))`, [
        JSON.stringify(near.map(([id]) => id)),
      ])
      .map((row) => [row.id, row]),
  );
  const papers = near.flatMap(([id, score]) => {
    const row = rows.get(id);
    return row ? [catalogPaper(row, { score })] : [];
  });
  return {
    id,
    title: paper.title,
    comparedAt: paper.papers === null ? null : similarAsOf(catalog),
    papers,
    total: papers.length,
    next: null,
    ...catalogSource(catalog, context.sample),
  };
}
