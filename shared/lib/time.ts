/**
 * Time, in one place: the rest of the code knows instants and days as strings and never sees a `Date`.
 * Everything is UTC. Instants are to the second, `2025-01-08T06:15:00Z`; days are `2025-01-08`; both sort as text, and for that to hold
 * years have four digits: time goes from the year 1000 to the end of 9999, and what would be later is that end.
 */

/** A moment, RFC 3339 UTC to the second. */
export type Instant = string & { readonly __instant: true };
/** A UTC calendar day, `YYYY-MM-DD`. */
export type Day = string & { readonly __day: true };
/** Returns the present time; the only source of "now" in shared code. */
export type Clock = () => Instant;
/** Returns how many milliseconds are left; never negative. */
export type Deadline = () => number;

/** The first day there is. */
export const FIRST_DAY = '1000-01-01' as Day;
/** The last day there is. */
export const LAST_DAY = '9999-12-31' as Day;
const END_MS = Date.parse(`${LAST_DAY}T23:59:59Z`);

const fromMs = (ms: number): Instant => `${new Date(Math.min(ms, END_MS)).toISOString().slice(0, 19)}Z` as Instant;

/** Formats a day from its numbers. Formatting an instant and cutting it takes more than twice as long, too long for ten years of days. */
function dayFromMs(ms: number): Day {
  const date = new Date(Math.min(ms, END_MS));
  const two = (part: number): string => (part < 10 ? `0${part}` : `${part}`);
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  return `${year}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}` as Day;
}

/** Reads the numbers of an instant or a day. `Date.parse`, which knows many formats, takes twice as long. */
function toMs(at: Instant | Day): number {
  const part = (from: number, to: number): number => {
    let value = 0;
    for (let place = from; place < to; place++) value = value * 10 + at.charCodeAt(place) - 48;
    return value;
  };
  const day = Date.UTC(part(0, 4), part(5, 7) - 1, part(8, 10));
  return at.length === 10 ? day : day + ((part(11, 13) * 60 + part(14, 16)) * 60 + part(17, 19)) * 1000;
}

/** Converts milliseconds since 1970 to an instant, without fractions of a second. */
export const toInstant = (ms: number): Instant => fromMs(ms);

/** How far apart the clocks of two machines that collect into one archive may be. */
const SKEW_SECONDS = 300;

/** The latest time that counts as past at `now`: the clock of another machine may be 300 seconds ahead. */
export const withClockSkew = (now: Instant): Instant => addSeconds(now, SKEW_SECONDS);

/** The machine's own clock. */
export const systemClock: Clock = () => fromMs(Date.now());

/** A deadline that many milliseconds from now, by the machine's monotonic clock. */
export function deadlineAfter(ms: number): Deadline {
  const end = performance.now() + ms;
  return () => Math.max(0, end - performance.now());
}

/** Waits that many milliseconds. Code that waits takes it as an argument. */
export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const FULL = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])([01]\d|2[0-3]):?([0-5]\d))$/;
const COMPACT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Parses an RFC 3339 time (any offset up to 23:59, any fraction) or the compact `20250108T061500Z`; null for anything else and for a moment that does not exist. */
export function parseInstant(text: string): Instant | null {
  const full = FULL.exec(text);
  const parts = full ?? COMPACT.exec(text);
  if (!parts) return null;
  const [, year, month, day, hour, minute, second] = parts;
  if (!parseDay(`${year}-${month}-${day}`) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return null;
  if (!full?.[7]) return `${year}-${month}-${day}T${hour}:${minute}:${second}Z` as Instant;
  const offset = (Number(full[8]) * 60 + Number(full[9])) * (full[7] === '-' ? 1 : -1);
  return fromMs(
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute) + offset, Number(second)),
  );
}

/** Parses `YYYY-MM-DD`; null for anything else and for a day that does not exist (2025-02-30). */
export function parseDay(text: string): Day | null {
  if (!/^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.test(text)) return null;
  // a short cut: every month has the days up to the 28th
  if (text.slice(8) <= '28') return text as Day;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? null : (text as Day);
}

/** The UTC day that an instant falls on. */
export const dayOf = (at: Instant): Day => at.slice(0, 10) as Day;
/** The first instant of a day. */
export const startOfDay = (day: Day): Instant => `${day}T00:00:00Z` as Instant;
/** The last instant of a day. */
export const endOfDay = (day: Day): Instant => `${day}T23:59:59Z` as Instant;
/** The day `count` days later (or earlier, when negative). */
export const addDays = (day: Day, count: number): Day => dayFromMs(toMs(day) + count * 86_400_000);
/** The instant `seconds` later (or earlier, when negative). */
export const addSeconds = (at: Instant, seconds: number): Instant => fromMs(toMs(at) + seconds * 1000);
/** Seconds from one instant to another; negative when `to` is earlier. */
export const secondsBetween = (from: Instant, to: Instant): number => (toMs(to) - toMs(from)) / 1000;
/** Days from one day to another; negative when `to` is earlier. */
export const countDays = (from: Day, to: Day): number => (toMs(to) - toMs(from)) / 86_400_000;
/** Every day from `from` to `to`, both included; empty when `to` is earlier. */
export function eachDay(from: Day, to: Day): Day[] {
  const first = toMs(from);
  return Array.from({ length: Math.max(0, countDays(from, to) + 1) }, (_, at) => dayFromMs(first + at * 86_400_000));
}
/** `20250108T061500Z`: an instant without punctuation, for file names. */
export const compactInstant = (at: Instant): string => at.replaceAll(/[-:]/g, '');
/** The weekday of a day, 1 (Monday) to 7 (Sunday), as ISO 8601 counts. */
export const weekdayOf = (day: Day): number => new Date(toMs(day)).getUTCDay() || 7;

/** The formats of local times by zone; making one takes as long as a thousand uses. */
const localFormats = new Map<string, Intl.DateTimeFormat>();

/**
 * The day and the hour (0 to 23) that clocks in a time zone show.
 *
 * @param zone Name in the IANA database, `Europe/Berlin`.
 * @throws RangeError for a zone that does not exist.
 */
export function localTime(at: Instant, zone: string): { readonly day: Day; readonly hour: number } {
  let format = localFormats.get(zone);
  if (!format) {
    const digits = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', hourCycle: 'h23' } as const;
    // Sweden writes days as ISO 8601 does
    format = new Intl.DateTimeFormat('sv', { timeZone: zone, ...digits });
    localFormats.set(zone, format);
  }
  const [day, hour] = format.format(toMs(at)).split(' ');
  return { day: day as Day, hour: Number(hour) };
}

/** Formats an instant as the `Date` of a message: `Wed, 08 Jan 2025 06:15:00 +0000`. */
export const toMailDate = (at: Instant): string => new Date(at).toUTCString().replace('GMT', '+0000');
