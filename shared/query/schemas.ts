/** The shapes of every answer: what the JSON says, what the pages are drawn from, what the OpenAPI document is made of. */
import * as z from 'zod';
import { Milestones } from './schemas/milestones.ts';

const instant = z.string().meta({ format: 'date-time', description: 'RFC 3339 UTC, to the second' });
const day = z.string().meta({ format: 'date', description: 'UTC day, YYYY-MM-DD' });
const count = z.int().min(0);
const listName = z.string().meta({ description: 'daily, trending or watched:<slug>', examples: ['daily'] });
const sample = z
  .boolean()
  .meta({ description: 'true when the papers are made up because the feed could not be reached' });

/** What we have and lack of one list. */
export const Coverage = z.strictObject({
  status: z.enum(['captured', 'partial', 'empty', 'failed', 'missing']),
  captures: count.meta({ description: 'usable visits' }),
  failures: count.meta({ description: 'visits that brought no usable list' }),
  first: instant.nullable().meta({ description: 'first usable capture' }),
  last: instant.nullable().meta({ description: 'newest usable capture' }),
  listed: count
    .nullable()
    .meta({ description: 'entries the feed listed in the capture shown, rejected ones included' }),
  pages: count.nullable().meta({ description: 'answers the list was made of' }),
  complete: z.boolean().nullable().meta({ description: 'null: cannot be known' }),
  settled: z.boolean().meta({ description: 'a usable capture at or after the start of day + 14' }),
});

/** What an answer about papers was read from: of each list the visits of those days of it that tell of them. */
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

const Organization = z.strictObject({ name: z.string(), fullname: z.string() });

const paperFields = {
  id: z.string().nullable().meta({ description: 'arXiv id; null only in a list that was copied as text' }),
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
const links = { url: z.string().nullable(), arxivUrl: z.string().nullable() };

/** One paper of a list as shown. */
export const ListedPaper = z.strictObject({
  rank: z.int().min(1),
  ...paperFields,
  previousRank: z.int().nullable().meta({ description: 'in the usable capture of the same list before observedAt' }),
  firstRank: z.int().nullable(),
  bestRank: z.int().nullable(),
  firstUpvotes: z.int().nullable(),
  peakUpvotes: z.int().nullable(),
  gain: z
    .int()
    .nullable()
    .meta({ description: 'upvotes now less those at first sight; null unless seen in two captures' }),
  ageHours: z.number().nullable().meta({ description: 'from the start of listedOn to observedAt' }),
  firstSeen: instant,
  ...links,
});

/** A list: a day's, a trending one, a watched search's. */
export const ListAnswer = z.strictObject({
  list: listName,
  day,
  observedAt: instant.nullable(),
  sample,
  coverage: Coverage,
  papers: z.array(ListedPaper),
  total: count,
  next: z.string().nullable(),
  today: z
    .strictObject({ day, status: Coverage.shape.status, papers: count, last: instant.nullable() })
    .optional()
    .meta({ description: 'what today holds so far; only in the newest daily list' }),
});

/** The front page: the newest daily list and trending side by side. */
export const FrontAnswer = z.strictObject({ sample, daily: ListAnswer, trending: ListAnswer });

/** A paper on one list of one day. */
export const Appearance = z.strictObject({
  list: listName,
  day,
  firstSeen: instant,
  lastSeen: instant,
  captures: count,
  firstRank: z.int(),
  bestRank: z.int(),
  lastRank: z.int(),
  firstUpvotes: z.int().nullable(),
  peakUpvotes: z.int().nullable(),
  lastUpvotes: z.int().nullable(),
});

/** What a paper was from some moment on; the first has `changed: []`. */
export const Version = z.strictObject({
  since: instant,
  changed: z.array(z.string()),
  title: z.string(),
  abstract: z.string().nullable(),
  authors: z.array(z.string()).nullable(),
  githubUrl: z.string().nullable(),
  projectUrl: z.string().nullable(),
  keywords: z.array(z.string()).nullable(),
  aiSummary: z.string().nullable(),
  organization: Organization.nullable(),
  submittedBy: z.string().nullable(),
  publishedAt: instant.nullable(),
  listedOn: day.nullable(),
});

/** A paper with all its appearances, oldest first. */
export const PaperAnswer = z.strictObject({
  paper: z.strictObject({
    ...paperFields,
    id: z.string(),
    firstUpvotes: z.int().nullable().meta({ description: 'at first sight, on whichever list' }),
    peakUpvotes: z.int().nullable(),
    gain: z.int().nullable().meta({
      description:
        'upvotes now less those at first sight, over all lists; null unless seen in two captures of one list of one day',
    }),
    ageHours: z.number().nullable().meta({ description: 'from the start of listedOn to lastSeen' }),
    firstSeen: instant,
    lastSeen: instant,
    ...links,
  }),
  appearances: z.array(Appearance),
  versions: z.array(Version),
  life: Milestones,
  coverage: ReadFrom,
  sample,
});

/** Every observation of a paper, in time order. */
export const HistoryAnswer = z.strictObject({
  id: z.string(),
  observations: z.array(
    z.strictObject({
      at: instant,
      list: listName,
      day,
      rank: z.int(),
      upvotes: z.int().nullable(),
      comments: z.int().nullable(),
      githubStars: z.int().nullable(),
    }),
  ),
  coverage: ReadFrom,
  total: count,
  next: z.string().nullable(),
  sample,
});

/** The papers of an author, an organization or a keyword, newest first. */
export const NamedAnswer = z.strictObject({
  kind: z.enum(['author', 'organization', 'keyword']),
  slug: z.string(),
  name: z.string().meta({ description: 'as the feed spells it in the newest paper' }),
  from: day.nullable(),
  to: day.nullable(),
  papers: z.array(z.strictObject({ ...paperFields, ...links })),
  coverage: ReadFrom,
  total: count,
  next: z.string().nullable(),
  sample,
});

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
    .meta({ description: 'longest stretch between two usable captures; null with fewer than two' }),
  papers: count.meta({ description: 'distinct papers seen' }),
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
        'lost: past, and the feed shows this list only as it is now. backfill: only a backfill captures it. Null: nothing is amiss, or it is to come',
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
    captured: count,
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
  next: z.string().nullable(),
  lists: z.array(listName).meta({ description: 'all lists of the archive' }),
  sample,
});

/** One capture. */
export const CaptureAnswer = CaptureFacts.extend({ sample });

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

export type Coverage = z.infer<typeof Coverage>;
export type ReadFrom = z.infer<typeof ReadFrom>;
export type ListedPaper = z.infer<typeof ListedPaper>;
export type ListAnswer = z.infer<typeof ListAnswer>;
export type FrontAnswer = z.infer<typeof FrontAnswer>;
export type Appearance = z.infer<typeof Appearance>;
export type Version = z.infer<typeof Version>;
export type PaperAnswer = z.infer<typeof PaperAnswer>;
export type HistoryAnswer = z.infer<typeof HistoryAnswer>;
export type NamedAnswer = z.infer<typeof NamedAnswer>;
export type CoverageDay = z.infer<typeof CoverageDay>;
export type CoverageAnswer = z.infer<typeof CoverageAnswer>;
export type CaptureFacts = z.infer<typeof CaptureFacts>;
export type CapturesAnswer = z.infer<typeof CapturesAnswer>;
export type CaptureAnswer = z.infer<typeof CaptureAnswer>;
export type HealthAnswer = z.infer<typeof HealthAnswer>;
export type VersionsAnswer = z.infer<typeof VersionsAnswer>;
export type Problem = z.infer<typeof Problem>;
