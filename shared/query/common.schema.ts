/** Schemas that several answers share. Loaded only for the OpenAPI document, the columns of CSV files and the tests. */
import * as z from 'zod';

/** An instant in an answer. */
export const instant = z.string().meta({ format: 'date-time', description: 'RFC 3339 UTC, to the second' });
/** A day in an answer. */
export const day = z.string().meta({ format: 'date', description: 'UTC day, YYYY-MM-DD' });
/** A whole number, 0 or more. */
export const count = z.int().min(0);
/** The name of a list. */
export const listName = z.string().meta({ description: 'daily, trending or watched:<slug>', examples: ['daily'] });
/** Whether an answer is made of invented papers. */
export const sample = z
  .boolean()
  .meta({ description: 'true when the papers are invented because the feed could not be reached' });
/** Where the next page of an answer is. */
export const next = z.string().nullable();

/** What we have and lack of one list. */
export const Coverage = z.strictObject({
  status: z.enum(['captured', 'partial', 'empty', 'failed', 'missing']),
  captures: count.meta({ description: 'usable visits' }),
  failures: count.meta({ description: 'visits without a usable list' }),
  first: instant.nullable().meta({ description: 'first usable capture' }),
  last: instant.nullable().meta({ description: 'newest usable capture' }),
  listed: count
    .nullable()
    .meta({ description: 'entries the feed listed in the capture shown, rejected ones included' }),
  pages: count.nullable().meta({ description: 'answers the list was made of' }),
  complete: z.boolean().nullable().meta({ description: 'null: cannot be known' }),
  settled: z.boolean().meta({ description: 'a usable capture at or after the start of day + 14' }),
});

/** Coverage of an answer about papers: of each list the visits of the days that it was read from. */
export const ReadFrom = z.strictObject({
  lists: z.array(
    z.strictObject({
      list: listName,
      days: count.meta({ description: 'days of that list that it was read from' }),
      captures: Coverage.shape.captures,
      failures: Coverage.shape.failures,
      first: Coverage.shape.first,
      last: Coverage.shape.last,
    }),
  ),
});

/** An organization as the feed names it. */
export const Organization = z.strictObject({ name: z.string(), fullname: z.string() });

/** What a paper is, and the numbers that change. */
export const paperFields = {
  id: z
    .string()
    .nullable()
    .meta({ description: 'arXiv id; null for a row of copied text while no paper with its title is known' }),
  title: z.string(),
  abstract: z.string().nullable(),
  authors: z.array(z.string()).nullable(),
  upvotes: z.int().nullable(),
  comments: z.int().nullable(),
  githubStars: z.int().nullable(),
  githubUrl: z.string().nullable(),
  projectUrl: z.string().nullable(),
  keywords: z.array(z.string()).nullable(),
  aiSummary: z.string().nullable(),
  organization: Organization.nullable(),
  submittedBy: z.string().nullable().meta({ description: "the submitter's login" }),
  publishedAt: instant.nullable(),
  listedOn: day.nullable().meta({ description: 'the day of the daily list it was submitted to' }),
};

/** Where a paper is at the feed and at arXiv. */
export const links = { url: z.string().nullable(), arxivUrl: z.string().nullable() };

/** Coverage of a list over a range of days. */
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

/** When the catalog was last updated. */
export const catalogAsOf = instant.nullable().meta({
  description: 'when the catalog was last updated',
});

/** What an answer reports of the catalog: its age, and what each list has. */
export const catalogSource = {
  catalogAsOf: instant
    .nullable()
    .meta({ description: 'the papers of every list recorded by then are in the answer; null: none yet' }),
  coverage: z
    .array(z.strictObject({ list: listName, first: day, last: day, daysCaptured: count }))
    .meta({ description: 'of each list: first and last visited day, and how many days have a usable capture' }),
  sample,
};

/** A paper as the catalog has it. */
export const catalogPaper = {
  ...paperFields,
  firstSeen: instant.meta({ description: 'first capture of any list that holds it' }),
  readAt: instant
    .nullable()
    .meta({ description: 'when upvotes, comments and stars were read; null where they are unknown' }),
  ageHours: z.number().nullable().meta({ description: 'from the start of listedOn to readAt' }),
};

/** A paper with its links. */
export type PaperFields = z.infer<z.ZodObject<typeof paperFields & typeof links>>;
export type Coverage = z.infer<typeof Coverage>;
export type ReadFrom = z.infer<typeof ReadFrom>;
export type RangeCoverage = z.infer<typeof RangeCoverage>;
