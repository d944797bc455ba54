/** What answers over a stretch of days say of what they were read from. */
import * as z from 'zod';
import { Coverage, ListAnswer } from '../schemas.ts';

/** What we have and lack of a list over a stretch of days. */
export const RangeCoverage = Coverage.extend({
  status: Coverage.shape.status.meta({
    description:
      'captured: every day of it was; partial: some day was not, or only cut; empty, failed, missing: all that was seen of it',
  }),
  listed: Coverage.shape.listed.meta({ description: 'entries of all its lists, a paper on two of them twice' }),
  pages: Coverage.shape.pages.meta({ description: 'answers its lists were made of' }),
  complete: Coverage.shape.complete.meta({ description: 'true: every list is whole; false: one is known to be cut' }),
  settled: Coverage.shape.settled.meta({ description: 'every day is settled' }),
  daysCaptured: z.int().min(0).meta({ description: 'days with a usable capture, those without papers included' }),
  daysExpected: z.int().min(0).meta({ description: 'days of it that are not after today' }),
});

/** When the catalog that was asked was last brought up to date. */
export const catalogAsOf = ListAnswer.shape.observedAt.meta({
  description: 'when the catalog that was asked was last brought up to date',
});

export type RangeCoverage = z.infer<typeof RangeCoverage>;
