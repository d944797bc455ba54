import { join } from 'node:path';
import * as z from 'zod';
import { WATCHED_SLUG } from './model/target.ts';
import type { Watched } from './sources.ts';

/** Longest query of a watched search; the feed's own limit. */
const QUERY_AT_MOST = 250;

const watch = z.string().transform((text, context): Watched[] => {
  const entries = text.split(';').filter((entry) => entry.trim() !== '');
  const watched = entries.map((entry): Watched => {
    const [slug = '', ...query] = entry.split('=');
    return { slug: slug.trim(), query: query.join('=').trim() };
  });
  const wrong = watched.find(
    ({ slug, query }) => !WATCHED_SLUG.test(slug) || query === '' || query.length > QUERY_AT_MOST,
  );
  const slugs = new Set(watched.map(({ slug }) => slug));
  if (wrong || slugs.size < watched.length) {
    const why = wrong ? `"${wrong.slug}=…" is no search` : 'a slug is there twice';
    context.addIssue({
      code: 'custom',
      message: `must be slug=query;slug=query (${why}); slugs are 1 to 40 of a-z, 0-9 and hyphens`,
    });
    return z.NEVER;
  }
  return watched;
});

/** An http(s) address without path. */
const origin = z
  .url({ protocol: /^https?$/, error: 'must be an address like https://huggingface.co' })
  .transform((url) => new URL(url).origin);

/** All settings, from the environment (flags are put over it). Paths are as given, relative to the working directory. */
export const Settings = z
  .object({
    PAPERKEEP_ORIGIN: origin.default('https://huggingface.co'),
    PAPERKEEP_DATA: z.string().default('./data'),
    PAPERKEEP_ARCHIVE: z.string().optional(),
    PAPERKEEP_TABLE: z.string().optional(),
    PAPERKEEP_WATCH: watch.default([]),
    PAPERKEEP_MIN_GAP_MS: z.coerce
      .number('must be a number of milliseconds')
      .int('must be whole')
      .min(0, 'must be 0 or more')
      .max(600_000, 'must be at most 600000')
      .optional(),
    HF_TOKEN: z.string().optional(),
  })
  .transform((env) => ({
    origin: env.PAPERKEEP_ORIGIN,
    data: env.PAPERKEEP_DATA,
    archive: env.PAPERKEEP_ARCHIVE ?? `file:${join(env.PAPERKEEP_DATA, 'archive')}`,
    table: env.PAPERKEEP_TABLE ?? `sqlite:${join(env.PAPERKEEP_DATA, 'papers.sqlite')}`,
    watch: env.PAPERKEEP_WATCH,
    minGapMs: env.PAPERKEEP_MIN_GAP_MS,
    token: env.HF_TOKEN,
  }));

/** The settings as read. `minGapMs` is undefined where the default for the origin holds. */
export type Settings = z.output<typeof Settings>;
