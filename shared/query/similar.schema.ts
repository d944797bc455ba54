/** The schema of similar papers. */
import * as z from 'zod';
import { catalogPaper, catalogSource, count, links, next } from './common.schema.ts';

/** The papers nearest to one, nearest first. */
export const SimilarAnswer = z.strictObject({
  id: z.string(),
  title: z.string(),
  terms: z.array(z.string()).meta({ description: 'words and keywords of the paper that few others hold' }),
  papers: z.array(
    z.strictObject({
      ...catalogPaper,
      score: z.number().meta({ description: 'BM25 of the terms; only to be compared within this answer' }),
      ...links,
    }),
  ),
  total: count,
  next,
  ...catalogSource,
});

export type SimilarAnswer = z.infer<typeof SimilarAnswer>;
