/** What several addresses ask in the same way: a stretch of days, a page. */
import { countDays, type Day } from '../lib/time.ts';
import type { CrossFieldRule } from '../web/route.ts';
import { currentDay } from './context.ts';
import type { Paging } from './paging.ts';
import * as params from './parameters.ts';

/** A parameter that may be left out. */
export type Optional<T> = T | undefined;
/** A stretch of days, both ends included. */
export const dateRange = { from: params.day.optional(), to: params.day.optional() };
/** A stretch does not end before it begins. */
export const endsAfterStart: CrossFieldRule<{ from?: Optional<string>; to?: Optional<string> }> = {
  of: ['from', 'to'],
  wrong: ({ from, to }) => (from && to && from > to ? 'must not be after to' : null),
};
/** A stretch, up to today where its end is open, has at most so many days: more is not put into one answer. */
export const atMostDays = (days: number): CrossFieldRule<{ from?: Optional<Day>; to?: Optional<Day> }> => ({
  of: ['from', 'to'],
  wrong: ({ from, to }, { context }) =>
    from && countDays(from, to ?? currentDay(context)) >= days ? `must be within ${days} days of to` : null,
});
/** The page that is asked for. */
export const toPaging = ({ limit, cursor }: { limit: number; cursor?: Optional<string> }): Paging => ({
  limit,
  after: cursor ?? null,
});
/** A stretch as questions have it: an open end is null. */
export const toOpenRange = ({ from, to }: { from?: Optional<Day>; to?: Optional<Day> }) => ({
  from: from ?? null,
  to: to ?? null,
});
