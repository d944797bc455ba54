/** The schema of a paper's milestones. */
import * as z from 'zod';
import { CHANGE_NAMES } from '../model/changes.ts';
import { day, instant } from './common.schema.ts';

const place = { list: z.string(), day, at: instant };
const hours = z.number().min(0);

const VERBS = ['appeared', 'disappeared', 'changed'] as const;
const whats = Object.values(CHANGE_NAMES).flatMap((noun) => VERBS.map((verb) => `${noun}-${verb}` as const));

/** How fast a paper rose from first sight to the capture nearest to so many hours later. */
const Velocity = z.strictObject({
  firstHours: z.int().meta({ description: 'the age asked for: 6, 24 or 48 hours after first sight' }),
  hours: hours.nullable().meta({
    description: 'from first sight to readAt; not rounded. Null where no capture is near: firstHours / 6 away',
  }),
  gained: z.int().nullable().meta({ description: 'upvotes at readAt less those at first sight' }),
  perHour: z.number().nullable().meta({ description: 'gained / hours; not rounded' }),
  readAt: instant.nullable(),
});

const Change = z.strictObject({
  at: instant.meta({ description: 'of the capture that first showed it so' }),
  what: z.enum([...whats, 'moved-day']),
  from: z.string().nullable().meta({ description: 'null: there was none, or it is too long for this answer' }),
  to: z.string().nullable(),
});

/** How a paper fared, over all lists that it was on. */
export const Milestones = z.strictObject({
  first: z
    .strictObject({ ...place, rank: z.int(), upvotes: z.int().nullable() })
    .meta({ description: 'where it was seen first' }),
  best: z
    .strictObject({ ...place, rank: z.int() })
    .nullable()
    .meta({
      description:
        "its best rank and the first capture that showed it there; a watched search's only if it was on no other",
    }),
  peak: z
    .strictObject({ ...place, upvotes: z.int() })
    .nullable()
    .meta({ description: 'the most upvotes seen and the first capture that showed them; null where none were known' }),
  velocity: z.array(Velocity),
  trending: z.strictObject({
    hours: hours.meta({
      description: 'between captures of trending at most 3 h apart that both held it, none in between without it',
    }),
    unwatchedHours: hours.meta({
      description: 'the same between captures farther apart: nothing was captured in between',
    }),
    entries: z.int().min(0).meta({ description: 'how many stays; it came back one time less' }),
    stays: z.array(z.strictObject({ from: instant, to: instant })).meta({
      description: 'first and last capture that held it; ended by one that did not, unless that is known to be cut',
    }),
  }),
  changes: z.array(Change).meta({ description: 'oldest first; what is learned for the first time is no change' }),
});

export type Milestones = z.infer<typeof Milestones>;
