/** The schema of a leaderboard. */
import * as z from 'zod';
import { catalogAsOf, count, day, instant, listName, next, RangeCoverage, sample } from './common.schema.ts';
import { ListedPaper } from './list.schema.ts';

/** A paper of a leaderboard: as in a list, but over all lists of the range that it was on. */
export const TopPaper = ListedPaper.extend({
  rank: ListedPaper.shape.rank.meta({ description: 'place in this leaderboard' }),
  upvotes: ListedPaper.shape.upvotes.meta({ description: 'in the last capture of the range that has them' }),
  previousRank: z.null(),
  gain: ListedPaper.shape.gain.meta({
    description: 'last known upvotes of the range less the first; null unless seen in two captures',
  }),
  ageHours: ListedPaper.shape.ageHours.meta({ description: 'from the start of listedOn to readAt' }),
  value: z.number().nullable().meta({
    description:
      'what it was ranked by; `expected`: upvotes at that age / expected upvotes at that age, null where that is 0 or unknown',
  }),
  readAt: instant.nullable().meta({ description: 'the capture that value was read from' }),
});

/** The leaderboard of a range of list days. */
export const TopAnswer = z.strictObject({
  list: listName,
  from: day,
  to: day,
  by: z.enum(['upvotes', 'gain', 'days', 'expected', 'stars-gained']),
  ageHours: z
    .int()
    .nullable()
    .meta({ description: 'the age at which upvotes, gain or expected count; null: the newest count' }),
  observedAt: instant.nullable().meta({ description: 'newest usable capture of the range' }),
  sample,
  catalogAsOf,
  coverage: RangeCoverage,
  papers: z.array(TopPaper),
  total: count,
  next,
});

export type TopPaper = z.infer<typeof TopPaper>;
export type TopAnswer = z.infer<typeof TopAnswer>;
