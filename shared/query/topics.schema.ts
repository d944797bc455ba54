/** The schemas of topics over time. */
import * as z from 'zod';
import { catalogAsOf, count, day, next, RangeCoverage, sample } from './common.schema.ts';

const share = z.number().nullable();
const total = count.meta({
  description: 'papers that could be of it: for a keyword those whose keywords are known, for a phrase all',
});
const totalListed = count.meta({ description: 'papers on the daily lists, each once' });
const daysCaptured = RangeCoverage.shape.daysCaptured;
const daysExpected = RangeCoverage.shape.daysExpected;

/** A topic in a week or month. */
export const TopicPoint = z.strictObject({
  period: z.string().meta({ description: 'ISO week or month', examples: ['2025-W02', '2025-01'] }),
  papers: count.meta({ description: 'papers of it on the daily lists, each once' }),
  total,
  totalListed,
  share: share.meta({
    description: 'papers / total; null where nothing was captured, or keywords are known of less than half',
  }),
  upvotes: count
    .nullable()
    .meta({ description: 'of these papers, as last read on the lists; null where they are unknown' }),
  totalUpvotes: count.nullable().meta({ description: 'of all of total' }),
  upvotesShare: share.meta({ description: 'upvotes / totalUpvotes; null where share is' }),
  daysCaptured,
  daysExpected,
});

const series = {
  topic: z.string().meta({ description: "a keyword's slug, or a phrase" }),
  kind: z.enum(['keyword', 'phrase']),
  name: z.string().meta({ description: 'as the feed spells it in the newest paper; a phrase as it was asked' }),
  slugs: z.array(z.string()).meta({
    description:
      'of a keyword, its spellings: slugs that differ by hyphens, accents or a plural count as one, the most frequent first; of a phrase none',
  }),
  points: z.array(TopicPoint),
  asPhrase: count.nullable().meta({
    description:
      'of a keyword of fewer than one in 50 papers, how many have its words in the title or abstract, where they are more; else null',
  }),
};
const span = {
  by: z.enum(['week', 'month']),
  from: day,
  to: day,
  breaks: z
    .array(z.strictObject({ day, what: z.string() }))
    .meta({ description: 'days from which the feed has something that these numbers depend on' }),
  sample,
  catalogAsOf,
  coverage: RangeCoverage,
};

/** A topic over time. */
export const TopicAnswer = z.strictObject({ ...series, ...span });

/** Several topics over the same time. */
export const CompareAnswer = z.strictObject({ ...span, topics: z.array(z.strictObject(series)) });

/** A keyword of a range of days, or a phrase of titles, compared with the days before. */
export const TopicLine = z.strictObject({
  kind: series.kind,
  topic: series.topic,
  name: series.name,
  slugs: series.slugs,
  papers: TopicPoint.shape.papers,
  total,
  share,
  papersBefore: count.nullable().meta({ description: 'null where no list was captured before' }),
  totalBefore: count.nullable().meta({ description: 'papers that could be of it before' }),
  shareBefore: share,
  change: share.meta({ description: 'share less shareBefore' }),
  trend: z.enum(['rising', 'steady', 'fading']).nullable().meta({
    description: 'with sort=rising: rising or fading where probability is at most 0.001; null where a share is unknown',
  }),
  probability: z.number().nullable().meta({
    description:
      "with sort=rising: how often chance alone makes a change as large or larger (Fisher's exact test, one-sided)",
  }),
});

const Days = z.strictObject({ from: day, to: day, total, totalListed, daysCaptured, daysExpected });

/** The keywords of a range of days, those with most papers first; or keywords and phrases by their trends. */
export const TopicsAnswer = z.strictObject({
  from: day,
  to: day,
  now: Days,
  before: Days,
  topics: z.array(TopicLine),
  total: count.meta({ description: 'keywords' }),
  next,
  sample,
  catalogAsOf,
  coverage: RangeCoverage,
});

export type TopicPoint = z.infer<typeof TopicPoint>;
export type TopicAnswer = z.infer<typeof TopicAnswer>;
export type CompareAnswer = z.infer<typeof CompareAnswer>;
export type TopicLine = z.infer<typeof TopicLine>;
export type TopicsAnswer = z.infer<typeof TopicsAnswer>;
