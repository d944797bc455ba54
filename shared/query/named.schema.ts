/** The schema of the papers of an author, an organization or a keyword. */
import * as z from 'zod';
import { count, day, links, next, paperFields, ReadFrom, sample } from './common.schema.ts';

/** The papers of an author, an organization or a keyword, newest first. */
export const NamedAnswer = z.strictObject({
  kind: z.enum(['author', 'organization', 'keyword']),
  slug: z.string(),
  name: z.string().meta({ description: 'as the feed spells it in the newest paper' }),
  from: day.nullable(),
  to: day.nullable(),
  papers: z.array(z.strictObject({ ...paperFields, ...links })),
  coverage: ReadFrom,
  total: count,
  next,
  sample,
});

export type NamedAnswer = z.infer<typeof NamedAnswer>;
