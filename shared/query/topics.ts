import * as z from 'zod';
import { findTrends, rangeBefore, readKeywords } from '../catalog/rising.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import type { Period } from '../lib/period.ts';
import { addDays, countDays } from '../lib/time.ts';
import { currentDay, type QueryContext } from './context.ts';
import { orNull, paging } from './parameters.ts';
import { defineQuestion } from './question.ts';
import { closeRange, countPastDays, precedingRange, rangeCoverage } from './range.ts';
import { compareRanked, pageRanked, RANKED_CURSOR_PATTERN } from './ranked.ts';
import { getTopic, shownDays } from './topic.ts';
import {
  countKeywords,
  countListed,
  hasEnoughKeywords,
  type ListedCounts,
  type Topic,
  type TopicCounts,
  topicShare,
  topicTotal,
} from './topic-counts.ts';
import { phrase, topicRange, topicRules } from './topic-parameters.ts';
import type { TopicLine, TopicsAnswer } from './topics.schema.ts';

/** The longest range that topics rise in, so that the titles of it and of the eight before it are read in time. */
const MAX_RISING_DAYS = 31;

const topicsParameters = z.object({
  q: orNull(phrase),
  ...topicRange,
  sort: z.enum(['papers', 'rising'], 'must be papers or rising').default('papers'),
  ...paging(RANKED_CURSOR_PATTERN, '3#agents'),
});

/** The keywords of a range, or a phrase over time. */
export const topicsQuestion = defineQuestion({
  path: '/topics',
  summary:
    'The keywords with most papers, against the same length of time before; with `sort=rising` keywords and phrases of titles, a week against the eight before; with `q` a phrase over time.',
  parameters: topicsParameters,
  rules: [
    ...topicRules,
    {
      parameters: ['from', 'to', 'sort'],
      check: ({ from, to, sort }, context) =>
        sort === 'rising' && from && countDays(from, to ?? currentDay(context)) >= MAX_RISING_DAYS
          ? `must be within ${MAX_RISING_DAYS} days of to with sort=rising`
          : null,
    },
  ],
  answer: async () => {
    const { TopicAnswer, TopicsAnswer } = await import('./topics.schema.ts');
    return TopicAnswer.or(TopicsAnswer);
  },
  run: (context, asked) => {
    if (asked.q) return getTopic(context, asked.q, asked);
    return asked.sort === 'rising' ? getRisingTopics(context, asked) : getTopics(context, asked);
  },
});
/** The keywords of a range, those with most papers first, against as many days before. */
export async function getTopics(
  context: QueryContext,
  { from, to, by, ...paging }: Omit<z.output<typeof topicsParameters>, 'q' | 'sort'>,
): Promise<TopicsAnswer> {
  const catalog = await context.catalog();
  const today = currentDay(context);
  const now: Period = { name: 'now', ...shownDays(catalog, { from, to, by }, today) };
  const before: Period = { name: 'before', ...precedingRange(now) };
  const ranking = [...countKeywords(catalog, now)].map(([id, { count }]) => ({ id, value: count })).sort(compareRanked);
  const page = pageRanked(ranking, paging);
  const papersBefore = countKeywords(catalog, before);
  const listed = countListed(catalog, [now, before]);
  const keywordOf = readKeywords(
    catalog,
    page.items.map(({ id }) => id),
  );
  const topics = page.items.map(({ id, value }): TopicLine => {
    const { name, slugs } = keywordOf(id) ?? { name: id, slugs: [] };
    return {
      kind: 'keyword',
      topic: slugs[0] ?? name,
      name,
      slugs: [...slugs],
      ...sharesOf('keyword', [value, papersBefore.get(id)?.count ?? 0], [listed(now), listed(before)]),
      trend: null,
      probability: null,
    };
  });
  return { ...describeTopics(context, catalog, [now, before], listed), topics, total: ranking.length, next: page.next };
}

/** Keywords and phrases of titles in a range (a week) against the eight as long before it: rising ones, then steady ones, then fading ones. */
export async function getRisingTopics(
  context: QueryContext,
  { from, to, limit, cursor }: Pick<z.output<typeof topicsParameters>, 'from' | 'to' | 'limit' | 'cursor'>,
): Promise<TopicsAnswer> {
  const catalog = await context.catalog();
  const days = closeRange(catalog, 'daily', { from, to }, currentDay(context), (last) => addDays(last, -6));
  const now: Period = { name: 'now', ...days };
  const before: Period = { name: 'before', ...rangeBefore(days) };
  const listed = countListed(catalog, [now, before]);
  const lists = [listed(now), listed(before)] as const;
  const ranking = findTrends(catalog, days).terms.map((trend, at) => ({ ...trend, value: -at, id: trend.topic }));
  const page = pageRanked(ranking, { limit, cursor });
  const topics = page.items.map(({ kind, topic, name, slugs, papers, papersBefore, trend, probability }): TopicLine => {
    const shares = sharesOf(kind, [papers, papersBefore], lists);
    const isKnown = shares.change !== null;
    return {
      kind,
      topic,
      name,
      slugs: [...slugs],
      ...shares,
      trend: isKnown ? trend : null,
      probability: isKnown ? probability : null,
    };
  });
  return { ...describeTopics(context, catalog, [now, before], listed), topics, total: ranking.length, next: page.next };
}

type NowAndBefore<T> = readonly [now: T, before: T];

/** The papers and shares of a topic; what was not captured before is unknown. */
function sharesOf(kind: Topic['kind'], papers: NowAndBefore<number>, lists: NowAndBefore<ListedCounts>) {
  const [total, totalBefore] = lists.map((counts) => topicTotal(kind, counts)) as [TopicCounts, TopicCounts];
  const share = topicShare(papers[0], total.papers, hasEnoughKeywords(total, lists[0]));
  const shareBefore = topicShare(papers[1], totalBefore.papers, hasEnoughKeywords(totalBefore, lists[1]));
  return {
    papers: papers[0],
    total: total.papers,
    share,
    papersBefore: lists[1].daysCaptured === 0 ? null : papers[1],
    totalBefore: lists[1].daysCaptured === 0 ? null : totalBefore.papers,
    shareBefore,
    change: share === null || shareBefore === null ? null : share - shareBefore,
  };
}

/** What an answer about topics says of the days that it compares. */
function describeTopics(
  context: QueryContext,
  catalog: Catalog,
  [now, before]: NowAndBefore<Period>,
  listed: (period: Period) => ListedCounts,
) {
  const today = currentDay(context);
  const daysOf = (period: Period) => {
    const { all, known, daysCaptured } = listed(period);
    const { from, to } = period;
    const daysExpected = countPastDays(period, today);
    return { from, to, total: known.papers, totalListed: all.papers, daysCaptured, daysExpected };
  };
  return {
    from: now.from,
    to: now.to,
    now: daysOf(now),
    before: daysOf(before),
    sample: context.sample,
    catalogAsOf: catalog.asOf(),
    coverage: rangeCoverage(catalog, 'daily', now, today),
  };
}
