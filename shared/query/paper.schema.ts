/** The schemas of a paper and its history. */
import * as z from 'zod';
import {
  count,
  day,
  instant,
  links,
  listName,
  next,
  Organization,
  paperFields,
  ReadFrom,
  sample,
} from './common.schema.ts';
import { ListedPaper } from './list.schema.ts';
import { Milestones } from './milestones.schema.ts';

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
    expectedUpvotes: ListedPaper.shape.expectedUpvotes,
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
  next,
  sample,
});

export type Appearance = z.infer<typeof Appearance>;
export type Version = z.infer<typeof Version>;
export type PaperAnswer = z.infer<typeof PaperAnswer>;
export type HistoryAnswer = z.infer<typeof HistoryAnswer>;
