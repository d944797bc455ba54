import * as z from 'zod';
import { addSeconds, type Instant } from '../../kit/clock.ts';
import type { SourceName } from '../../model/target.ts';
import type { MoversAnswer } from '../../query/answers/movers.ts';
import { edgesAsked, moversAnswer, WINDOWS, type Window } from '../../query/movers.ts';
import { listsOf } from '../../record/calendar.ts';
import { moversPage } from '../../render/movers.ts';
import * as params from '../params.ts';
import { notFound } from '../problem.ts';
import { type Route, route, type Site, type Table, type Together } from '../route.ts';
import type { Open } from '../stretch.ts';

type Asked = { list: SourceName; from?: Open<Instant>; to?: Open<Instant>; window?: Open<Window> };

type Edges = Pick<Asked, 'from' | 'to' | 'window'>;

/** The moments that are meant; null where the first is not before the second. */
const edgesOf = ({ archive }: Site, { from, to, window }: Edges): { from: Instant; to: Instant } | null =>
  edgesAsked({ from: from ?? null, to: to ?? null, window: window ?? null }, archive.clock());

const windowOrFrom: Together<Edges> = {
  of: ['window', 'from'],
  wrong: ({ window, from }) => (window && from ? 'ends at to: leave out from, or the window' : null),
};
const inThePast: Together<Edges> = {
  of: ['from', 'to'],
  wrong: ({ from, to }, site) =>
    from && !edgesOf(site, { from, to }) ? 'must be before to, and to is now where it is later or left out' : null,
};

/** The three parts as one table. */
const COLUMNS = [
  'change',
  'id',
  'title',
  'rank',
  'upvotes',
  'rankBefore',
  'rankAfter',
  'upvotesBefore',
  'upvotesAfter',
  'hours',
  'upvotesPerHour',
];
const changeTable = (answer: MoversAnswer): Table => ({
  columns: COLUMNS,
  rows: (['entered', 'left', 'moved'] as const).flatMap((change) => answer[change].map((row) => ({ change, ...row }))),
});

/** What moves between two moments. */
export const movers: readonly Route[] = [
  route({
    path: '/movers',
    says: 'What entered a list, left it and moved between two captures.',
    params: z.object({
      list: params.list.default('daily'),
      from: params.begin.optional(),
      to: params.end.optional(),
      window: params.window.optional(),
    }),
    together: [windowOrFrom, inThePast],
    answer: ({ MoversAnswer }) => MoversAnswer,
    run: async (site, asked) => {
      const edges = edgesOf(site, asked) as { from: Instant; to: Instant };
      const found = await moversAnswer(site.archive, { list: asked.list, ...edges });
      if (found.answer) return found.answer;
      throw await notFound(site.archive, found.why);
    },
    page: async (answer, { from, to, window }, { archive: { records } }) =>
      moversPage(answer, {
        window: from ? null : (window ?? '24h'),
        from: from ? answer.from.asked : null,
        to: to ? answer.to.asked : null,
        windows: Object.keys(WINDOWS),
        lists: [...(await listsOf(records)).keys()],
      }),
    table: changeTable,
    // what was captured by an hour ago does not change; replays and imports may still correct it
    maxAge: (_, { to }, { archive }) => (to && to < addSeconds(archive.clock(), -3600) ? 3600 : 60),
  }),
];
