/** Every address of the site, once: the app, the OpenAPI document and the test of the docs are made from this table. */
import type { Route } from './route.ts';
import { archiveRoutes } from './routes/archive.ts';
import { exportRoutes } from './routes/exports.ts';
import { listRoutes } from './routes/lists.ts';
import { moverRoutes } from './routes/movers.ts';
import { paperRoutes } from './routes/papers.ts';
import { searchRoutes } from './routes/search.ts';
import { topRoutes } from './routes/top.ts';
import { topicRoutes } from './routes/topics.ts';

/** All routes, in the order they are matched. */
export const routes: readonly Route[] = [
  ...archiveRoutes,
  ...listRoutes,
  ...moverRoutes,
  ...paperRoutes,
  ...topRoutes,
  ...topicRoutes,
  ...searchRoutes,
  ...exportRoutes,
];
