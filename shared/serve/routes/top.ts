import * as z from 'zod';
import type { SourceName } from '../../model/target.ts';
import type { TopAnswer } from '../../query/answers/top.ts';
import { RANKED_POSITION } from '../../query/ranked.ts';
import { type OpenStretch, SPAN_DAYS } from '../../query/span.ts';
import { type TopBy, topAnswer } from '../../query/top.ts';
import { topPage } from '../../render/top.ts';
import * as params from '../params.ts';
import { type NextUrl, type Route, route, type Schemas, type Site, type Together } from '../route.ts';
import { forward, type Open, pagingOf, rangeOf, stretch, within } from '../stretch.ts';

const asked = {
  list: params.list.default('daily'),
  by: params.topBy,
  age: params.age.optional(),
  limit: params.limit,
  cursor: params.cursor(RANKED_POSITION),
};

type Asked = { list: SourceName; by: TopBy; age?: Open<number>; limit: number; cursor?: Open<string> };

/** An age says nothing of the days on a list. */
const agedVotes: Together<Asked> = {
  of: ['age', 'by'],
  wrong: ({ age, by }) =>
    age !== undefined && by === 'days' ? 'says nothing of by=days: leave it out, or rank by upvotes or gain' : null,
};

/** The leaderboard of days. */
async function leaderboard({ archive }: Site, days: OpenStretch, asked: Asked, next: NextUrl): Promise<TopAnswer> {
  const { list, by, age } = asked;
  const { answer, cursor } = await topAnswer(archive, { list, by, ageHours: age ?? null, ...days }, pagingOf(asked));
  return { ...answer, next: next(cursor) };
}

const shapes = {
  answer: ({ TopAnswer }: Schemas) => TopAnswer,
  table: ({ papers }: TopAnswer, { TopPaper }: Schemas) => ({ columns: Object.keys(TopPaper.shape), rows: papers }),
  papers: ({ papers }: TopAnswer) => papers,
};

/** Leaderboards. */
export const top: readonly Route[] = [
  route({
    path: '/top',
    says: 'The leaderboard of a range of list days; without a range, of the last seven.',
    params: z.object({ ...asked, ...stretch }),
    together: [forward, within(SPAN_DAYS), agedVotes],
    run: (site, asked, next) => leaderboard(site, rangeOf(asked), asked, next),
    page: (answer) => topPage(answer, null),
    ...shapes,
  }),
  route({
    path: '/top/week/:week',
    says: 'The leaderboard of an ISO week.',
    params: z.object({ week: params.week, ...asked }),
    together: [agedVotes],
    run: (site, asked, next) => leaderboard(site, asked.week, asked, next),
    page: (answer) => topPage(answer, 'week'),
    ...shapes,
  }),
  route({
    path: '/top/month/:month',
    says: 'The leaderboard of a month.',
    params: z.object({ month: params.month, ...asked }),
    together: [agedVotes],
    run: (site, asked, next) => leaderboard(site, asked.month, asked, next),
    page: (answer) => topPage(answer, 'month'),
    ...shapes,
  }),
];
