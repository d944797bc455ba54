import { join } from 'node:path';
import * as z from 'zod';
import { type Day, parseDay } from './lib/time.ts';
import type { WatchedSearch } from './lists.ts';
import { FEED_ORIGIN } from './model/feed-urls.ts';
import { WATCHED_SLUG } from './model/list.ts';

/** The longest query of a watched search, as the feed limits it. */
const MAX_QUERY_LENGTH = 250;

const watch = z.string().transform((text, context): WatchedSearch[] => {
  const entries = text.split(';').filter((entry) => entry.trim() !== '');
  const watched = entries.map((entry): WatchedSearch => {
    const [slug = '', ...query] = entry.split('=');
    return { slug: slug.trim(), query: query.join('=').trim() };
  });
  const problems = watched.flatMap(({ slug, query }, at) => [
    ...(WATCHED_SLUG.test(slug) ? [] : [`"${slug}" is not a slug (1 to 40 of a-z, 0-9 and hyphens)`]),
    ...(query === '' ? [`"${slug}" has no query`] : []),
    ...(query.length > MAX_QUERY_LENGTH ? [`the query of "${slug}" is longer than ${MAX_QUERY_LENGTH}`] : []),
    ...(watched.findIndex((other) => other.slug === slug) < at ? [`"${slug}" occurs twice`] : []),
  ]);
  if (problems.length === 0) return watched;
  context.addIssue({ code: 'custom', message: `must be slug=query;slug=query, and ${problems.join(', ')}` });
  return z.NEVER;
});

const since = z.string().transform((text, context): Day => {
  const day = parseDay(text);
  if (day) return day;
  context.addIssue({ code: 'custom', message: 'must be a day of the calendar, YYYY-MM-DD' });
  return z.NEVER;
});

const isOrigin = (url: URL | null): boolean => url === null || url.href === `${url.origin}/`;

/** An http(s) address without path, name or password, such as `example`. */
const origin = (example: string) =>
  z
    .url({ protocol: /^https?$/, error: `must be an address like ${example}` })
    .refine((url) => isOrigin(URL.parse(url)), 'must be an address without a path')
    .transform((url) => new URL(url).origin);

/** The data folder where none is named. */
export const DEFAULT_DATA = './data';

/** The settings, from the environment. Paths are relative to the working directory. */
export const Settings = z
  .object({
    PAPERKEEP_ORIGIN: origin(FEED_ORIGIN).default(FEED_ORIGIN),
    PAPERKEEP_DATA: z.string().default(DEFAULT_DATA),
    PAPERKEEP_ARCHIVE: z
      .string()
      .regex(/^(?:file:|s3:\/\/)./, 'must be file:<folder> or s3://<bucket>[/<prefix>]')
      .optional(),
    PAPERKEEP_TABLE: z
      .string()
      .regex(/^(?:sqlite|dynamodb):./, 'must be sqlite:<path> or dynamodb:<table>')
      .optional(),
    PAPERKEEP_DERIVED: z
      .string()
      .regex(/^s3:\/\/./, 'must be s3://<bucket>')
      .optional(),
    PAPERKEEP_WATCH: watch.default([]),
    PAPERKEEP_MIN_GAP_MS: z
      .string()
      .regex(/^\d{1,6}$/, 'must be a whole number of milliseconds, at most 999999')
      .transform(Number)
      .optional(),
    PAPERKEEP_INDEXING: z.enum(['on', 'off'], 'must be on or off').default('off'),
    PAPERKEEP_SINCE: since.optional(),
    PAPERKEEP_PUBLIC_URL: origin('https://papers.example.org').optional(),
    PAPERKEEP_MAIL: z
      .string()
      .regex(/^(?:(?:outbox:|smtps?:\/\/)[^\s]|ses:$)/, 'must be outbox:<folder>, smtp://…, smtps://… or ses:')
      .optional(),
    PAPERKEEP_MAIL_FROM: z
      .string()
      .regex(
        /^(?:[^<>@"\p{Cc}]* <[^\s<>@"]+@[^\s<>@"]+>|[^\s<>@"]+@[^\s<>@"]+)$/u,
        'must be an address or Name <address>',
      )
      .optional(),
    PAPERKEEP_SUBSCRIPTIONS: z
      .string()
      .regex(/^(?:sqlite|dynamodb):./, 'must be sqlite:<path> or dynamodb:<table>')
      .optional(),
    HF_TOKEN: z.string().optional(),
  })
  .transform((env) => ({
    origin: env.PAPERKEEP_ORIGIN,
    data: env.PAPERKEEP_DATA,
    archive: env.PAPERKEEP_ARCHIVE ?? `file:${join(env.PAPERKEEP_DATA, 'archive')}`,
    table: env.PAPERKEEP_TABLE ?? `sqlite:${join(env.PAPERKEEP_DATA, 'papers.sqlite')}`,
    derived: env.PAPERKEEP_DERIVED,
    watch: env.PAPERKEEP_WATCH,
    minGapMs: env.PAPERKEEP_MIN_GAP_MS,
    indexing: env.PAPERKEEP_INDEXING === 'on',
    since: env.PAPERKEEP_SINCE ?? null,
    publicUrl: env.PAPERKEEP_PUBLIC_URL,
    mail: toMailSettings(env.PAPERKEEP_MAIL, env.PAPERKEEP_MAIL_FROM, env.PAPERKEEP_PUBLIC_URL),
    subscriptions: env.PAPERKEEP_SUBSCRIPTIONS ?? `sqlite:${join(env.PAPERKEEP_DATA, 'subscriptions.sqlite')}`,
    token: env.HF_TOKEN,
  }));

/** The transport and sender of mail, and the address of the site for its links. */
export type MailSettings = { readonly transport: string; readonly from: string; readonly site: string };

/** Mail is off, null, until all three are set. */
const toMailSettings = (transport = '', from = '', site = ''): MailSettings | null =>
  transport && from && site ? { transport, from, site } : null;

/** The settings as read. `minGapMs` is undefined where the default for the origin holds; `since` is null where no history is to be filled in. */
export type Settings = z.output<typeof Settings>;

/** The additional settings of a deployed function. */
export const FunctionSettings = z
  .object({
    PAPERKEEP_STAGE: z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be 1 to 20 of a-z, 0-9 and hyphens'),
    PAPERKEEP_VERSION: z.string(),
    /** The names of SecureString parameters: the feed's token, and the token that clients need. */
    PAPERKEEP_TOKEN_PARAMETER: z.string().optional(),
    PAPERKEEP_ACCESS_PARAMETER: z.string().optional(),
    /** The name of one that holds PAPERKEEP_MAIL, which has the password of an SMTP server. */
    PAPERKEEP_MAIL_PARAMETER: z.string().optional(),
    /** Set for the site where mail is on. */
    PAPERKEEP_SUBSCRIPTIONS: z.string().optional(),
    /** The names of the schedules that are disabled when the bill exceeds the budget, separated by commas. */
    PAPERKEEP_SCHEDULES: z.string().default(''),
    /** The place of the nightly export, `s3://<bucket>/<prefix>`; without it no export is made. */
    PAPERKEEP_EXPORTS: z
      .string()
      .regex(/^s3:\/\/./, 'must be s3://<bucket>/<prefix>')
      .optional(),
    /** Set where the site offers them for download. */
    PAPERKEEP_DOWNLOADS: z.literal('true').optional(),
  })
  .transform((env) => ({
    stage: env.PAPERKEEP_STAGE,
    version: env.PAPERKEEP_VERSION,
    tokenParameter: env.PAPERKEEP_TOKEN_PARAMETER,
    accessParameter: env.PAPERKEEP_ACCESS_PARAMETER,
    mailParameter: env.PAPERKEEP_MAIL_PARAMETER,
    schedules: env.PAPERKEEP_SCHEDULES.split(',').filter(Boolean),
    sendsMail: env.PAPERKEEP_SUBSCRIPTIONS !== undefined,
    exports: env.PAPERKEEP_EXPORTS,
    downloads: env.PAPERKEEP_DOWNLOADS === 'true',
  }));

/** The environment of a deployed function, by the names that the settings read. */
export type FunctionEnvironment = {
  readonly [name in keyof z.input<typeof Settings> | keyof z.input<typeof FunctionSettings>]?: string;
};
