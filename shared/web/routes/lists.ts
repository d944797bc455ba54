import { addSeconds, type Instant } from '../../lib/time.ts';
import { currentDay, type QueryContext, type SiteContext } from '../../query/context.ts';
import { frontQuestion } from '../../query/front.ts';
import type { ListAnswer } from '../../query/list.schema.ts';
import {
  dailyOnQuestion,
  dailyQuestion,
  type ListView,
  trendingOnQuestion,
  trendingQuestion,
  watchedList,
  watchedOnQuestion,
  watchedQuestion,
} from '../../query/list.ts';
import { dailyReplayQuestion, trendingReplayQuestion } from '../../query/replay.ts';
import { watchedSearchesQuestion } from '../../query/watched.ts';
import { createListFeed } from '../feeds.ts';
import { formatListMarkdown } from '../formats/markdown.ts';
import { readAroundList, readFrontPageData } from '../front-page-data.ts';
import { renderFrontPage } from '../pages/front.ts';
import { renderListPage } from '../pages/list.ts';
import { renderWatchedPage } from '../pages/watched.ts';
import { defineRoute, type Route } from '../route.ts';

const renderList = async (answer: ListAnswer, view: ListView, context: SiteContext): Promise<string> =>
  renderListPage(answer, { ...view, today: currentDay(context) }, await readAroundList(context, answer, view.at));

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
  markdown: formatListMarkdown,
};
const ofDay = { ...newest, maxAge: listMaxAge };
const withFeed = (list: 'daily' | 'trending') => ({
  ...newest,
  feed: (context: QueryContext, view: ListView) => createListFeed(context, list, view),
});

/** The front page and the lists: the newest and those of a day. */
export const listRoutes: readonly Route[] = [
  defineRoute(frontQuestion, {
    page: async (answer, { at }, context) => renderFrontPage(answer, await readFrontPageData(context, answer, at)),
  }),
  defineRoute(dailyQuestion, withFeed('daily')),
  defineRoute(dailyOnQuestion, ofDay),
  defineRoute(dailyReplayQuestion, {}),
  defineRoute(trendingQuestion, withFeed('trending')),
  defineRoute(trendingOnQuestion, ofDay),
  defineRoute(trendingReplayQuestion, {}),
  defineRoute(watchedSearchesQuestion, {
    page: renderWatchedPage,
    csv: ({ watched }, { shape }) => ({ columns: Object.keys(shape.watched.element.shape), rows: watched }),
  }),
  defineRoute(watchedQuestion, {
    ...newest,
    feed: async (context, { slug, ...view }) => createListFeed(context, await watchedList(context, slug), view),
  }),
  defineRoute(watchedOnQuestion, ofDay),
];
