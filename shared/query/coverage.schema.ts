/** The schema of the calendar of a list. */
import * as z from 'zod';
import { Coverage, count, day, instant, listName, sample } from './common.schema.ts';

/** One day of the calendar. */
export const CoverageDay = z.strictObject({
  day,
  status: Coverage.shape.status,
  captures: count,
  failures: count,
  expected: count.meta({
    description: "visits the schedule had due by now for that day, 0 before the archive's first day",
  }),
  longestGapMinutes: count
    .nullable()
    .meta({ description: 'longest time between two usable captures; null with fewer than two' }),
  papers: count.meta({
    description: 'distinct papers seen; 0 where nothing usable was captured, whatever the feed may have listed',
  }),
  complete: z.boolean().nullable(),
  settled: z.boolean(),
  first: instant.nullable(),
  last: instant.nullable(),
  outlook: z
    .enum(['healing', 'settling', 'lost', 'backfill'])
    .nullable()
    .meta({
      description:
        'healing: lacking, and the schedule visits it again. settling: captured, and visited again until it settles. ' +
        'lost: past, and the feed shows this list only as it is now. backfill: only a backfill captures it. Null: nothing is missing, or the day has not come yet',
    }),
  lostHours: count.nullable().meta({
    description: 'of a past day of trending: visits expected less captures made; null for other lists and for today',
  }),
});

/** The calendar of a list: every day of the range, the empty ones too. */
export const CoverageAnswer = z.strictObject({
  list: listName,
  from: day,
  to: day,
  days: z.array(CoverageDay),
  summary: z.strictObject({
    captured: count.meta({
      description:
        'days of that status, as the next four: a day without papers is in empty, one that was only cut in partial',
    }),
    partial: count,
    empty: count,
    failed: count,
    missing: count,
    healing: count.meta({ description: 'days with that outlook, as the next three' }),
    settling: count,
    lost: count,
    backfill: count,
    lostHours: count.nullable().meta({ description: 'of all days; null unless of trending' }),
    captures: count,
    failures: count,
    first: day.nullable().meta({ description: 'first day with a visit' }),
    last: day.nullable(),
  }),
  lists: z.array(listName).meta({ description: 'all lists of the archive' }),
  sample,
});

export type CoverageDay = z.infer<typeof CoverageDay>;
export type CoverageAnswer = z.infer<typeof CoverageAnswer>;
