/** The shapes of answers over all papers: search, similar papers, what is new. */
import * as z from 'zod';
import { NamedAnswer } from '../schemas.ts';

const instant = z.string().meta({ format: 'date-time', description: 'RFC 3339 UTC, to the second' });
const day = z.string().meta({ format: 'date', description: 'UTC day, YYYY-MM-DD' });
const count = z.int().min(0);
const listName = z.string().meta({ description: 'daily, trending or watched:<slug>', examples: ['daily'] });
const sample = z
  .boolean()
  .meta({ description: 'true when the papers are made up because the feed could not be reached' });

/** What was read to answer: the state of the catalog, and what each list holds. */
const source = {
  catalogAsOf: instant
    .nullable()
    .meta({ description: 'the papers of every list recorded by then are in the answer; null: none yet' }),
  coverage: z
    .array(z.strictObject({ list: listName, first: day, last: day, daysCaptured: count }))
    .meta({ description: 'of each list: first and last visited day, and how many days have a usable capture' }),
  sample,
};

const { url, arxivUrl, ...fields } = NamedAnswer.shape.papers.element.shape;
const seen = {
  ...fields,
  id: z.string(),
  firstSeen: instant.meta({ description: 'first capture of any list that holds it' }),
  readAt: instant
    .nullable()
    .meta({ description: 'when upvotes, comments and stars were read; null where they were never told' }),
  ageHours: z.number().nullable().meta({ description: 'from the start of listedOn to readAt' }),
};

/** One word, phrase or beginning that was looked for. */
export const SearchTerm = z.strictObject({
  field: z.enum(['title', 'abstract', 'author', 'keyword']).nullable().meta({ description: 'null: any of them' }),
  words: z.array(z.string()).meta({ description: 'several: one behind the other' }),
  prefix: z.boolean().meta({ description: 'the last word is only the beginning of one' }),
  without: z.boolean().meta({ description: 'papers that hold it are left out' }),
});

/** A paper that was found, with the list where it fits what was asked (its best rank there; the newest of equals). */
export const FoundPaper = z.strictObject({
  ...seen,
  list: listName.meta({ description: 'the list on which it fits what was asked' }),
  day: day.meta({ description: 'which list of it' }),
  bestRank: z.int().meta({ description: 'best rank seen on that list of that day' }),
  listUpvotes: z.int().nullable().meta({ description: 'upvotes as last read on that list of that day' }),
  url,
  arxivUrl,
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
    description: 'as it was done: date where nothing was looked for, and where more than 10,000 papers match',
  }),
  papers: z.array(FoundPaper),
  total: count,
  next: z.string().nullable(),
  ...source,
});

/** The papers nearest to one, nearest first. */
export const SimilarAnswer = z.strictObject({
  id: z.string(),
  title: z.string(),
  terms: z.array(z.string()).meta({ description: 'words and keywords of the paper that few others hold' }),
  papers: z.array(
    z.strictObject({
      ...seen,
      score: z.number().meta({ description: 'BM25 of the terms; only to be compared within this answer' }),
      url,
      arxivUrl,
    }),
  ),
  total: count,
  next: z.string().nullable(),
  ...source,
});

/** The papers first seen since a moment, newest first. */
export const NewAnswer = z.strictObject({
  since: instant.meta({ description: 'included' }),
  until: instant.meta({
    description:
      'the newest capture that is in the answer: ask again with `since` a day before it, because captures may be recorded late, and tell papers by id',
  }),
  list: listName.nullable(),
  papers: z.array(z.strictObject({ ...seen, url, arxivUrl })),
  total: count,
  next: z.string().nullable(),
  ...source,
});

export type SearchTerm = z.infer<typeof SearchTerm>;
export type FoundPaper = z.infer<typeof FoundPaper>;
export type SearchAnswer = z.infer<typeof SearchAnswer>;
export type SimilarAnswer = z.infer<typeof SimilarAnswer>;
export type NewAnswer = z.infer<typeof NewAnswer>;
