/** The schema of similar papers. */
import * as z from 'zod';
import { catalogPaper, catalogSource, count, instant, links, next } from './common.schema.ts';

/** The papers nearest to one, nearest first. */
export const SimilarAnswer = z.strictObject({
  id: z.string(),
  title: z.string(),
  comparedAt: instant.nullable().meta({
    description: 'when all papers were compared; null: this one has come since, and nothing is known of it yet',
  }),
  papers: z.array(
    z.strictObject({
      ...catalogPaper,
      score: z.number().meta({ description: 'cosine of the two papers: 1 for the same words, 0 for none in common' }),
      ...links,
    }),
  ),
  total: count,
  next,
  ...catalogSource,
});

export type SimilarAnswer = z.infer<typeof SimilarAnswer>;
