/** The schema of an error. */
import * as z from 'zod';
import { Coverage, listName, sample } from './common.schema.ts';

/** What the whole archive holds: its lists, and the months of their first and last visit. */
const ArchiveCoverage = z.strictObject({
  lists: z.array(z.strictObject({ list: listName, firstMonth: z.string(), lastMonth: z.string() })),
});

/** RFC 9457. */
export const Problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.array(z.strictObject({ parameter: z.string(), detail: z.string() })).optional(),
  coverage: z
    .union([Coverage, ArchiveCoverage])
    .optional()
    .meta({ description: 'with 404: of the list asked for, or of the whole archive' }),
});

/** A problem as it is sent. */
export const ProblemAnswer = Problem.extend({ sample });

export type Problem = z.infer<typeof Problem>;
