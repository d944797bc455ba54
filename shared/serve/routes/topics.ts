import * as z from 'zod';
import type { Day } from '../../kit/clock.ts';
import type { TopicAnswer } from '../../query/answers/topics.ts';
import { RANKED_POSITION } from '../../query/ranked.ts';
import type { Topic } from '../../query/share.ts';
import { SPAN_DAYS } from '../../query/span.ts';
import { compareAnswer, type TopicQuestion, topicAnswer, topicsAnswer } from '../../query/topics.ts';
import { comparePage, topicPage, topicsPage } from '../../render/topics.ts';
import * as params from '../params.ts';
import { notFound } from '../problem.ts';
import { type Route, route, type Schemas, type Site } from '../route.ts';
import { forward, type Open, pagingOf, rangeOf, stretch, within } from '../stretch.ts';

const span = { ...stretch, by: params.by };
const together = [forward, within(SPAN_DAYS)];

type Asked = { from?: Open<Day>; to?: Open<Day>; by: TopicQuestion['by'] };

const questionOf = (asked: Asked): TopicQuestion => ({ by: asked.by, ...rangeOf(asked) });

const unseen = (site: Site, topics: readonly string[]) =>
  notFound(site.archive, `no paper with the keyword ${topics.join(', ')} was seen`);

async function oneTopic(site: Site, topic: Topic, asked: Asked): Promise<TopicAnswer> {
  const answer = await topicAnswer(site.archive, topic, questionOf(asked));
  return answer ?? Promise.reject(await unseen(site, [topic.topic]));
}

const pointsTable = ({ points }: TopicAnswer, { TopicPoint }: Schemas) => ({
  columns: Object.keys(TopicPoint.shape),
  rows: points,
});

/** Topics over time. */
export const topics: readonly Route[] = [
  route({
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
      const { answer, cursor } = await topicsAnswer(site.archive, questionOf(asked), pagingOf(asked));
      return { ...answer, next: next(cursor) };
    },
    page: (answer) => ('points' in answer ? topicPage(answer) : topicsPage(answer)),
    table: (answer, schemas) =>
      'points' in answer
        ? pointsTable(answer, schemas)
        : { columns: Object.keys(schemas.TopicLine.shape), rows: answer.topics },
  }),
  route({
    path: '/topics/:slug',
    says: 'A keyword over time: its share of papers and of upvotes.',
    params: z.object({ slug: params.slug, ...span }),
    together,
    answer: ({ TopicAnswer }) => TopicAnswer,
    run: (site, asked) => oneTopic(site, { kind: 'keyword', topic: asked.slug }, asked),
    page: (answer) => topicPage(answer),
    table: pointsTable,
  }),
  route({
    path: '/compare',
    says: 'Up to eight topics over the same time.',
    params: z.object({ topics: params.topics, ...span }),
    together,
    answer: ({ CompareAnswer }) => CompareAnswer,
    run: async (site, asked) => {
      const { answer, unseen: names } = await compareAnswer(site.archive, asked.topics, questionOf(asked));
      return answer ?? Promise.reject(await unseen(site, names));
    },
    page: (answer) => comparePage(answer),
    table: ({ topics }, { TopicPoint }) => ({
      columns: ['topic', ...Object.keys(TopicPoint.shape)],
      rows: topics.flatMap(({ topic, points }) => points.map((point) => ({ topic, ...point }))),
    }),
  }),
];
