import * as z from 'zod';
import type { Day } from '../../lib/time.ts';
import { CAPTURE_POSITION, getCapture, getCaptures } from '../../query/captures.ts';
import { readSummary } from '../../query/context.ts';
import { getCoverage, MAX_CALENDAR_DAYS } from '../../query/coverage.ts';
import { getHealth } from '../../query/health.ts';
import { getNewestList, toCoverage } from '../../query/list.ts';
import * as params from '../../query/parameters.ts';
import { atMostDays, dateRange, endsAfterStart, toOpenRange, toPaging } from '../../query/range-parameters.ts';
import { readFrontPageData } from '../front-page-data.ts';
import { renderCapturePage, renderCapturesPage } from '../pages/captures.ts';
import { renderCoveragePage } from '../pages/coverage.ts';
import { renderFrontPage } from '../pages/front.ts';
import { renderHealthPage, renderVersionsPage } from '../pages/status.ts';
import { HttpProblem } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';

/** The front page, and what is said of the archive itself. */
export const archiveRoutes: readonly Route[] = [
  defineRoute({
    path: '/',
    says: 'The newest daily list and trending side by side.',
    params: z.object({ at: params.instant.optional() }),
    answer: ({ FrontAnswer }) => FrontAnswer,
    run: async ({ context }, { at = null }) => {
      const newest = { at, sort: 'rank' } as const;
      const [daily, trending] = await Promise.all([
        getNewestList(context, 'daily', newest),
        getNewestList(context, 'trending', newest),
      ]);
      return { sample: context.sample, daily, trending };
    },
    page: async (answer, { at = null }, { context }) =>
      renderFrontPage(answer, await readFrontPageData(context, answer.daily.day as Day, at)),
  }),
  defineRoute({
    path: '/coverage',
    says: 'The calendar of a list: what was captured, what is missing, what of that will still come.',
    params: z.object({ list: params.list.default('daily'), ...dateRange }),
    together: [endsAfterStart, atMostDays(MAX_CALENDAR_DAYS)],
    answer: ({ CoverageAnswer }) => CoverageAnswer,
    run: ({ context }, asked) => getCoverage(context, asked.list, toOpenRange(asked)),
    page: (answer) => renderCoveragePage(answer),
    table: ({ days }, { CoverageDay }) => ({ columns: Object.keys(CoverageDay.shape), rows: days }),
  }),
  defineRoute({
    path: '/captures',
    says: 'The index of captures, newest list day first, of each list the newest capture first.',
    params: z.object({
      list: params.list.optional(),
      ...dateRange,
      limit: params.limit,
      cursor: params.cursor(CAPTURE_POSITION),
    }),
    together: [endsAfterStart],
    answer: ({ CapturesAnswer }) => CapturesAnswer,
    run: async ({ context }, asked, next) => {
      const { answer, page } = await getCaptures(
        context,
        { list: asked.list ?? null, ...toOpenRange(asked) },
        toPaging(asked),
      );
      return { ...answer, next: next(page.cursor) };
    },
    page: (answer) => renderCapturesPage(answer),
    table: ({ captures }, { CaptureFacts }) => ({ columns: Object.keys(CaptureFacts.shape), rows: captures }),
  }),
  defineRoute({
    path: '/captures/:list/:day/:time',
    says: "One snapshot's facts; `.warc.gz` is the file.",
    params: z.object({ list: params.list, day: params.day, time: params.captureTime }),
    answer: ({ CaptureAnswer }) => CaptureAnswer,
    run: async ({ context }, { list, day, time }) => {
      const found = await getCapture(context, { list, day }, time.at, time.digest);
      if (found) return found;
      const summary = await readSummary(context.table, { list, day }, null);
      throw new HttpProblem(404, 'Not found', `no capture of ${list} ${day} at ${time.at}`, {
        coverage: toCoverage(summary?.standing ?? null),
      });
    },
    page: (answer) => renderCapturePage(answer),
    snapshot: ({ key }) => key,
    maxAge: () => 3600,
  }),
  defineRoute({
    path: '/-/health',
    says: 'Whether the archive is alive; 503 when its newest capture is older than three periods.',
    params: z.object({}),
    answer: ({ HealthAnswer }) => HealthAnswer,
    run: ({ context }) => getHealth(context),
    page: (answer) => renderHealthPage(answer),
    status: ({ status }) => (status === 'ok' ? 200 : 503),
    maxAge: () => 0,
  }),
  defineRoute({
    path: '/-/versions',
    says: 'What is running.',
    params: z.object({}),
    answer: ({ VersionsAnswer }) => VersionsAnswer,
    run: async ({ context, versions }) => ({ ...versions, sample: context.sample }),
    page: (answer) => renderVersionsPage(answer),
  }),
];
