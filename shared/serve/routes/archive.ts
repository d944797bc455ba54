import * as z from 'zod';
import { CAPTURE_POSITION, captureAnswer, capturesAnswer } from '../../query/captures.ts';
import { CALENDAR_DAYS, coverageAnswer } from '../../query/coverage.ts';
import { healthAnswer } from '../../query/health.ts';
import { coverageOf, newestList } from '../../query/list.ts';
import { summaryOf } from '../../query/store.ts';
import { coveragePage } from '../../render/calendar.ts';
import { capturePage, capturesPage } from '../../render/captures.ts';
import { frontPage } from '../../render/front.ts';
import { healthPage, versionsPage } from '../../render/status.ts';
import * as params from '../params.ts';
import { Refusal } from '../problem.ts';
import { type Route, route } from '../route.ts';
import { forward, pagingOf, rangeOf, stretch, within } from '../stretch.ts';

/** The front page, and what is said of the archive itself. */
export const archive: readonly Route[] = [
  route({
    path: '/',
    says: 'The newest daily list and trending side by side.',
    params: z.object({ at: params.instant.optional() }),
    answer: ({ FrontAnswer }) => FrontAnswer,
    run: async ({ archive }, { at = null }) => {
      const newest = { at, sort: 'rank' } as const;
      const [daily, trending] = await Promise.all([
        newestList(archive, 'daily', newest),
        newestList(archive, 'trending', newest),
      ]);
      return { sample: archive.sample, daily, trending };
    },
    page: (answer, { at }) => frontPage(answer, at ?? null),
  }),
  route({
    path: '/coverage',
    says: 'The calendar of a list: what was captured, what is missing, what of that will still come.',
    params: z.object({ list: params.list.default('daily'), ...stretch }),
    together: [forward, within(CALENDAR_DAYS)],
    answer: ({ CoverageAnswer }) => CoverageAnswer,
    run: ({ archive }, asked) => coverageAnswer(archive, asked.list, rangeOf(asked)),
    page: (answer) => coveragePage(answer),
    table: ({ days }, { CoverageDay }) => ({ columns: Object.keys(CoverageDay.shape), rows: days }),
  }),
  route({
    path: '/captures',
    says: 'The index of captures, newest list day first, of each list the newest capture first.',
    params: z.object({
      list: params.list.optional(),
      ...stretch,
      limit: params.limit,
      cursor: params.cursor(CAPTURE_POSITION),
    }),
    together: [forward],
    answer: ({ CapturesAnswer }) => CapturesAnswer,
    run: async ({ archive }, asked, next) => {
      const { answer, page } = await capturesAnswer(
        archive,
        { list: asked.list ?? null, ...rangeOf(asked) },
        pagingOf(asked),
      );
      return { ...answer, next: next(page.cursor) };
    },
    page: (answer) => capturesPage(answer),
    table: ({ captures }, { CaptureFacts }) => ({ columns: Object.keys(CaptureFacts.shape), rows: captures }),
  }),
  route({
    path: '/captures/:source/:target/:time',
    says: "One snapshot's facts; `.warc.gz` is the file.",
    params: z.object({ source: params.list, target: params.day, time: params.captureTime }),
    answer: ({ CaptureAnswer }) => CaptureAnswer,
    run: async ({ archive }, { source, target, time }) => {
      const found = await captureAnswer(archive, { source, day: target }, time.at, time.digest);
      if (found) return found;
      const summary = await summaryOf(archive.records, { source, day: target }, null);
      throw new Refusal(404, 'Not found', `no capture of ${source} ${target} at ${time.at}`, {
        coverage: coverageOf(summary?.standing ?? null),
      });
    },
    page: (answer) => capturePage(answer),
    snapshot: ({ key }) => key,
    maxAge: () => 3600,
  }),
  route({
    path: '/-/health',
    says: 'Whether the archive is alive; 503 when its newest capture is older than three periods.',
    params: z.object({}),
    answer: ({ HealthAnswer }) => HealthAnswer,
    run: ({ archive }) => healthAnswer(archive),
    page: (answer) => healthPage(answer),
    status: ({ status }) => (status === 'ok' ? 200 : 503),
    maxAge: () => 0,
  }),
  route({
    path: '/-/versions',
    says: 'What is running.',
    params: z.object({}),
    answer: ({ VersionsAnswer }) => VersionsAnswer,
    run: async ({ archive, versions }) => ({ ...versions, sample: archive.sample }),
    page: (answer) => versionsPage(answer),
  }),
];
