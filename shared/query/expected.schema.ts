/** The schema of the expected-upvotes curve. */
import * as z from 'zod';
import { catalogAsOf, count, day, RangeCoverage, sample } from './common.schema.ts';

const upvotes = z.number().nullable();

/** The curve of a day. */
export const ExpectedAnswer = z.strictObject({
  day: day.meta({ description: 'the list day of the papers that it is for' }),
  from: day.meta({ description: 'the first list day that it is made from' }),
  to: day,
  points: z.array(
    z.strictObject({
      ageHours: z.int().meta({ description: 'age, from the start of the list day' }),
      papers: count.meta({ description: 'papers with a capture within a sixth of that age (at least an hour)' }),
      q1: upvotes.meta({ description: 'lower quartile of their upvotes; null for fewer than 100 papers' }),
      median: upvotes.meta({ description: 'null for fewer than 100 papers' }),
      q3: upvotes.meta({ description: 'upper quartile; null for fewer than 100 papers' }),
    }),
  ),
  sample,
  catalogAsOf,
  coverage: RangeCoverage,
});

export type ExpectedAnswer = z.infer<typeof ExpectedAnswer>;
