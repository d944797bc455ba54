/** The schema of a day's captures as columns. */
import * as z from 'zod';
import { Coverage, count, day, instant, listName, sample } from './common.schema.ts';

/** The ranks and upvotes of a list in every usable capture of one day. */
export const ReplayAnswer = z.strictObject({
  list: listName,
  day,
  times: z.array(instant).meta({ description: 'the usable captures, oldest first' }),
  ids: z
    .array(z.string().nullable())
    .meta({ description: 'the papers, by when they were seen first; null for a row of copied text without an id' }),
  ranks: z
    .array(z.array(z.int().nullable()))
    .meta({ description: 'per capture one value per paper; null: not in that capture' }),
  upvotes: z.array(z.array(z.int().nullable())).meta({ description: 'as ranks; null also where they are unknown' }),
  coverage: Coverage,
  total: count.meta({ description: 'papers' }),
  sample,
});

export type ReplayAnswer = z.infer<typeof ReplayAnswer>;
