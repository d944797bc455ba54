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

/** Values with the number of papers that have them; `value` as the parameter takes it, `name` as people read it. */
const Facet = z.array(z.strictObject({ value: z.string(), name: z.string(), count }));

/** The papers that hold all the words, on a list that fits all filters at once. */
export const SearchAnswer = z.strictObject({
  q: z.string().nullable(),
  terms: z.array(SearchTerm).meta({ description: 'the words and phrases in q' }),
  list: listName.nullable(),
  from: day.nullable(),
  to: day.nullable(),
  minUpvotes: z.int().nullable(),
  maxRank: z.int().nullable(),
  keyword: z.string().nullable(),
  organization: z.string().nullable(),
  code: z.boolean().meta({ description: 'only papers with a GitHub repository' }),
  sort: z.enum(['relevance', 'date', 'upvotes']).meta({
    description: 'the order used: date where there are no words, and where more than 5,000 papers match',
  }),
  papers: z.array(FoundPaper),
  total: count,
  facets: z
    .strictObject({
      year: Facet.meta({ description: 'of the list days that it was listed on, newest first' }),
      list: Facet,
      keyword: Facet.meta({ description: 'the 20 of most papers' }),
      organization: Facet.meta({ description: 'the 20 of most papers' }),
      code: Facet.meta({ description: 'papers with a GitHub repository, under `true`' }),
    })
    .meta({ description: 'counted over the first 10,000 matches' }),
  next,
  ...catalogSource,
});

export type SearchTerm = z.infer<typeof SearchTerm>;
export type FoundPaper = z.infer<typeof FoundPaper>;
export type SearchAnswer = z.infer<typeof SearchAnswer>;
