import { isLoopback } from '../../shared/lib/loopback.ts';
import {
  type Clock,
  type Day,
  dayOf,
  endOfDay,
  type Instant,
  latestPlausible,
  parseDay,
  parseInstant,
  startOfDay,
  systemClock,
} from '../../shared/lib/time.ts';
import { type ListName, parseListName } from '../../shared/model/list.ts';
import { type Context, usageError } from './context.ts';

/** Reads a day given on the command line; null when it was not given. */
export function dayFlag(name: string, value: unknown): Day | null {
  if (value === undefined) return null;
  const day = parseDay(String(value));
  if (day) return day;
  throw usageError(`${name} ${String(value)} is no day of the calendar`, 'give one as YYYY-MM-DD');
}

/** Reads a time given on the command line; null when it was not given. */
export function timeFlag(name: string, value: unknown): Instant | null {
  if (value === undefined) return null;
  const at = parseInstant(String(value));
  if (at) return at;
  throw usageError(`${name} ${String(value)} is no time`, 'give one as 2025-01-08T06:15:00Z');
}

/** Reads a time, or a day of which its first or its last second is meant; null when it was not given. */
export function instantFlag(name: string, value: unknown, second: 'first' | 'last'): Instant | null {
  const day = value === undefined ? null : parseDay(String(value));
  if (!day) return timeFlag(name, value);
  return second === 'first' ? startOfDay(day) : endOfDay(day);
}

/** Reads a whole number from `least` to `most` given on the command line; null when it was not given. */
export function numberFlag(name: string, value: unknown, least: number, most = 9_999_999): number | null {
  if (value === undefined) return null;
  const number = /^\d{1,7}$/.test(String(value)) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw usageError(`${name} ${String(value)} is no number from ${least} to ${most}`, 'give a whole number');
}

/** Reads the name of a source; null when it was not given. */
export function listFlag(value: unknown): ListName | null {
  if (value === undefined) return null;
  const list = parseListName(String(value));
  if (list) return list;
  throw usageError(`${String(value)} is no source`, 'sources are daily, trending and watched:<slug>');
}

/** Reads the name of a source that is watched; null when it was not given. */
export function watchedFlag({ lists }: Context, value: unknown): ListName | null {
  const list = listFlag(value);
  if (list === null || lists.some(({ name }) => name === list)) return list;
  throw usageError(`${list} is not watched`, 'name it in PAPERKEEP_WATCH, or give daily or trending');
}

/** Reads a stretch of days; its end must not lie before its beginning. */
export function rangeFlags({ from, to }: Readonly<Record<string, unknown>>): { from: Day | null; to: Day | null } {
  const range = { from: dayFlag('--from', from), to: dayFlag('--to', to) };
  if (range.from && range.to && range.to < range.from)
    throw usageError(`--to ${range.to} lies before --from ${range.from}`, 'swap them');
  return range;
}

/** The clock of a command: the system's, or `--at`'s, which is refused unless the feed is a loopback stand-in: history is not to be forged. */
export function clockFlag({ settings }: Context, at: unknown): Clock {
  const fixed = timeFlag('--at', at);
  if (!fixed) return systemClock;
  if (isLoopback(settings.origin)) return () => fixed;
  throw usageError(
    `--at sets the clock, and ${settings.origin} is not a loopback address`,
    'leave --at out, or set --origin to a stand-in of the feed on this machine',
  );
}

/** The day of today and everything before; a day in the future is refused. */
export function notAfterToday(day: Day, clock: Clock): Day {
  const today = dayOf(clock());
  if (day <= today) return day;
  throw usageError(`${day} lies in the future (today is ${today}, UTC)`, 'give today or an earlier day');
}

/** A time that has come; one in the future is refused. */
export function notAfterNow(name: string, at: Instant, clock: Clock): Instant {
  const now = clock();
  if (at <= latestPlausible(now)) return at;
  throw usageError(`${name} ${at} lies in the future (now is ${now}, UTC)`, 'give a time that has come');
}
