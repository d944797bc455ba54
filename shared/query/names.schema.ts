/** The schema of the index of authors, organizations or keywords. */
import * as z from 'zod';
import { catalogSource, count, next } from './common.schema.ts';

/** Authors, organizations or keywords with the number of their papers, most first. */
export const NamesAnswer = z.strictObject({
  kind: z.enum(['author', 'organization', 'keyword']),
  q: z.string().nullable().meta({ description: 'how the names begin; null: all names' }),
  names: z.array(
    z.strictObject({
      slug: z.string(),
      name: z.string().meta({ description: 'as the feed spells it in one of the newest papers' }),
      papers: count.meta({ description: 'papers under it' }),
    }),
  ),
  total: count.meta({ description: 'names' }),
  next,
  ...catalogSource,
});

export type NamesAnswer = z.infer<typeof NamesAnswer>;
