/** The schema of what entered a list, left it and moved between two instants. */
import * as z from 'zod';
import { day, instant, listName, sample } from './common.schema.ts';
import { ListedPaper } from './list.schema.ts';

const { id, title, rank, upvotes, githubStars, listedOn } = ListedPaper.shape;
const votes = upvotes.meta({ description: 'null: not known in that capture' });
const stars = githubStars.meta({ description: 'GitHub stars; null: not known in that capture' });
const place = z.int().min(1).nullable();

/** A paper that was not there at the first moment and is at the second. */
const Entered = z.strictObject({ id, title, rank, upvotes });
/** A paper that was there at the first moment and is not at the second. */
const Left = z.strictObject({ id, title, rankBefore: rank });
/** A paper that was seen at both moments, in two different captures. */
const Moved = z.strictObject({
  id,
  title,
  listedOn,
  rankBefore: place.meta({ description: "null where the two captures are of different days' lists" }),
  rankAfter: place.meta({ description: "null where the two captures are of different days' lists" }),
  upvotesBefore: votes,
  upvotesAfter: votes,
  hours: z.number().meta({ description: 'between the two captures that the row was read from; not rounded' }),
  upvotesPerHour: z
    .number()
    .nullable()
    .meta({ description: 'null unless both upvotes are known and the second capture is the later one; not rounded' }),
  starsBefore: stars,
  starsAfter: stars,
  starsPerHour: z.number().nullable().meta({ description: 'the same for the stars of its code' }),
});

/** A capture that a moment was read from. */
const MomentCapture = z.strictObject({
  day,
  at: instant,
  complete: z.boolean().nullable(),
  papers: z.int().min(0).meta({ description: 'rows that were read from it' }),
});

const Moment = z.strictObject({
  asked: instant.meta({ description: 'the moment asked for; a time in the future is now' }),
  observedAt: instant.meta({ description: 'the newest capture that it was read from' }),
});

/** What entered a list, left it and moved between two instants. */
export const MoversAnswer = z.strictObject({
  list: listName,
  from: Moment,
  to: Moment,
  hours: z.number().meta({ description: 'from the newest capture of one moment to that of the other; not rounded' }),
  entered: z.array(Entered).meta({ description: 'by rank, ties by id' }),
  left: z.array(Left).meta({ description: 'by rank, ties by id' }),
  moved: z
    .array(Moved)
    .meta({ description: 'by upvotesPerHour (starsPerHour with sort=stars), most first, unknown last, ties by id' }),
  coverage: z.strictObject({
    before: z.array(MomentCapture).meta({ description: 'the captures that the first moment was read from' }),
    after: z.array(MomentCapture).meta({ description: 'the captures that the second moment was read from' }),
    missing: z.array(day).meta({ description: 'of daily: list days without a usable capture by the second moment' }),
  }),
  sample,
});

export type MoversAnswer = z.infer<typeof MoversAnswer>;
