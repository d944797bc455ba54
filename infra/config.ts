import * as z from 'zod';
import { PaperkeepError } from '../shared/lib/errors.ts';
import { Settings } from '../shared/settings.ts';

/** The configuration of a deployment, which `paperkeep.config.ts` holds. Everything but the address has a default. */
export const Config = z
  .strictObject({
    /** The name of this deployment, part of its stacks' names; an account may have several. */
    stage: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be 1 to 20 of a-z, 0-9 and hyphens')
      .default('main'),
    /** The region to deploy into; by default that of the AWS configuration. */
    region: z.string().optional(),
    /** The address that alarms and the warning of the budget are mailed to. */
    email: z.email('must be an e-mail address'),
    /** Watched searches, `slug=query;slug=query`. */
    watch: z
      .string()
      .refine((text) => Settings.safeParse({ PAPERKEEP_WATCH: text }).success, 'must be slug=query;slug=query')
      .default(''),
    /** Who may read the site: everyone (`public`), or only requests with the token of `accessParameter`. */
    access: z.enum(['public', 'token']).default('public'),
    /** The name of an SSM SecureString parameter with the token of the site; required with `access: 'token'`. */
    accessParameter: z.string().optional(),
    /** The name of an SSM SecureString parameter with a token for the feed, which raises the feed's limits. */
    tokenParameter: z.string().optional(),
    /** Minutes past each full hour at which the feed is visited. */
    minute: z.int().min(0).max(59).default(2),
    /** How many days logs are kept. */
    logDays: z.union([z.literal(7), z.literal(14), z.literal(30), z.literal(90), z.literal(365)]).default(30),
    /** The monthly bill of the whole account, in dollars, above which the budget warns. */
    budgetDollars: z.number().positive().default(1),
    /** Whether the export (Parquet, CSV, SQLite, JSON lines) is created every night. */
    exports: z.boolean().default(false),
    /** Whether the site offers the files of the export, by URLs that are valid for five minutes. */
    downloads: z.boolean().default(false),
    /** Whether Athena has the exported Parquet as tables, with saved queries. */
    analytics: z.boolean().default(false),
    /** The origin of the feed; only tests change it. */
    origin: z.string().default('https://huggingface.co'),
  })
  .refine(({ access, accessParameter }) => access === 'public' || accessParameter !== undefined, {
    path: ['accessParameter'],
    message: "is required with access: 'token'",
  })
  .refine(({ exports, downloads, analytics }) => exports || !(downloads || analytics), {
    path: ['exports'],
    message: 'must be true when downloads or analytics is true',
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
