/** The schema of the papers first seen since a moment. */
import * as z from 'zod';
import { catalogPaper, catalogSource, count, instant, links, listName, next } from './common.schema.ts';

/** The papers first seen since a moment, newest first. */
export const NewAnswer = z.strictObject({
  since: instant.meta({ description: 'included' }),
  until: instant.meta({
    description:
      'the newest capture that is in the answer: ask again with `since` a day before it, because captures may be recorded late, and identify papers by id',
  }),
  list: listName.nullable(),
  papers: z.array(z.strictObject({ ...catalogPaper, ...links })),
  total: count,
  next,
  ...catalogSource,
});

export type NewAnswer = z.infer<typeof NewAnswer>;
