import * as z from 'zod';
import { PaperkeepError } from '../shared/lib/errors.ts';
import { Settings } from '../shared/settings.ts';

/** The owner's choices. `paperkeep.config.ts` beside the example holds them; every one has a default but the address. */
export const Config = z
  .strictObject({
    /** Name of this deployment, part of its stacks' names; several may live in one account. */
    stage: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be 1 to 20 of a-z, 0-9 and hyphens')
      .default('main'),
    /** Region to deploy into; the one of the AWS configuration when absent. */
    region: z.string().optional(),
    /** Where alarms and the bill's warning go. */
    email: z.email('must be an e-mail address'),
    /** Watched searches, `slug=query;slug=query`. */
    watch: z
      .string()
      .refine((text) => Settings.safeParse({ PAPERKEEP_WATCH: text }).success, 'must be slug=query;slug=query')
      .default(''),
    /** Who may read: everybody who knows the address, or who brings the token that `accessParameter` names. */
    access: z.enum(['public', 'token']).default('public'),
    /** Name of an SSM SecureString parameter with the readers' token; needed with `access: 'token'`. */
    accessParameter: z.string().optional(),
    /** Name of an SSM SecureString parameter with a token for the feed; raises the feed's limits. */
    tokenParameter: z.string().optional(),
    /** Minutes past each full hour at which the feed is visited. */
    minute: z.int().min(0).max(59).default(2),
    /** Days that logs are kept. */
    logDays: z.union([z.literal(7), z.literal(14), z.literal(30), z.literal(90), z.literal(365)]).default(30),
    /** A bill of the whole account above this many dollars a month sends a warning. */
    budgetDollars: z.number().positive().default(1),
    /** Whether the files of an export (Parquet, CSV, SQLite, JSON lines) are made anew every night. */
    exports: z.boolean().default(false),
    /** Whether the site gives those files to whoever may read it, by addresses that hold for minutes. */
    downloads: z.boolean().default(false),
    /** Whether Athena has the exported Parquet as tables, with questions to begin with. */
    analytics: z.boolean().default(false),
    /** Where the feed is; only tests change it. */
    origin: z.string().default('https://huggingface.co'),
  })
  .refine(({ access, accessParameter }) => access === 'public' || accessParameter !== undefined, {
    path: ['accessParameter'],
    message: "is needed with access: 'token'",
  })
  .refine(({ exports, downloads, analytics }) => exports || !(downloads || analytics), {
    path: ['exports'],
    message: 'must be true where downloads or analytics are',
  });

/** The configuration of a deployment, with its defaults. */
export type Config = z.output<typeof Config>;
/** The configuration of a deployment as its owner writes it. */
export type ConfigInput = z.input<typeof Config>;

/**
 * Validates a configuration.
 *
 * @throws PaperkeepError `BAD_CONFIG`, which names everything that is wrong.
 */
export function parseConfig(values: unknown): Config {
  const parsed = Config.safeParse(values);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim());
  throw new PaperkeepError({
    code: 'BAD_CONFIG',
    message: `the configuration is not valid: ${problems.join('; ')}`,
    hint: 'correct paperkeep.config.ts; paperkeep.config.example.ts is an example',
  });
}
