/** The schemas of health and versions. */
import * as z from 'zod';
import { count, instant, listName, sample } from './common.schema.ts';

/** Whether the archive is alive. */
export const HealthAnswer = z.strictObject({
  status: z.enum(['ok', 'stale', 'empty']),
  now: instant,
  sample,
  lists: z.array(
    z.strictObject({ list: listName, last: instant.nullable(), ageMinutes: count.nullable(), stale: z.boolean() }),
  ),
});

/** What is running. */
export const VersionsAnswer = z.strictObject({
  paperkeep: z.string(),
  node: z.string(),
  schema: count,
  parsers: z.record(z.string(), count).meta({ description: 'epoch of each parser' }),
  sample,
});

export type HealthAnswer = z.infer<typeof HealthAnswer>;
export type VersionsAnswer = z.infer<typeof VersionsAnswer>;
