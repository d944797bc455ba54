/** Every question that the site answers: the app, the OpenAPI document and the tests of the docs are made from this list. */
import type { Route } from './route.ts';
import { archiveRoutes } from './routes/archive.ts';
import { digestRoutes } from './routes/digests.ts';
import { listRoutes } from './routes/lists.ts';
import { paperRoutes } from './routes/papers.ts';
import { trendRoutes } from './routes/trends.ts';

/** The routes by the tag of the OpenAPI document that they stand under. */
export const routesByTag: Readonly<Record<string, readonly Route[]>> = {
  lists: listRoutes,
  papers: paperRoutes,
  trends: trendRoutes,
  digests: digestRoutes,
  archive: archiveRoutes,
};

/** All routes, in the order in which they are matched. */
export const routes: readonly Route[] = Object.values(routesByTag).flat();
