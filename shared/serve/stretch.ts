/** What several addresses ask in the same way: a stretch of days, a page. */
import { type Day, daysBetween } from '../kit/clock.ts';
import type { Paging } from '../query/page.ts';
import { todayOf } from '../query/store.ts';
import * as params from './params.ts';
import type { Together } from './route.ts';

/** A parameter that may be left out. */
export type Open<T> = T | undefined;
/** A stretch of days, both ends included. */
export const stretch = { from: params.day.optional(), to: params.day.optional() };
/** A stretch does not end before it begins. */
export const forward: Together<{ from?: Open<string>; to?: Open<string> }> = {
  of: ['from', 'to'],
  wrong: ({ from, to }) => (from && to && from > to ? 'must not be after to' : null),
};
/** A stretch, up to today where its end is open, has at most so many days: more is not put into one answer. */
export const within = (days: number): Together<{ from?: Open<Day>; to?: Open<Day> }> => ({
  of: ['from', 'to'],
  wrong: ({ from, to }, { archive }) =>
    from && daysBetween(from, to ?? todayOf(archive)) >= days ? `must be within ${days} days of to` : null,
});
/** The page that is asked for. */
export const pagingOf = ({ limit, cursor }: { limit: number; cursor?: Open<string> }): Paging => ({
  limit,
  after: cursor ?? null,
});
/** A stretch as questions have it: an open end is null. */
export const rangeOf = ({ from, to }: { from?: Open<Day>; to?: Open<Day> }) => ({ from: from ?? null, to: to ?? null });
