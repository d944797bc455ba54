/** The schemas of the index of captures and of one capture. */
import * as z from 'zod';
import { count, day, instant, listName, next, sample } from './common.schema.ts';

/** One snapshot's facts. */
export const CaptureFacts = z.strictObject({
  key: z.string(),
  list: listName,
  day,
  at: instant,
  bytes: count,
  sha256: z.string(),
  outcome: z.string().meta({
    description:
      'list, empty, drift, not-found, another-day, other-shape, refused, server-error, challenge, cut, no-body, unreachable',
  }),
  why: z.string().meta({ description: 'what was wrong, for people; empty when all is well' }),
  via: z.string().nullable(),
  listed: count.nullable(),
  complete: z.boolean().nullable(),
  rejects: count,
  imported: z.boolean(),
  url: z.string(),
  download: z.string(),
});

/** The index of captures, newest first. */
export const CapturesAnswer = z.strictObject({
  list: listName.nullable().meta({ description: 'null: all lists' }),
  from: day.nullable(),
  to: day.nullable(),
  captures: z.array(CaptureFacts),
  total: count,
  next,
  lists: z.array(listName).meta({ description: 'all lists of the archive' }),
  sample,
});

/** One capture. */
export const CaptureAnswer = CaptureFacts.extend({ sample });

export type CaptureFacts = z.infer<typeof CaptureFacts>;
export type CapturesAnswer = z.infer<typeof CapturesAnswer>;
export type CaptureAnswer = z.infer<typeof CaptureAnswer>;
