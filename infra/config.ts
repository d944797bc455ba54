import * as z from 'zod';
import { PaperkeepError } from '../shared/lib/errors.ts';
import { bareAddress } from '../shared/lib/mail-address.ts';
import { Settings } from '../shared/settings.ts';

/** Concurrent executions that are reserved for the collector, and that the site is limited to: the burst of its throttle. */
export const RESERVED_CONCURRENCY = { collect: 2, query: 20 } as const;

/** Lambda limits the environment of a function to 4 KB; this leaves room for everything else in it. */
const MAX_WATCH_BYTES = 2_500;
/** SSM allows 1,011 characters, which two parameters in the environment of a function would not leave room for. */
const parameterName = z.string().max(256, 'must not be longer than 256 characters');

/** The commercial regions that have no Amazon SES. */
export const REGIONS_WITHOUT_SES: readonly string[] = [
  'ap-east-1',
  'ap-east-2',
  'ap-southeast-4',
  'ap-southeast-6',
  'ap-southeast-7',
  'eu-south-2',
  'mx-central-1',
];

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
    /** The address that alarms and the warnings of the budget are mailed to; without one they are mailed to no one. */
    email: z.email('must be an e-mail address').optional(),
    /** Watched searches, `slug=query;slug=query`. */
    watch: z
      .string()
      .refine((text) => Settings.safeParse({ PAPERKEEP_WATCH: text }).success, 'must be slug=query;slug=query')
      .refine((text) => Buffer.byteLength(text) <= MAX_WATCH_BYTES, `must not be longer than ${MAX_WATCH_BYTES} bytes`)
      .default(''),
    /** A day, `2024-01-01`: the schedule also fills the daily lists back to it, five days an hour. */
    since: z
      .string()
      .refine((text) => Settings.safeParse({ PAPERKEEP_SINCE: text }).success, 'must be a day, YYYY-MM-DD')
      .optional(),
    /** The site's own address, `https://papers.example.org`, where a domain or a CDN is in front of it: feeds and mail link to it. */
    publicUrl: z
      .string()
      .refine((text) => Settings.safeParse({ PAPERKEEP_PUBLIC_URL: text }).success, 'must be an address without a path')
      .optional(),
    /** Who may read the site: everyone (`public`), or only requests with the token of `accessParameter`. */
    access: z.enum(['public', 'token']).default('public'),
    /** The name of an SSM SecureString parameter with the token of the site; required with `access: 'token'`. */
    accessParameter: parameterName.optional(),
    /** The name of an SSM SecureString parameter with a token for the feed, which raises the feed's limits. */
    tokenParameter: parameterName.optional(),
    /** Whether search engines may list the site. */
    indexing: z.boolean().default(false),
    /** A domain of the owner for the site, `papers.example.org`; it stays when the service is destroyed and deployed again. */
    domain: z.hostname('must be a domain name').optional(),
    /** The ARN of the certificate for `domain` in AWS Certificate Manager, in the region of the deployment. */
    certificateArn: z
      .string()
      .regex(/^arn:[\w-]+:acm:[\w-]+:\d+:certificate\//, 'must be the ARN of a certificate in AWS Certificate Manager')
      .optional(),
    /** Minutes past each full hour at which the feed is visited. */
    minute: z.int().min(0).max(59).default(2),
    /** How many days logs are kept. */
    logDays: z.union([z.literal(7), z.literal(14), z.literal(30), z.literal(90), z.literal(365)]).default(30),
    /** The monthly bill of the whole account, in dollars, above which the budget warns. */
    budgetDollars: z.number().positive().default(1),
    /** Whether the schedules are disabled, as `pause` does, when the bill exceeds the budget. */
    pauseOverBudget: z.boolean().default(false),
    /** Whether the export (Parquet, CSV, SQLite, JSON lines) is created every night. */
    exports: z.boolean().default(false),
    /** Whether the site offers the files of the export, by URLs that are valid for a minute. */
    downloads: z.boolean().default(false),
    /** Whether Athena has the exported Parquet as tables, with saved queries. */
    analytics: z.boolean().default(false),
    /** Whether new papers are mailed to subscribers, and how: by Amazon SES, or by the SMTP server of `mailParameter`. */
    mail: z.enum(['off', 'ses', 'smtp']).default('off'),
    /** The sender of mail, an address or `Name <address>`; required where mail is on. */
    mailFrom: z
      .string()
      .refine(
        (text) => Settings.safeParse({ PAPERKEEP_MAIL_FROM: text }).success,
        'must be an address or Name <address>',
      )
      .optional(),
    /** The name of an SSM SecureString parameter with `smtps://user:password@host`; required with `mail: 'smtp'`. */
    mailParameter: parameterName.optional(),
    /**
     * Whether concurrency is reserved for the collector and limited for the site. By default `deploy` and `update` do so where the account
     * allows enough concurrent executions.
     */
    reserveConcurrency: z.boolean().optional(),
    /** The qualifier of CDK's bootstrap, part of the names of its roles and bucket. */
    qualifier: z
      .string()
      .regex(/^[a-z0-9]{1,10}$/, 'must be 1 to 10 of a-z and 0-9')
      .default('hnb659fds'),
    /** The name of CDK's bootstrap stack. */
    toolkitStackName: z.string().default('CDKToolkit'),
    /** ARNs of the managed policies that CDK's bootstrap gives to CloudFormation, separated by commas; an administrator's by default. */
    executionPolicies: z.string().optional(),
    /** The name of a managed policy that bounds the roles of CDK's bootstrap. */
    permissionsBoundary: z.string().optional(),
    /** The origin of the feed; only tests change it. */
    origin: z.string().default('https://huggingface.co'),
  })
  .refine(({ access, accessParameter }) => access === 'public' || accessParameter !== undefined, {
    path: ['accessParameter'],
    message: "is required with access: 'token'",
  })
  .refine(({ mail, mailFrom }) => mail === 'off' || mailFrom !== undefined, {
    path: ['mailFrom'],
    message: 'is required where mail is on',
  })
  .refine(({ mail, mailParameter }) => mail !== 'smtp' || mailParameter !== undefined, {
    path: ['mailParameter'],
    message: "is required with mail: 'smtp'",
  })
  .refine(({ mail, region = '' }) => mail !== 'ses' || !REGIONS_WITHOUT_SES.includes(region), {
    path: ['mail'],
    message: "cannot be 'ses' in this region, which has no Amazon SES: choose 'smtp'",
  })
  .refine(({ domain, certificateArn }) => (domain === undefined) === (certificateArn === undefined), {
    path: ['certificateArn'],
    message: 'and domain are required together',
  })
  .refine(({ pauseOverBudget, email }) => !pauseOverBudget || email !== undefined, {
    path: ['pauseOverBudget'],
    message: 'needs email, without which there is no budget',
  })
  .refine(({ exports, downloads, analytics }) => exports || !(downloads || analytics), {
    path: ['exports'],
    message: 'must be true when downloads or analytics is true',
  });

/** The configuration of a deployment, with its defaults. */
export type Config = z.output<typeof Config>;
/** The configuration of a deployment as its owner writes it. */
export type ConfigInput = z.input<typeof Config>;

/** How mail is sent: the sender with its bare address, and the parameter with the SMTP server; without one by SES. */
export type MailConfig = {
  readonly from: string;
  readonly address: string;
  readonly parameter: string | undefined;
};

/** The site's address that the owner chose; undefined for that of the API. */
export const configuredUrl = ({ publicUrl, domain }: Pick<Config, 'publicUrl' | 'domain'>): string | undefined =>
  publicUrl ?? (domain && `https://${domain}`);

/** The choices on mail; null while it is off. */
export function mailConfig({ mail, mailFrom: from, mailParameter }: Config): MailConfig | null {
  if (mail === 'off' || from === undefined) return null;
  return { from, address: bareAddress(from), parameter: mail === 'smtp' ? mailParameter : undefined };
}

/**
 * Validates a configuration.
 *
 * @throws PaperkeepError `BAD_CONFIG`, which names everything that is wrong.
 */
export function parseConfig(values: unknown): Config {
  const parsed = Config.safeParse(values);
  if (parsed.success) return parsed.data;
  throw configError(parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()).join('; '));
}

/** The error for a configuration that is not valid. */
export const configError = (problems: string): PaperkeepError =>
  new PaperkeepError({
    code: 'BAD_CONFIG',
    message: `the configuration is not valid: ${problems}`,
    hint: 'correct paperkeep.config.ts; paperkeep.config.example.ts is an example',
  });
