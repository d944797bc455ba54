/** The schemas of the index of authors, organizations or keywords, and of the papers under one of them. */
import * as z from 'zod';
import { catalogPaper, catalogSource, count, day, links, next, ReadFrom, sample } from './common.schema.ts';

const kind = z.enum(['author', 'organization', 'keyword']);

/** Authors, organizations or keywords with the number of their papers, most first. */
export const NamesAnswer = z.strictObject({
  kind,
  q: z.string().nullable().meta({ description: 'how the names begin; null: all names' }),
  names: z.array(
    z.strictObject({
      slug: z.string(),
      name: z.string().meta({ description: 'as the feed spells it in one of the newest papers' }),
      fullname: z
        .string()
        .nullable()
        .meta({ description: 'of an organization, its full name in its newest paper; null where the feed gave none' }),
      papers: count.meta({ description: 'papers under it' }),
    }),
  ),
  total: count.meta({ description: 'names' }),
  next,
  ...catalogSource,
});

/** The papers of an author, an organization or a keyword, newest first. */
export const NamePapersAnswer = z.strictObject({
  kind,
  slug: z.string(),
  name: z.string().meta({ description: 'as the feed spells it in the newest paper' }),
  from: day.nullable(),
  to: day.nullable(),
  papers: z.array(z.strictObject({ ...catalogPaper, ...links })),
  coverage: ReadFrom,
  total: count,
  next,
  sample,
});

export type NamesAnswer = z.infer<typeof NamesAnswer>;
export type NamePapersAnswer = z.infer<typeof NamePapersAnswer>;
