/** Parameters that several questions share: how each is read from text, and its error. The site and the CLI read them with the same schemas. */
import * as z from 'zod';
import { type DateRange, type PeriodKind, parsePeriod } from '../lib/period.ts';
import { countDays, type Day, endOfDay, type Instant, parseDay, parseInstant, startOfDay } from '../lib/time.ts';
import { type ListName, parseListName, WATCHED_SLUG } from '../model/list.ts';
import { PAPER_ID_PATTERN, parsePaperId, parsePaperReference, plainSlugOf, slugOf } from '../model/paper.ts';
import { currentDay } from './context.ts';
import { decodeCursor, encodeCursor } from './paging.ts';
import type { CrossFieldRule } from './question.ts';

/**
 * A parameter that is parsed from text.
 *
 * @param parse gives null for text that it does not understand
 * @param error how the sentence goes on after the name of the parameter: `must be a day`
 * @param schema what the OpenAPI document reports besides
 */
export const parsed = <T>(
  parse: (text: string) => T | null,
  error: string,
  schema: Readonly<Record<string, unknown>>,
  maxLength = 300,
  separator: string | null = null,
): z.ZodTransform<T, unknown> => {
  // one object where a string with checks and a transform would be seven: building them is a large part of a cold start
  const parameter = z.transform<unknown, T>((given, { issues }) => {
    const text = separator !== null && Array.isArray(given) ? given.join(separator) : given;
    const isTooLong = typeof text === 'string' && text.length > maxLength;
    const value = typeof text === 'string' && !isTooLong ? parse(text) : null;
    if (value !== null) return value;
    issues.push({ code: 'custom', message: isTooLong ? 'is too long' : error, input: text });
    return z.NEVER;
  });
  z.globalRegistry.add(parameter, { type: 'string', description: error, ...schema });
  return parameter;
};

/** A parameter that may be left out: null then. */
export const orNull = <S extends z.ZodType>(schema: S) =>
  schema.optional().transform((value): z.output<S> | null => value ?? null);

/** Reads a time. A plus sign that was not encoded arrives as a space: before an offset a space is a plus. */
const parseTime = (text: string): Instant | null => parseInstant(text.replace(/ (?=\d\d:?\d\d$)/, '+'));

/** Days and times begin with a year from 1000, so that they sort as text. */
const DAY_SCHEMA = { format: 'date', pattern: '^[1-9]' };
const TIME_SCHEMA = { format: 'date-time', pattern: '^[1-9]' };

/** A list day. */
export const day = parsed<Day>(parseDay, 'must be a day of the calendar, YYYY-MM-DD', {
  ...DAY_SCHEMA,
  examples: ['2025-01-08'],
});
/** A moment. */
export const instant = parsed<Instant>(parseTime, 'must be a time, RFC 3339', {
  ...TIME_SCHEMA,
  examples: ['2025-01-08T18:00:00Z'],
});
/** The moment as of which an answer is given; null: now. */
export const at = orNull(instant);
/** A paper's id; a version suffix is dropped. */
export const paperId = parsed<string>(parsePaperId, 'must be an arXiv id', {
  pattern: PAPER_ID_PATTERN,
  examples: ['2501.04519'],
});
/** A paper's id, or its address at arXiv or Hugging Face. */
export const paperReference = parsed<string>(
  parsePaperReference,
  'must be an arXiv id like 2501.04519, or its arXiv or Hugging Face URL',
  { examples: ['2501.04519'] },
);
/** The name of a list. */
export const list = parsed<ListName>(parseListName, 'must be daily, trending or watched:<slug>', {
  pattern: '^(daily|trending|watched:[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?)$',
  examples: ['daily'],
});
/** The slug of a watched search. */
export const watchedSlug = parsed<string>(
  (text) => (WATCHED_SLUG.test(text) ? text : null),
  'must be 1 to 40 of a-z, 0-9 and hyphens',
  { pattern: WATCHED_SLUG.source, examples: ['agents'] },
);
/** The slug of an author, an organization or a keyword. */
export const slug = z
  .string()
  .max(100, 'is too long')
  .meta({ description: 'lower case, words joined by hyphens', examples: ['ada-lovelace'] });
/** Text of which only letters and digits count. */
export const words = (
  schema: Readonly<Record<string, unknown>>,
  read: (text: string) => string = (text) => text,
  maxLength = 300,
) =>
  parsed<string>(
    (text) => (slugOf(text) === '' ? null : read(text)),
    'must hold a letter or a digit',
    { maxLength, ...schema },
    maxLength,
  );
/** The slug or name of a keyword or an organization; null: all papers. */
export const nameFilter = orNull(
  words({ description: 'lower case, words joined by hyphens', examples: ['long-reading'] }, plainSlugOf, 100),
);
/** A day or an instant at which a range begins; a day begins with its first second. */
export const rangeStart = parsed<Instant>(
  (text) => parseTime(text) ?? mapDay(text, startOfDay),
  'must be a day or a time',
  { anyOf: [DAY_SCHEMA, TIME_SCHEMA], examples: ['2025-01-01'] },
);
/** A day or an instant at which a range ends; a day ends with its last second. */
export const rangeEnd = parsed<Instant>(
  (text) => parseTime(text) ?? mapDay(text, endOfDay),
  'must be a day or a time',
  { anyOf: [DAY_SCHEMA, TIME_SCHEMA], examples: ['2025-01-31'] },
);
/** A whole number from `least`. */
export const wholeNumber = (least: number, description: string) =>
  parsed<number>(
    (text) => (/^\d{1,7}$/.test(text) && Number(text) >= least ? Number(text) : null),
    `must be a whole number from ${least}`,
    { type: 'integer', minimum: least, maximum: 9_999_999, description },
  );
/** Only papers with a GitHub repository; null: all. */
export const hasCode = orNull(
  z.literal('true', 'must be true').meta({ description: 'only papers with a GitHub repository' }),
);
/** Items of one page. */
export const limit = parsed<number>(
  (text) => (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 500 ? Number(text) : null),
  'must be a number from 1 to 500',
  { type: 'integer', minimum: 1, maximum: 500 },
).default(100);
/**
 * The most letters of a cursor: that of a ranking, a number of up to 24 characters, `#`, and a slug of 100, which take 3 bytes each in
 * most scripts (a letter of 4 bytes counts as two); base64 makes 4 letters of 3 bytes.
 */
const MAX_CURSOR_LENGTH = Math.ceil(((24 + 1 + 100 * 3) * 4) / 3);
/**
 * The page of an answer: how many items, and the position after which it begins, which the cursor holds.
 *
 * @param example a position
 */
export const paging = (position: RegExp, example: string) => ({
  limit,
  cursor: orNull(
    parsed<string>(
      (text) => {
        const after = decodeCursor(text);
        return after !== null && position.test(after) ? after : null;
      },
      'must be taken from `next`',
      { pattern: '^[A-Za-z0-9_-]+$', maxLength: MAX_CURSOR_LENGTH, examples: [encodeCursor(example)] },
      MAX_CURSOR_LENGTH,
    ),
  ),
});

const period = (kind: PeriodKind, error: string, example: string, pattern: string) =>
  parsed<DateRange>((text) => parsePeriod(kind, text), error, { pattern, examples: [example] });
/** An ISO week: its days. */
export const week = period(
  'week',
  'must be a week of the calendar, YYYY-Www',
  '2025-W02',
  '^[1-9]\\d{3}-W(0[1-9]|[1-4]\\d|5[0-3])$',
);
/** A month: its days. */
export const month = period(
  'month',
  'must be a month of the calendar, YYYY-MM',
  '2025-01',
  '^[1-9]\\d{3}-(0[1-9]|1[0-2])$',
);
/** A year: its days. */
export const year = parsed<DateRange>(
  (text) => {
    const [from, to] = [parseDay(`${text}-01-01`), parseDay(`${text}-12-31`)];
    return /^\d{4}$/.test(text) && from && to ? { from, to } : null;
  },
  'must be a year, YYYY',
  { pattern: '^[1-9]\\d{3}$', examples: ['2025'] },
);

/** A range of days, both ends included; an end that is left out is null. */
export const dateRange = { from: orNull(day), to: orNull(day) };

/** A range does not end before it begins. */
export const endsAfterStart: CrossFieldRule<{ from: string | null; to: string | null }> = {
  parameters: ['from', 'to'],
  check: ({ from, to }) => (from && to && from > to ? 'must not be after to' : null),
};
/** A range, up to today where its end is open, has at most so many days: more is not put into one answer. */
export const atMostDays = (days: number): CrossFieldRule<{ from: Day | null; to: Day | null }> => ({
  parameters: ['from', 'to'],
  check: ({ from, to }, context) =>
    from && countDays(from, to ?? currentDay(context)) >= days ? `must be within ${days} days of to` : null,
});

function mapDay(text: string, to: (day: Day) => Instant): Instant | null {
  const day = parseDay(text);
  return day && to(day);
}
