import * as z from 'zod';
import { addSeconds, type Instant } from '../../lib/time.ts';
import type { ListName } from '../../model/list.ts';
import { getMovers, resolveMoversRange, WINDOW_HOURS, type WindowName } from '../../query/movers.ts';
import * as params from '../../query/parameters.ts';
import type { Optional } from '../../query/range-parameters.ts';
import type { MoversAnswer } from '../../query/schemas/movers.ts';
import { readListMonths } from '../../table/calendar.ts';
import type { CsvTable } from '../formats/csv.ts';
import { renderMoversPage } from '../pages/movers.ts';
import { notFound } from '../problem.ts';
import { type CrossFieldRule, defineRoute, type Route, type SiteContext } from '../route.ts';

type Asked = { list: ListName; from?: Optional<Instant>; to?: Optional<Instant>; window?: Optional<WindowName> };

type Edges = Pick<Asked, 'from' | 'to' | 'window'>;

/** The moments that are meant; null where the first is not before the second. */
const edgesOf = ({ context }: SiteContext, { from, to, window }: Edges): { from: Instant; to: Instant } | null =>
  resolveMoversRange({ from: from ?? null, to: to ?? null, window: window ?? null }, context.clock());

const windowOrFrom: CrossFieldRule<Edges> = {
  of: ['window', 'from'],
  wrong: ({ window, from }) => (window && from ? 'ends at to: leave out from, or the window' : null),
};
const inThePast: CrossFieldRule<Edges> = {
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
const changeTable = (answer: MoversAnswer): CsvTable => ({
  columns: COLUMNS,
  rows: (['entered', 'left', 'moved'] as const).flatMap((change) => answer[change].map((row) => ({ change, ...row }))),
});

/** What moves between two moments. */
export const moverRoutes: readonly Route[] = [
  defineRoute({
    path: '/movers',
    says: 'What entered a list, left it and moved between two captures.',
    params: z.object({
      list: params.list.default('daily'),
      from: params.rangeStart.optional(),
      to: params.rangeEnd.optional(),
      window: params.window.optional(),
    }),
    together: [windowOrFrom, inThePast],
    answer: ({ MoversAnswer }) => MoversAnswer,
    run: async (site, asked) => {
      const edges = edgesOf(site, asked) as { from: Instant; to: Instant };
      const found = await getMovers(site.context, { list: asked.list, ...edges });
      if (found.answer) return found.answer;
      throw await notFound(site.context, found.why);
    },
    page: async (answer, { from, to, window }, { context: { table } }) =>
      renderMoversPage(answer, {
        window: from ? null : (window ?? '24h'),
        from: from ? answer.from.asked : null,
        to: to ? answer.to.asked : null,
        windows: Object.keys(WINDOW_HOURS),
        lists: [...(await readListMonths(table)).keys()],
      }),
    table: changeTable,
    // what was captured by an hour ago does not change; replays and imports may still correct it
    maxAge: (_, { to }, { context }) => (to && to < addSeconds(context.clock(), -3600) ? 3600 : 60),
  }),
];
