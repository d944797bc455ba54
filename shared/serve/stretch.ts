/** What several addresses ask in the same way: a stretch of days, a page. */
import { type Day, daysBetween } from '../kit/clock.ts';
import type { Stretch } from '../kit/period.ts';
import type { Paging } from '../query/page.ts';
import { SPAN_DAYS } from '../query/span.ts';
import * as params from './params.ts';
import { badParameters } from './problem.ts';

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
/** A stretch that one answer can be made of; a longer one is refused. */
export function notTooLong(days: Stretch): Stretch {
  if (daysBetween(days.from, days.to) < SPAN_DAYS) return days;
  throw badParameters([{ parameter: 'from', detail: `must be within ${SPAN_DAYS} days of to` }]);
}
