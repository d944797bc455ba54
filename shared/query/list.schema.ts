/** The schema of a list. */
import * as z from 'zod';
import { Coverage, count, day, instant, links, listName, next, paperFields, sample } from './common.schema.ts';

/** One paper of a list as shown. */
export const ListedPaper = z.strictObject({
  rank: z.int().min(1),
  ...paperFields,
  previousRank: z.int().nullable().meta({ description: 'in the usable capture of the same list before observedAt' }),
  firstRank: z.int().nullable(),
  bestRank: z.int().nullable(),
  firstUpvotes: z.int().nullable(),
  peakUpvotes: z.int().nullable(),
  gain: z
    .int()
    .nullable()
    .meta({ description: 'upvotes now less those at first sight; null unless seen in two captures' }),
  ageHours: z.number().nullable().meta({ description: 'from the start of listedOn to observedAt' }),
  expectedUpvotes: z.number().nullable().meta({
    description:
      'median upvotes, at this age, of the papers on the daily lists of the 90 days before listedOn; null for fewer than 100 papers, outside of 1 h to 14 days, and where the catalog has not got that far',
  }),
  firstSeen: instant,
  ...links,
});

/** A list: a day's, a trending one, a watched search's. */
export const ListAnswer = z.strictObject({
  list: listName,
  day,
  observedAt: instant.nullable(),
  sample,
  coverage: Coverage,
  papers: z.array(ListedPaper),
  total: count,
  next,
  today: z
    .strictObject({ day, status: Coverage.shape.status, papers: count, last: instant.nullable() })
    .optional()
    .meta({ description: 'what today has so far; only in the newest daily list' }),
});

/** The front page: the newest daily list and trending side by side. */
export const FrontAnswer = z.strictObject({ sample, daily: ListAnswer, trending: ListAnswer });

export type ListedPaper = z.infer<typeof ListedPaper>;
export type ListAnswer = z.infer<typeof ListAnswer>;
export type FrontAnswer = z.infer<typeof FrontAnswer>;
