/** The schemas of the issues of the mail that follows everything. */
import * as z from 'zod';
import { count, day, links, next, paperFields, sample } from '../query/common.schema.ts';

/** The issue of one list day. */
export const DigestAnswer = z.strictObject({
  day,
  papers: z.array(
    z.strictObject({
      ...paperFields,
      id: z.string(),
      why: z.string().meta({ description: 'why the paper is in the issue' }),
      ...links,
    }),
  ),
  total: count,
  next,
  gaps: z.array(z.string()).meta({ description: 'what the archive lacks of the day, a sentence each' }),
  sample,
});

/** The newest issues. */
export const DigestsAnswer = z.strictObject({
  issues: z.array(z.strictObject({ day, papers: count, titles: z.array(z.string()) })),
  total: count,
  next,
  sample,
});

export type DigestAnswer = z.infer<typeof DigestAnswer>;
export type DigestsAnswer = z.infer<typeof DigestsAnswer>;
