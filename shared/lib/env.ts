import type * as z from 'zod';
import { PaperkeepError } from './errors.ts';

/**
 * Parses settings from the environment; an empty value counts as absent.
 *
 * @throws PaperkeepError `BAD_SETTING` that names every bad setting, and never its value, which may be a secret.
 */
export function parseEnv<S extends z.ZodType>(schema: S, env: Record<string, string | undefined>): z.output<S> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const bad = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new PaperkeepError({
    code: 'BAD_SETTING',
    message: `bad setting: ${bad.join('; ')}`,
    hint: 'correct it in the environment',
  });
}
