/** Every address of the site, once: the app, the OpenAPI document and the test of the docs are made from this table. */
import type { Route } from './route.ts';
import { archive } from './routes/archive.ts';
import { exports } from './routes/exports.ts';
import { lists } from './routes/lists.ts';
import { movers } from './routes/movers.ts';
import { papers } from './routes/papers.ts';
import { search } from './routes/search.ts';
import { top } from './routes/top.ts';
import { topics } from './routes/topics.ts';

/** All routes, in the order they are matched. */
export const routes: readonly Route[] = [
  ...archive,
  ...lists,
  ...movers,
  ...papers,
  ...top,
  ...topics,
  ...search,
  ...exports,
];
