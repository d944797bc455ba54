/** What several addresses ask in the same way: a stretch of days, a page. */
import type { Day } from '../kit/clock.ts';
import type { Paging } from '../query/page.ts';
import * as params from './params.ts';

/** A parameter that may be left out. */
export type Open<T> = T | undefined;
/** A stretch of days, both ends included. */
export const stretch = { from: params.day.optional(), to: params.day.optional() };
/** True when a stretch does not end before it begins. */
export const isForward = ({ from, to }: { from?: unknown; to?: unknown }) =>
  typeof from !== 'string' || typeof to !== 'string' || from <= to;
/** What is wrong with a stretch that does. */
export const FORWARD = { path: ['from'], error: 'must not be after to' };
/** The page that is asked for. */
export const pagingOf = ({ limit, cursor }: { limit: number; cursor?: Open<string> }): Paging => ({
  limit,
  after: cursor ?? null,
});
/** A stretch as questions have it: an open end is null. */
export const rangeOf = ({ from, to }: { from?: Open<Day>; to?: Open<Day> }) => ({ from: from ?? null, to: to ?? null });
