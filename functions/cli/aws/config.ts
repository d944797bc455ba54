import { type Config, configError, parseConfig, REGIONS_WITHOUT_SES } from '../../../infra/config.ts';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import { usageError } from '../context.ts';
import type { Cloud } from './cloud.ts';
import { confirm, type DeployDeps } from './deps.ts';

/** The owner's configuration, and the region to deploy into. */
export type RegionalConfig = { readonly config: Config; readonly region: string };

/** What a first deployment needs to know: the flag that gives it, and the question where there is a terminal. */
const REQUIRED = {
  email: { flag: '--email', question: 'E-mail address for alarms: ' },
  region: { flag: '--region', question: 'AWS region (eu-central-1, us-east-1, …): ' },
} as const;
type Required = keyof typeof REQUIRED;
const NAMES = Object.keys(REQUIRED) as Required[];

/**
 * Reads the configuration file; without one, takes the configuration from flags and answers, and writes the file.
 *
 * @returns `mailsOwner`: whether the owner has just chosen to get new papers by mail.
 * @throws PaperkeepError `USAGE` for a flag that contradicts the file; `FLAGS_MISSING`, which names every missing flag, where there is no
 * terminal; `BAD_CONFIG`.
 */
export async function chooseConfig(
  deps: DeployDeps,
  flags: { readonly [name in Required]?: string | undefined } & { readonly yes?: boolean | undefined },
): Promise<RegionalConfig & { readonly email: string; readonly mailsOwner: boolean }> {
  const file = await deps.readConfigFile();
  for (const name of NAMES) {
    const [inFile, inFlag] = [file?.[name], flags[name]];
    if (inFile === undefined || inFlag === undefined || inFile === inFlag) continue;
    const conflict = `${REQUIRED[name].flag} ${inFlag} contradicts paperkeep.config.ts, which has ${String(inFile)}`;
    throw usageError(conflict, 'leave the flag out, or change the file');
  }
  const values: Record<string, unknown> = {
    ...file,
    email: file ? file.email : flags.email,
    region: file?.region ?? flags.region ?? (await deps.configuredRegion()) ?? undefined,
  };
  const open = NAMES.filter((name) => values[name] === undefined && !(file && name === 'email'));
  if (!deps.ask && (open.length > 0 || !flags.yes)) {
    const missing = [...open.map((name) => REQUIRED[name].flag), ...(flags.yes ? [] : ['--yes'])];
    throw missingFlagsError(missing);
  }
  for (const name of open) values[name] = await deps.ask?.(REQUIRED[name].question);
  const { email } = parseConfig(values);
  if (email === undefined) throw configError('email is missing');
  const region = String(values.region);
  const mailsOwner =
    !file &&
    !flags.yes &&
    !REGIONS_WITHOUT_SES.includes(region) &&
    (await confirm(deps, `Mail new papers to ${email} every morning, by Amazon SES?`));
  const mail = { ...(mailsOwner && { mail: 'ses', mailFrom: email }) };
  if (!file) {
    deps.writeConfigFile(formatConfigFile({ email, region, ...mail }));
    deps.log.info('wrote paperkeep.config.ts; paperkeep.config.example.ts shows everything that can be configured');
  }
  return { config: parseConfig({ ...values, ...mail }), region, email, mailsOwner };
}

/** The error for flags that are missing where there is no terminal to ask on. */
export const missingFlagsError = (flags: readonly string[]): PaperkeepError =>
  new PaperkeepError({
    code: 'FLAGS_MISSING',
    message: `there is no terminal to ask on, and ${flags.join(', ')} ${flags.length > 1 ? 'are' : 'is'} missing`,
    hint: 'give them as flags, behind `--` where npm runs the command',
  });

/**
 * Reads the configuration file of a deployment that exists.
 *
 * @throws PaperkeepError `NO_CONFIG` where there is no file or no region, `BAD_CONFIG`.
 */
export async function readDeployedConfig(deps: DeployDeps): Promise<RegionalConfig> {
  const file = await deps.readConfigFile();
  const region = file?.region ?? (await deps.configuredRegion());
  if (file && typeof region === 'string') return { config: parseConfig({ ...file, region }), region };
  throw new PaperkeepError({
    code: 'NO_CONFIG',
    message: file ? 'the region of the deployment is not configured' : 'there is no paperkeep.config.ts',
    hint: 'restore the file that paperkeep was deployed with, or run `npm run deploy`',
  });
}

/** The text of a configuration file. */
export function formatConfigFile(values: Readonly<Record<string, string>>): string {
  const quoted = (text: string) => (/['\\]/.test(text) ? JSON.stringify(text) : `'${text}'`);
  const lines = Object.entries(values).map(([name, value]) => `  ${name}: ${quoted(value)},\n`);
  return `import type { ConfigInput } from './infra/config.ts';\n\nexport default {\n${lines.join('')}} satisfies ConfigInput;\n`;
}

/** The headers that the deployed site requires: its token where access is by token. */
export async function readAccessHeaders(
  cloud: Cloud,
  { access, accessParameter }: Config,
): Promise<Record<string, string>> {
  if (access === 'public' || accessParameter === undefined) return {};
  return { authorization: `Bearer ${await cloud.getSecret(accessParameter)}` };
}
