/** Topics over time: one, or several to compare. */
import * as z from 'zod';
import { readKeywords } from '../catalog/rising.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import { type DateRange, eachPeriod, type Period, type PeriodKind, startOfLastPeriods } from '../lib/period.ts';
import type { Day } from '../lib/time.ts';
import { foldKeyword } from '../model/paper.ts';
import { currentDay, type QueryContext } from './context.ts';
import { NotFoundError } from './errors.ts';
import { slug } from './parameters.ts';
import { defineQuestion } from './question.ts';
import { closeRange, countPastDays, rangeCoverage } from './range.ts';
import {
  countListed,
  countTopicPapers,
  hasEnoughKeywords,
  keywordSeriesBreaks,
  type Topic,
  topicShare,
  topicTotal,
} from './topic-counts.ts';
import { type TopicRange, topicList, topicRange, topicRules } from './topic-parameters.ts';
import type { CompareAnswer, TopicAnswer, TopicPoint } from './topics.schema.ts';

/** A keyword of fewer than one in so many papers is rare. */
const RARE = 50;

/** A keyword over time. */
export const topicQuestion = defineQuestion({
  path: '/topics/:slug',
  summary:
    'A keyword over time: its share of papers and of upvotes. Spellings that differ by case, hyphens, accents or a plural count as one.',
  notFound: 'The keyword was never seen.',
  parameters: z.object({ slug, ...topicRange }),
  rules: topicRules,
  answer: async () => (await import('./topics.schema.ts')).TopicAnswer,
  run: (context, asked) => getTopic(context, { kind: 'keyword', topic: asked.slug }, asked),
});
/** Several topics over time. */
export const compareQuestion = defineQuestion({
  path: '/compare',
  summary: 'Up to eight topics over the same time.',
  notFound: 'One of the keywords was never seen.',
  parameters: z.object({ topics: topicList, ...topicRange }),
  rules: topicRules,
  answer: async () => (await import('./topics.schema.ts')).CompareAnswer,
  run: (context, asked) => compareTopics(context, asked.topics, asked),
});

/** Weeks or months of a topic without a beginning: half a year of weeks, two years of months. */
const DEFAULT_PERIODS: Readonly<Record<PeriodKind, number>> = { week: 26, month: 24 };

const FIRST_LIST = "SELECT min(day) AS first FROM coverage WHERE list = 'daily' AND captures > 0";

/** The days of a range; a beginning that was not given is not before the first list, so that the chart of a young archive is not empty. */
export function shownDays(catalog: Catalog, { by, ...asked }: TopicRange, today: Day): DateRange {
  const days = closeRange(catalog, 'daily', asked, today, (last) => startOfLastPeriods(by, DEFAULT_PERIODS[by], last));
  const first = catalog.all<{ first: Day | null }>(FIRST_LIST)[0]?.first;
  return !asked.from && first && first > days.from && first <= days.to ? { ...days, from: first } : days;
}

/** A topic over time. @throws {NotFoundError} for a keyword that was never seen */
export async function getTopic(context: QueryContext, topic: Topic, range: TopicRange): Promise<TopicAnswer> {
  const { topics, ...rest } = await compareTopics(context, [topic], range);
  return { ...(topics[0] as CompareAnswer['topics'][number]), ...rest };
}

/** Several topics over the same time. @throws {NotFoundError} that names the keywords that were never seen */
export async function compareTopics(
  context: QueryContext,
  asked: readonly Topic[],
  range: TopicRange,
): Promise<CompareAnswer> {
  const catalog = await context.catalog();
  const keywordOf = readKeywords(
    catalog,
    asked.map(({ topic }) => foldKeyword(topic)),
  );
  const named = asked.map(({ kind, topic }) =>
    kind === 'phrase'
      ? { kind, topic, name: topic, slugs: [] }
      : { kind, topic, name: null, slugs: [], ...keywordOf(foldKeyword(topic)) },
  );
  const unseen = named.filter(({ name }) => name === null).map(({ topic }) => topic);
  if (unseen.length > 0)
    throw new NotFoundError('UNKNOWN_KEYWORD', `no paper with the keyword ${unseen.join(', ')} was seen`);
  const today = currentDay(context);
  const days = shownDays(catalog, range, today);
  const periods = eachPeriod(range.by, days);
  const listed = countListed(catalog, periods);
  const topics = named.map(({ kind, topic, name, slugs }) => {
    const papers = countTopicPapers(catalog, { kind, topic }, periods);
    const points = periods.map((period): TopicPoint => {
      const lists = listed(period);
      const own = papers(period);
      const total = topicTotal(kind, lists);
      const isTelling = hasEnoughKeywords(total, lists);
      return {
        period: period.name,
        papers: own.papers,
        total: total.papers,
        totalListed: lists.all.papers,
        share: topicShare(own.papers, total.papers, isTelling),
        upvotes: own.upvotes,
        totalUpvotes: total.upvotes,
        upvotesShare: topicShare(own.upvotes, total.upvotes, isTelling),
        daysCaptured: lists.daysCaptured,
        daysExpected: countPastDays(period, today),
      };
    });
    return {
      topic,
      kind,
      name: name ?? topic,
      slugs: [...slugs],
      points,
      asPhrase: countAsPhrase(catalog, { kind, topic: name ?? topic }, periods, points),
    };
  });
  const breaks = asked.some(({ kind }) => kind === 'keyword') ? keywordSeriesBreaks() : [];
  return {
    by: range.by,
    ...days,
    topics,
    breaks: breaks.filter(({ day }) => day >= days.from && day <= days.to),
    sample: context.sample,
    catalogAsOf: catalog.asOf(),
    coverage: rangeCoverage(catalog, 'daily', days, today),
  };
}

/**
 * Of a rare keyword, how many papers have its words in the title or the abstract: the feed names few keywords of a paper, and a topic may be
 * missing there that many papers are about. Null where the keyword is not rare, or the phrase is not more frequent.
 */
function countAsPhrase(
  catalog: Catalog,
  { kind, topic }: Topic,
  periods: readonly Period[],
  points: readonly TopicPoint[],
): number | null {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const papers = sum(points.map(({ papers }) => papers));
  if (kind === 'phrase' || papers * RARE >= sum(points.map(({ total }) => total))) return null;
  const counts = countTopicPapers(catalog, { kind: 'phrase', topic }, periods);
  const asPhrase = sum(periods.map((period) => counts(period).papers));
  return asPhrase > papers ? asPhrase : null;
}
