import { captureQuestion, capturesQuestion } from '../../query/captures.ts';
import { coverageQuestion, withoutSchedule } from '../../query/coverage.ts';
import { exportsQuestion } from '../../query/exports.ts';
import { healthQuestion } from '../../query/health.ts';
import { versionsQuestion } from '../../query/versions.ts';
import { renderCapturePage, renderCapturesPage } from '../pages/captures.ts';
import { renderCoveragePage } from '../pages/coverage.ts';
import { renderExportsPage } from '../pages/exports.ts';
import { renderHealthPage, renderVersionsPage } from '../pages/status.ts';
import { defineRoute, type Route } from '../route.ts';

/** What the archive holds, and what runs. */
export const archiveRoutes: readonly Route[] = [
  defineRoute(coverageQuestion, {
    page: (answer, _, { collects = false }) => renderCoveragePage(collects ? answer : withoutSchedule(answer)),
    csv: ({ days }, { shape }) => ({ columns: Object.keys(shape.days.element.shape), rows: days }),
  }),
  defineRoute(capturesQuestion, {
    page: renderCapturesPage,
    csv: ({ captures }, { shape }) => ({ columns: Object.keys(shape.captures.element.shape), rows: captures }),
  }),
  defineRoute(captureQuestion, {
    page: renderCapturePage,
    snapshot: ({ key }) => key,
    maxAge: () => 3600,
  }),
  defineRoute(healthQuestion, {
    page: renderHealthPage,
    status: ({ status }) => (status === 'ok' ? 200 : 503),
    maxAge: () => 0,
  }),
  defineRoute(versionsQuestion, { page: renderVersionsPage }),
  defineRoute(exportsQuestion, {
    page: renderExportsPage,
    csv: ({ files }, { shape }) => ({ columns: Object.keys(shape.files.element.shape), rows: files }),
  }),
];
