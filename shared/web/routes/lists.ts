import { addSeconds, type Day, type Instant } from '../../lib/time.ts';
import { currentDay, type QueryContext } from '../../query/context.ts';
import { frontQuestion } from '../../query/front.ts';
import type { ListAnswer } from '../../query/list.schema.ts';
import {
  dailyOnQuestion,
  dailyQuestion,
  type ListView,
  trendingOnQuestion,
  trendingQuestion,
  watchedOnQuestion,
  watchedQuestion,
} from '../../query/list.ts';
import { dailyReplayQuestion, trendingReplayQuestion } from '../../query/replay.ts';
import { readFrontPageData } from '../front-page-data.ts';
import { renderFrontPage } from '../pages/front.ts';
import { renderListPage } from '../pages/list.ts';
import { defineRoute, type Route } from '../route.ts';

const renderList = (answer: ListAnswer, { at, sort }: ListView, context: QueryContext): string =>
  renderListPage(answer, { today: currentDay(context), at, sort });

/** An hour for a settled list and for one as of an hour ago, which only a replay or an import may correct; else a minute. */
const listMaxAge = ({ coverage }: ListAnswer, { at }: { at: Instant | null }, { clock }: QueryContext): number =>
  coverage.settled || (at && at < addSeconds(clock(), -3600)) ? 3600 : 60;

const newest = {
  page: renderList,
  csv: ({ papers }: ListAnswer, { shape }: typeof ListAnswer) => ({
    columns: Object.keys(shape.papers.element.shape),
    rows: papers,
  }),
  bib: ({ papers }: ListAnswer) => papers,
};
const ofDay = { ...newest, maxAge: listMaxAge };

/** The front page and the lists: the newest and those of a day. */
export const listRoutes: readonly Route[] = [
  defineRoute(frontQuestion, {
    page: async (answer, { at }, context) =>
      renderFrontPage(answer, await readFrontPageData(context, answer.daily.day as Day, at)),
  }),
  defineRoute(dailyQuestion, newest),
  defineRoute(dailyOnQuestion, ofDay),
  defineRoute(dailyReplayQuestion, {}),
  defineRoute(trendingQuestion, newest),
  defineRoute(trendingOnQuestion, ofDay),
  defineRoute(trendingReplayQuestion, {}),
  defineRoute(watchedQuestion, newest),
  defineRoute(watchedOnQuestion, ofDay),
];
