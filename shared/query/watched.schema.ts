/** The schema of the list of watched searches. */
import * as z from 'zod';
import { count, day, next, sample } from './common.schema.ts';

/** The watched searches, by slug: those of the settings and those of which the archive holds captures. */
export const WatchedAnswer = z.strictObject({
  watched: z.array(
    z.strictObject({
      slug: z.string(),
      list: z.string().meta({ description: 'the name of the list, `watched:<slug>`' }),
      current: z.boolean().meta({ description: 'whether it is still captured' }),
      first: day.nullable().meta({ description: 'the first day with a visit; null: none yet' }),
      last: day.nullable().meta({ description: 'the newest day with a visit; null: none yet' }),
    }),
  ),
  total: count,
  next,
  sample,
});

export type WatchedAnswer = z.infer<typeof WatchedAnswer>;
