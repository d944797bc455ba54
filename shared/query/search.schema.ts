/** The schema of a search. */
import * as z from 'zod';
import { catalogPaper, catalogSource, count, day, links, listName, next } from './common.schema.ts';

/** One word, phrase or beginning of a word to search for. */
export const SearchTerm = z.strictObject({
  field: z.enum(['title', 'abstract', 'author', 'keyword']).nullable().meta({ description: 'null: any of them' }),
  words: z.array(z.string()).meta({ description: 'several: one behind the other' }),
  prefix: z.boolean().meta({ description: 'the last word is only the beginning of one' }),
  without: z.boolean().meta({ description: 'papers with it are left out' }),
});

/** A paper that was found, with the list where it fits what was asked (its best rank there; the newest of equals). */
export const FoundPaper = z.strictObject({
  ...catalogPaper,
  list: listName.meta({ description: 'the list on which it fits what was asked' }),
  day: day.meta({ description: 'which list of it' }),
  bestRank: z.int().meta({ description: 'best rank seen on that list of that day' }),
  listUpvotes: z.int().nullable().meta({ description: 'upvotes as last read on that list of that day' }),
  ...links,
});

/** The papers that hold all the words, on a list that fits all filters at once. */
export const SearchAnswer = z.strictObject({
  q: z.string().nullable(),
  terms: z.array(SearchTerm).meta({ description: 'how q was read' }),
  list: listName.nullable(),
  from: day.nullable(),
  to: day.nullable(),
  minUpvotes: z.int().nullable(),
  maxRank: z.int().nullable(),
  sort: z.enum(['relevance', 'date', 'upvotes']).meta({
    description: 'the order used: date where there are no words, and where more than 10,000 papers match',
  }),
  papers: z.array(FoundPaper),
  total: count,
  next,
  ...catalogSource,
});

export type SearchTerm = z.infer<typeof SearchTerm>;
export type FoundPaper = z.infer<typeof FoundPaper>;
export type SearchAnswer = z.infer<typeof SearchAnswer>;
