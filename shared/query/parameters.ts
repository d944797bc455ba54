/** What may stand in an address: each parameter once, with its reading and its error. */
import * as z from 'zod';
import { type DateRange, type PeriodKind, parsePeriod } from '../lib/period.ts';
import { type Day, endOfDay, type Instant, parseDay, parseInstant, startOfDay } from '../lib/time.ts';
import { type ListName, parseListName, WATCHED_SLUG } from '../model/list.ts';
import { parsePaperId } from '../model/paper.ts';
import { decodeCursor } from './paging.ts';
import type { SearchTerm } from './schemas/search.ts';
import { parseSearchText } from './search-text.ts';
import type { Topic } from './topic-counts.ts';
import { parsePhrase, parseTopic } from './topics.ts';

/** Reads text with a function that gives null for what it does not understand; `schema` is what the OpenAPI document says besides. */
const read = <T>(
  as: (text: string) => T | null,
  must: string,
  schema: Readonly<Record<string, unknown>>,
  longest = 300,
) =>
  z
    .string(must)
    .max(longest, 'is too long')
    .transform((text, context): T => {
      const value = as(text);
      if (value !== null) return value;
      context.addIssue({ code: 'custom', message: must });
      return z.NEVER;
    })
    .meta({ description: must, ...schema });

/** Reads a time. A plus that was not encoded comes out of a query as a blank: before an offset a blank is one. */
const timeIn = (text: string): Instant | null => parseInstant(text.replace(/ (?=\d\d:?\d\d$)/, '+'));

/** A list day. */
export const day = read<Day>(parseDay, 'must be a day of the calendar, YYYY-MM-DD', {
  format: 'date',
  examples: ['2025-01-08'],
});
/** A moment. */
export const instant = read<Instant>(timeIn, 'must be a time, RFC 3339', {
  format: 'date-time',
  examples: ['2025-01-08T18:00:00Z'],
});
/** A paper's id; a version suffix is dropped. */
export const paperId = read<string>(parsePaperId, 'must be an arXiv id', { examples: ['2501.04519'] });
/** The name of a list. */
export const list = read<ListName>(parseListName, 'must be daily, trending or watched:<slug>', {
  examples: ['daily'],
});
/** The slug of a watched search. */
export const watchedSlug = read<string>(
  (text) => (WATCHED_SLUG.test(text) ? text : null),
  'must be 1 to 40 of a-z, 0-9 and hyphens',
  { examples: ['agents'] },
);
/** The slug of an author, an organization or a keyword. */
export const slug = z
  .string()
  .max(100, 'is too long')
  .meta({ description: 'lower case, words joined by hyphens', examples: ['ada-lovelace'] });
/** When a capture was taken; with `-` and 12 hex digits of its key, if several were in one second. */
export const captureTime = read<{ at: Instant; digest: string | undefined }>(
  (text) => {
    const [, time = text, digest] = /^(.+)-([0-9a-f]{12})$/.exec(text) ?? [];
    const at = parseInstant(time);
    return at && { at, digest };
  },
  'must be a time, 20250108T061500Z or RFC 3339',
  { examples: ['20250108T061500Z'] },
);
/** A day or an instant where a stretch begins; a day counts from its first second. */
export const rangeStart = read<Instant>((text) => timeIn(text) ?? mapDay(text, startOfDay), 'must be a day or a time', {
  examples: ['2025-01-01'],
});
/** A day or an instant where a stretch ends; a day counts to its last second. */
export const rangeEnd = read<Instant>((text) => timeIn(text) ?? mapDay(text, endOfDay), 'must be a day or a time', {
  examples: ['2025-01-31'],
});
/** A stretch of time by its name, which ends at `to`, or now. */
export const window = z.enum(['24h', '7d', '30d'], 'must be 24h, 7d or 30d').meta({ examples: ['7d'] });
/** Items of one page. */
export const limit = read<number>(
  (text) => (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 500 ? Number(text) : null),
  'must be a number from 1 to 500',
  { type: 'integer', minimum: 1, maximum: 500 },
).default(100);
/**
 * The most letters of a cursor: that of a ranking, an integer of up to 17 characters, `#`, and a slug of 100, which take 3 bytes each in
 * most scripts (a letter of 4 bytes counts as two); base64 makes 4 letters of 3 bytes.
 */
const LONGEST_CURSOR = Math.ceil(((17 + 1 + 100 * 3) * 4) / 3);
/** Where a page begins: a cursor that holds such a position. */
export const cursor = (position: RegExp) =>
  read<string>(
    (text) => {
      const after = decodeCursor(text);
      return after !== null && position.test(after) ? after : null;
    },
    'must be taken from `next`',
    {},
    LONGEST_CURSOR,
  ).optional();
/** The order of a list. */
export const sort = z.enum(['rank', 'upvotes', 'gain'], 'must be rank, upvotes or gain').default('rank');
/** More lines than this can hardly be told apart. */
const COMPARED = 8;

/** A week, `2026-W53`, or a month, `2025-01`: the days of it. */
const period = (kind: PeriodKind, must: string, example: string) =>
  read<DateRange>((text) => parsePeriod(kind, text), must, { examples: [example] });
/** An ISO week. */
export const week = period('week', 'must be a week of the calendar, YYYY-Www', '2025-W02');
/** A month. */
export const month = period('month', 'must be a month of the calendar, YYYY-MM', '2025-01');
/** What a leaderboard is ranked by. */
export const topBy = z.enum(['upvotes', 'gain', 'days'], 'must be upvotes, gain or days').default('upvotes');
/** An age in hours. */
export const age = read<number>(parseAgeHours, 'must be an age in hours or days, 1h to 400d', {
  examples: ['2d', '36h'],
});
/** What days are put together by. */
export const by = z.enum(['week', 'month'], 'must be week or month').default('week');
/** A phrase that is looked for in titles and abstracts. */
export const phrase = read<Topic>(parsePhrase, 'must hold a letter or a digit', { examples: ['test-time scaling'] });
/** A comma with nothing behind it but text without double quotes and closed pairs of them. */
const COMMA_OUTSIDE = /,(?=(?:[^"]*"[^"]*")*[^"]*$)/;
/** Several topics with commas between them: slugs of keywords, or phrases. A comma within double quotes is part of a phrase. */
export const topics = read<readonly Topic[]>(
  (text) => {
    const closed = text.split('"').length % 2 === 1;
    const read = closed ? text.split(COMMA_OUTSIDE).map(parseTopic) : [null];
    const topics = new Map(read.flatMap((topic) => (topic ? [[`${topic.kind} ${topic.topic}`, topic] as const] : [])));
    return !read.includes(null) && topics.size <= COMPARED ? [...topics.values()] : null;
  },
  'must be 1 to 8 topics with commas between them: slugs of keywords, or phrases, in double quotes that are closed where they hold a comma',
  { examples: ['agents,diffusion-models,"world model"'] },
  // slugs have up to 100 characters
  COMPARED * 103,
);

/** The hours of `36h` or `2d`; null for what is no age, or more than 400 days. */
export function parseAgeHours(text: string): number | null {
  const [, count, unit] = /^(\d{1,4})([hd])$/.exec(text) ?? [];
  const hours = Number(count) * (unit === 'd' ? 24 : 1);
  return hours >= 1 && hours <= 400 * 24 ? hours : null;
}

/** What a search looks for: the text, and the terms it was read as. */
export const searchText = z
  .string()
  .max(300, 'must not be longer than 300 characters')
  .transform((text, context): { text: string; terms: readonly SearchTerm[] } => {
    const read = parseSearchText(text);
    if ('terms' in read) return { text, terms: read.terms };
    context.addIssue({ code: 'custom', message: read.wrong });
    return z.NEVER;
  })
  .meta({
    description:
      'words that must all be there; `"a phrase"`, `begin*`, `title:`, `abstract:`, `author:` or `keyword:` before a word or phrase, `-word` for one that must not be there',
    examples: ['"long reading" author:ada', 'title:table*'],
  });
const number = (least: number, description: string) =>
  read<number>(
    (text) => (/^\d{1,7}$/.test(text) && Number(text) >= least ? Number(text) : null),
    `must be a whole number from ${least}`,
    { type: 'integer', minimum: least, description },
  );
/** The least upvotes that are wanted. */
export const minUpvotes = number(
  0,
  'least upvotes: with `list` those last read on the list on which the paper fits, else those last read anywhere',
);
/** The worst rank that is wanted. */
export const maxRank = number(1, 'the best rank on the list on which the paper fits is this or a better one');
/** The order of what was found. */
export const searchSort = z.enum(['relevance', 'date', 'upvotes'], 'must be relevance, date or upvotes').meta({
  description: 'relevance (the default, when q is given), date of first sight, or upvotes as last read anywhere',
});

function mapDay(text: string, to: (day: Day) => Instant): Instant | null {
  const day = parseDay(text);
  return day && to(day);
}
