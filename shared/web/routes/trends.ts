import { addSeconds } from '../../lib/time.ts';
import { expectedQuestion } from '../../query/expected.ts';
import { moversQuestion, WINDOW_HOURS } from '../../query/movers.ts';
import type { TopAnswer } from '../../query/top.schema.ts';
import { topMonthQuestion, topQuestion, topWeekQuestion, topYearQuestion } from '../../query/top.ts';
import { compareQuestion, topicQuestion } from '../../query/topic.ts';
import { readTopicTrends } from '../../query/topic-trends.ts';
import type { TopicAnswer } from '../../query/topics.schema.ts';
import { topicsQuestion } from '../../query/topics.ts';
import { readListMonths } from '../../table/calendar.ts';
import type { CsvTable } from '../formats/csv.ts';
import { renderExpectedPage } from '../pages/expected.ts';
import { renderMoversPage } from '../pages/movers.ts';
import { renderTopPage } from '../pages/top.ts';
import { renderComparePage, renderTopicPage, renderTopicsPage } from '../pages/topics.ts';
import { defineRoute, type Route } from '../route.ts';

const top = {
  csv: ({ papers }: TopAnswer, { shape }: typeof TopAnswer): CsvTable => ({
    columns: Object.keys(shape.papers.element.shape),
    rows: papers,
  }),
  bib: ({ papers }: TopAnswer) => papers,
};

const pointTable = ({ points }: TopicAnswer, { shape }: typeof TopicAnswer): CsvTable => ({
  columns: Object.keys(shape.points.element.shape),
  rows: points,
});

/** What moves, what leads and what people turn to. */
export const trendRoutes: readonly Route[] = [
  defineRoute(moversQuestion, {
    page: async (answer, { from, to, window, sort }, { table, clock }) =>
      renderMoversPage(answer, {
        window,
        from: from ? answer.from.asked : null,
        // without a range an archive that stopped is shown as of its newest capture, where windows that end now hold nothing
        to: to || (!window && answer.to.asked < addSeconds(clock(), -86_400)) ? answer.to.asked : null,
        windows: Object.keys(WINDOW_HOURS),
        lists: [...(await readListMonths(table)).keys()],
        sort,
      }),
    csv: (answer, { shape }) => ({
      columns: [
        'change',
        ...new Set(['entered', 'left', 'moved'].flatMap((part) => Object.keys(shape[part as 'left'].element.shape))),
      ],
      rows: (['entered', 'left', 'moved'] as const).flatMap((change) =>
        answer[change].map((row) => ({ change, ...row })),
      ),
    }),
    // what was captured by an hour ago changes only by a replay or an import
    maxAge: (_, { to }, { clock }) => (to && to < addSeconds(clock(), -3600) ? 3600 : 60),
  }),
  defineRoute(topQuestion, { ...top, page: (answer) => renderTopPage(answer, null) }),
  defineRoute(topWeekQuestion, { ...top, page: (answer) => renderTopPage(answer, 'week') }),
  defineRoute(topMonthQuestion, { ...top, page: (answer) => renderTopPage(answer, 'month') }),
  defineRoute(topYearQuestion, { ...top, page: (answer) => renderTopPage(answer, 'year') }),
  defineRoute(expectedQuestion, {
    page: renderExpectedPage,
    csv: ({ points }, { shape }) => ({ columns: Object.keys(shape.points.element.shape), rows: points }),
  }),
  defineRoute(topicsQuestion, {
    page: async (answer, { sort, from, to, cursor }, context) => {
      if ('points' in answer) return renderTopicPage(answer);
      const isOverview = sort === 'papers' && !from && !to && !cursor;
      return renderTopicsPage(answer, sort, isOverview ? await readTopicTrends(context) : null);
    },
    csv: (answer, { options: [one, many] }) =>
      'points' in answer
        ? pointTable(answer, one)
        : { columns: Object.keys(many.shape.topics.element.shape), rows: answer.topics },
  }),
  defineRoute(topicQuestion, { page: renderTopicPage, csv: pointTable }),
  defineRoute(compareQuestion, {
    page: renderComparePage,
    choose: ({ topics }) => (topics ? null : '/topics'),
    csv: ({ topics }, { shape }) => ({
      columns: ['topic', ...Object.keys(shape.topics.element.shape.points.element.shape)],
      rows: topics.flatMap(({ topic, points }) => points.map((point) => ({ topic, ...point }))),
    }),
  }),
];
