import { Config } from '../../../infra/config.ts';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import type { Operator } from './operator.ts';

/** What can be said on the command line instead of at the terminal. */
export type ConfigFlags = { readonly email?: string | undefined; readonly region?: string | undefined };

/** The owner's choices, and the region they come to. */
export type ChosenConfig = { readonly config: Config; readonly region: string };

/** What is asked for; everything else has a default. */
const NAMES = ['email', 'region'] as const;
const FLAGS = { email: '--email', region: '--region' } as const;
const QUESTIONS = {
  email: 'E-mail address for alarms and the bill: ',
  region: 'AWS region (eu-central-1, us-east-1, …): ',
} as const;

/**
 * The owner's choices: as written in paperkeep.config.ts; where there is none yet, from flags and answers, and then written.
 * Throws USAGE for flags that contradict the file, CHOICES_MISSING that names every flag that nobody can be asked for, BAD_CONFIG.
 */
export async function chooseConfig(
  operator: Operator,
  flags: ConfigFlags,
  missing: readonly string[],
): Promise<ChosenConfig> {
  const written = await operator.readChoices();
  const told = Object.fromEntries(
    NAMES.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  ) as Partial<Record<(typeof NAMES)[number], string>>;
  if (written) {
    const other = NAMES.find(
      (name) => told[name] !== undefined && written[name] !== undefined && written[name] !== told[name],
    );
    if (other) {
      const what = `paperkeep.config.ts has the ${other} ${String(written[other])}, and ${FLAGS[other]} says ${told[other]}`;
      throw new PaperkeepError({ code: 'USAGE', message: what, hint: 'leave the flag out, or change the file' });
    }
  }
  const choices: Record<string, unknown> = { ...written, ...told };
  choices.region ??= (await operator.configuredRegion()) ?? undefined;
  const open = NAMES.filter((name) => choices[name] === undefined);
  const unasked = operator.ask ? [] : [...open.map((name) => FLAGS[name]), ...missing];
  if (unasked.length > 0) {
    const what = `nobody can be asked here, and ${unasked.join(', ')} ${unasked.length > 1 ? 'are' : 'is'} missing`;
    throw new PaperkeepError({
      code: 'CHOICES_MISSING',
      message: what,
      hint: 'give each as a flag behind --, or run it at a terminal',
    });
  }
  for (const name of open) choices[name] = await operator.ask?.(QUESTIONS[name]);
  const config = checked(choices);
  const region = String(config.region);
  if (written === null) {
    operator.writeChoices(formatConfigFile({ email: config.email, region }));
    operator.tell(
      'wrote paperkeep.config.ts: it holds your choices; paperkeep.config.example.ts shows what else can be chosen',
    );
  } else if (written.email === undefined) {
    throw new PaperkeepError({
      code: 'BAD_CONFIG',
      message: 'paperkeep.config.ts: email is missing',
      hint: 'write it into the file',
    });
  }
  return { config, region };
}

/** The owner's choices of a deployment that is there. Throws NO_CHOICES where nothing was ever chosen. */
export async function readDeployedConfig(operator: Operator): Promise<ChosenConfig> {
  const written = await operator.readChoices();
  const region = written?.region ?? (await operator.configuredRegion());
  if (!written || typeof region !== 'string') {
    const what = written
      ? 'it is not known in which region paperkeep is deployed'
      : 'there is no paperkeep.config.ts here';
    throw new PaperkeepError({
      code: 'NO_CHOICES',
      message: what,
      hint: 'bring the file that it was deployed with, or run `npm run deploy`',
    });
  }
  return { config: checked({ ...written, region }), region };
}

function checked(choices: unknown): Config {
  const read = Config.safeParse(choices);
  if (read.success) return read.data;
  const bad = read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
  throw new PaperkeepError({
    code: 'BAD_CONFIG',
    message: `your choices: ${bad}`,
    hint: 'correct the flag, or paperkeep.config.ts',
  });
}

/** The file of the owner's choices. */
export function formatConfigFile(choices: Readonly<Record<string, string>>): string {
  const quoted = (text: string) => (/['\\]/.test(text) ? JSON.stringify(text) : `'${text}'`);
  const lines = Object.entries(choices).map(([name, value]) => `  ${name}: ${quoted(value)},\n`);
  return `import type { ConfigInput } from './infra/config.ts';\n\nexport default {\n${lines.join('')}} satisfies ConfigInput;\n`;
}
