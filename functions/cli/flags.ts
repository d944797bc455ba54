import * as z from 'zod';
import { isLoopback } from '../../shared/lib/loopback.ts';
import {
  addDays,
  type Clock,
  type Day,
  dayOf,
  type Instant,
  systemClock,
  withClockSkew,
} from '../../shared/lib/time.ts';
import type { ListName } from '../../shared/model/list.ts';
import * as params from '../../shared/query/parameters.ts';
import type { CrossFieldRule } from '../../shared/query/question.ts';
import { type Context, usageError } from './context.ts';

/** A flag or an argument with a value: its schema, the placeholder that `--help` shows for the value, and what `--help` says about it. */
export const valueFlag = <S extends z.ZodType>(schema: S, placeholder: string, description: string): S =>
  schema.meta({ placeholder, description });

/** A flag without a value, off unless it is given. */
export const switchFlag = (description: string) => z.boolean().default(false).meta({ description });

/** `--from` and `--to`: list days, both included. */
export const rangeFlags = {
  from: valueFlag(params.day.optional(), '<day>', 'first list day'),
  to: valueFlag(params.day.optional(), '<day>', 'last list day'),
};

/** `--at` of the commands that talk to the feed. */
export const clockFlag = valueFlag(
  params.instant.optional(),
  '<time>',
  'pretend that it is this time; only with a test feed on a loopback address',
);

/** `--since` of the commands that run the schedule or report on it. */
export const sinceFlag = valueFlag(
  params.day.optional(),
  '<day>',
  'also capture older daily lists back to this day, five at each run [PAPERKEEP_SINCE]',
);

/** The context with the day of `--since`, which wins over the setting. Refuses a day in the future. */
export function withSince(context: Context, since: Day | undefined): Context {
  if (since === undefined) return context;
  requirePastDay('--since', since, systemClock);
  return { ...context, settings: { ...context.settings, since } };
}

/** The argument DAY: a list day, `today` or `yesterday` (UTC). */
export const dayArgument = valueFlag(
  z
    .preprocess((text) => {
      if (text === 'today') return dayOf(systemClock());
      return text === 'yesterday' ? addDays(dayOf(systemClock()), -1) : text;
    }, params.day)
    .optional(),
  'day',
  'a list day (YYYY-MM-DD), today or yesterday',
);

/** Days as questions take them: an open end is null. Refuses a range that ends before it begins. */
export function toRange({ from, to }: { readonly from?: Day | undefined; readonly to?: Day | undefined }): {
  from: Day | null;
  to: Day | null;
} {
  if (from && to && to < from) throw usageError(`--to ${to} is before --from ${from}`, 'swap them');
  return { from: from ?? null, to: to ?? null };
}

/** Refuses a range that is too long for one answer, by the rules of its question. */
export function checkRange<V>(rules: readonly CrossFieldRule<V>[] | undefined, values: V): void {
  for (const { parameters, check } of rules ?? []) {
    const problem = check(values, { clock: systemClock });
    if (problem !== null) throw usageError(`--${parameters[0]} ${problem}`, 'give a shorter range');
  }
}

/** Refuses the name of a watched search that is not configured. */
export function requireWatched({ lists }: Context, list: ListName): ListName {
  if (lists.some(({ name }) => name === list)) return list;
  throw usageError(`${list} is not watched`, 'add it to PAPERKEEP_WATCH, or name daily or trending');
}

/** The clock of a command: the system's, or one that stands at `--at`. Only a feed on a loopback address may be asked at another time. */
export function clockAt({ settings }: Context, at: Instant | undefined): Clock {
  if (!at) return systemClock;
  if (isLoopback(settings.origin)) return () => at;
  throw usageError(
    `--at sets the clock, but ${settings.origin} is not a loopback address`,
    'leave out --at, or set --origin to a test feed on this machine',
  );
}

/** Refuses a day in the future. */
export function requirePastDay(flag: string, day: Day, clock: Clock): Day {
  const today = dayOf(clock());
  if (day <= today) return day;
  throw usageError(`${flag} ${day} is in the future (today is ${today}, UTC)`, 'give today or an earlier day');
}

/** Refuses a time in the future. */
export function requirePastTime(flag: string, at: Instant, clock: Clock): Instant {
  const now = clock();
  if (at <= withClockSkew(now)) return at;
  throw usageError(`${flag} ${at} is in the future (now is ${now}, UTC)`, 'give a time in the past');
}
