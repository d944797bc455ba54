import { digestQuestion, digestsQuestion } from '../../digest/issues.ts';
import { createDigestFeed } from '../feeds.ts';
import { renderDigestPage, renderDigestsPage } from '../pages/digests.ts';
import { defineRoute, type Route } from '../route.ts';

/** The issues of the mail that follows everything. */
export const digestRoutes: readonly Route[] = [
  defineRoute(digestsQuestion, {
    page: renderDigestsPage,
    feed: createDigestFeed,
    csv: ({ issues }, { shape }) => ({ columns: Object.keys(shape.issues.element.shape), rows: issues }),
  }),
  defineRoute(digestQuestion, {
    page: renderDigestPage,
    csv: ({ papers }, { shape }) => ({ columns: Object.keys(shape.papers.element.shape), rows: papers }),
    bib: ({ papers }) => papers,
  }),
];
