import * as z from 'zod';
import type { ListName } from '../../model/list.ts';
import * as params from '../../query/parameters.ts';
import { MAX_RANGE_DAYS, type OpenDateRange } from '../../query/range.ts';
import {
  atMostDays,
  dateRange,
  endsAfterStart,
  type Optional,
  toOpenRange,
  toPaging,
} from '../../query/range-parameters.ts';
import { RANKED_POSITION } from '../../query/ranked.ts';
import type { TopAnswer } from '../../query/schemas/top.ts';
import { getTop, type TopBy } from '../../query/top.ts';
import { renderTopPage } from '../pages/top.ts';
import {
  type CrossFieldRule,
  defineRoute,
  type NextUrl,
  type Route,
  type Schemas,
  type SiteContext,
} from '../route.ts';

const asked = {
  list: params.list.default('daily'),
  by: params.topBy,
  age: params.age.optional(),
  limit: params.limit,
  cursor: params.cursor(RANKED_POSITION),
};

type Asked = { list: ListName; by: TopBy; age?: Optional<number>; limit: number; cursor?: Optional<string> };

/** An age says nothing of the days on a list. */
const agedVotes: CrossFieldRule<Asked> = {
  of: ['age', 'by'],
  wrong: ({ age, by }) =>
    age !== undefined && by === 'days' ? 'says nothing of by=days: leave it out, or rank by upvotes or gain' : null,
};

/** The leaderboard of days. */
async function leaderboard(
  { context }: SiteContext,
  days: OpenDateRange,
  asked: Asked,
  next: NextUrl,
): Promise<TopAnswer> {
  const { list, by, age } = asked;
  const { answer, cursor } = await getTop(context, { list, by, ageHours: age ?? null, ...days }, toPaging(asked));
  return { ...answer, next: next(cursor) };
}

const shapes = {
  answer: ({ TopAnswer }: Schemas) => TopAnswer,
  table: ({ papers }: TopAnswer, { TopPaper }: Schemas) => ({ columns: Object.keys(TopPaper.shape), rows: papers }),
  papers: ({ papers }: TopAnswer) => papers,
};

/** Leaderboards. */
export const topRoutes: readonly Route[] = [
  defineRoute({
    path: '/top',
    says: 'The leaderboard of a range of list days; without a range, of the last seven.',
    params: z.object({ ...asked, ...dateRange }),
    together: [endsAfterStart, atMostDays(MAX_RANGE_DAYS), agedVotes],
    run: (site, asked, next) => leaderboard(site, toOpenRange(asked), asked, next),
    page: (answer) => renderTopPage(answer, null),
    ...shapes,
  }),
  defineRoute({
    path: '/top/week/:week',
    says: 'The leaderboard of an ISO week.',
    params: z.object({ week: params.week, ...asked }),
    together: [agedVotes],
    run: (site, asked, next) => leaderboard(site, asked.week, asked, next),
    page: (answer) => renderTopPage(answer, 'week'),
    ...shapes,
  }),
  defineRoute({
    path: '/top/month/:month',
    says: 'The leaderboard of a month.',
    params: z.object({ month: params.month, ...asked }),
    together: [agedVotes],
    run: (site, asked, next) => leaderboard(site, asked.month, asked, next),
    page: (answer) => renderTopPage(answer, 'month'),
    ...shapes,
  }),
];
