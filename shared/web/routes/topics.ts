import * as z from 'zod';
import type { Day } from '../../lib/time.ts';
import * as params from '../../query/parameters.ts';
import { MAX_RANGE_DAYS } from '../../query/range.ts';
import {
  atMostDays,
  dateRange,
  endsAfterStart,
  type Optional,
  toOpenRange,
  toPaging,
} from '../../query/range-parameters.ts';
import { RANKED_POSITION } from '../../query/ranked.ts';
import type { TopicAnswer } from '../../query/schemas/topics.ts';
import type { Topic } from '../../query/topic-counts.ts';
import { compareTopics, getTopic, getTopics, type TopicQuestion } from '../../query/topics.ts';
import { renderComparePage, renderTopicPage, renderTopicsPage } from '../pages/topics.ts';
import { notFound } from '../problem.ts';
import { defineRoute, type Route, type Schemas, type SiteContext } from '../route.ts';

const span = { ...dateRange, by: params.by };
const together = [endsAfterStart, atMostDays(MAX_RANGE_DAYS)];

type Asked = { from?: Optional<Day>; to?: Optional<Day>; by: TopicQuestion['by'] };

const questionOf = (asked: Asked): TopicQuestion => ({ by: asked.by, ...toOpenRange(asked) });

const unseen = (site: SiteContext, topics: readonly string[]) =>
  notFound(site.context, `no paper with the keyword ${topics.join(', ')} was seen`);

async function oneTopic(site: SiteContext, topic: Topic, asked: Asked): Promise<TopicAnswer> {
  const answer = await getTopic(site.context, topic, questionOf(asked));
  return answer ?? Promise.reject(await unseen(site, [topic.topic]));
}

const pointsTable = ({ points }: TopicAnswer, { TopicPoint }: Schemas) => ({
  columns: Object.keys(TopicPoint.shape),
  rows: points,
});

/** Topics over time. */
export const topicRoutes: readonly Route[] = [
  defineRoute({
    path: '/topics',
    says: 'The keywords with most papers, against the same length of time before; with `q` a phrase over time.',
    params: z.object({
      q: params.phrase.optional(),
      ...span,
      limit: params.limit,
      cursor: params.cursor(RANKED_POSITION),
    }),
    together,
    answer: ({ TopicAnswer, TopicsAnswer }) => TopicAnswer.or(TopicsAnswer),
    run: async (site, asked, next) => {
      if (asked.q) return oneTopic(site, asked.q, asked);
      const { answer, cursor } = await getTopics(site.context, questionOf(asked), toPaging(asked));
      return { ...answer, next: next(cursor) };
    },
    page: (answer) => ('points' in answer ? renderTopicPage(answer) : renderTopicsPage(answer)),
    table: (answer, schemas) =>
      'points' in answer
        ? pointsTable(answer, schemas)
        : { columns: Object.keys(schemas.TopicLine.shape), rows: answer.topics },
  }),
  defineRoute({
    path: '/topics/:slug',
    says: 'A keyword over time: its share of papers and of upvotes.',
    params: z.object({ slug: params.slug, ...span }),
    together,
    answer: ({ TopicAnswer }) => TopicAnswer,
    run: (site, asked) => oneTopic(site, { kind: 'keyword', topic: asked.slug }, asked),
    page: (answer) => renderTopicPage(answer),
    table: pointsTable,
  }),
  defineRoute({
    path: '/compare',
    says: 'Up to eight topics over the same time.',
    params: z.object({ topics: params.topics, ...span }),
    together,
    answer: ({ CompareAnswer }) => CompareAnswer,
    run: async (site, asked) => {
      const { answer, unseen: names } = await compareTopics(site.context, asked.topics, questionOf(asked));
      return answer ?? Promise.reject(await unseen(site, names));
    },
    page: (answer) => renderComparePage(answer),
    table: ({ topics }, { TopicPoint }) => ({
      columns: ['topic', ...Object.keys(TopicPoint.shape)],
      rows: topics.flatMap(({ topic, points }) => points.map((point) => ({ topic, ...point }))),
    }),
  }),
];
