/** `npm run deploy`: from nothing, or from whatever is there, to an archive that runs. */
import * as z from 'zod';
import type { Config } from '../../../infra/config.ts';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import { type ConfigFlags, chooseConfig } from './choices.ts';
import type { Cloud } from './cloud.ts';
import { FAILED_CREATION, OLDEST_BOOTSTRAP } from './doctor.ts';
import { confirm, createOperator, type Operator, parseFlags, runCdk, runScript } from './operator.ts';
import { MONTH_DOLLARS } from './prices.ts';
import { findStage, stackNames } from './stage.ts';

/** Flags of `npm run deploy`. */
export type DeployFlags = ConfigFlags & { readonly yes?: boolean; readonly bootstrap?: boolean };

/** What a deployment came to. */
export type DeployReport = {
  readonly stage: string;
  readonly account: string;
  readonly region: string;
  readonly url: string;
  readonly archive: string;
  /** The first list that was captured and when; null when none was within the wait. */
  readonly first: { readonly list: string; readonly at: string } | null;
  /** What the visits came to while none was usable: `challenge`, `refused`, …; empty otherwise. */
  readonly outcomes: readonly string[];
  /** Whether the mail address of the alarms is confirmed. */
  readonly isMailConfirmed: boolean;
  readonly monthDollars: number;
};

/** The first run visits some 15 lists at a gap of two seconds; recording follows within seconds. */
const ASK_MS = 10_000;
const ASK_TIMES = 36;

const Health = z.looseObject({
  lists: z.array(z.looseObject({ list: z.string(), last: z.string().nullable(), stale: z.boolean() })),
});
const Captures = z.looseObject({ captures: z.array(z.looseObject({ outcome: z.string() })) });

/** Deploys, collects once and waits for the first list. Each step looks at what is there, so it can be ended and run again. */
export async function deploy(operator: Operator, flags: DeployFlags): Promise<DeployReport> {
  const { config, region } = await chooseConfig(operator, flags, flags.yes ? [] : ['--yes']);
  const cloud = operator.cloud(region);
  const { account } = await cloud.identity();
  const where = `stage ${config.stage}, account ${account}, ${region}`;
  if (
    !flags.yes &&
    !(await confirm(operator, `Deploy paperkeep (${where})? It costs about ${formatDollars(MONTH_DOLLARS)} a month.`))
  )
    throw new PaperkeepError({
      code: 'DECLINED',
      message: 'nothing was deployed',
      hint: 'run it again when you want it',
    });
  await bootstrap(operator, cloud, account, flags.bootstrap ?? false);
  await clearFailedCreations(operator, cloud, config.stage);
  await runCdk(operator, ['deploy', '--all', '--require-approval', 'never'], region);

  const { app, archive } = await findStage(config.stage, cloud);
  if (!app)
    throw new PaperkeepError({ code: 'NOT_DEPLOYED', message: 'the app stack is not there', hint: 'run it again' });
  const isMailConfirmed = await confirmMail(cloud, app.stack, config.email);
  await cloud.invoke(app.collect);
  // after a destroy the archive may have years behind it, which search would lack until the night
  await cloud.invoke(app.export);
  operator.tell('collecting the first lists; this takes a few minutes');
  const headers = await accessHeaders(cloud, config);
  const first = await waitForList(operator, app.url);
  const outcomes = first ? [] : await outcomesOf(operator, app.url, headers);
  const { stage } = config;
  return {
    stage,
    account,
    region,
    url: app.url,
    archive,
    first,
    outcomes,
    isMailConfirmed,
    monthDollars: MONTH_DOLLARS,
  };
}

/** Lays down what CDK deploys with, once for an account and region; throws NOT_BOOTSTRAPPED where nobody says yes to it. */
export async function bootstrap(operator: Operator, cloud: Cloud, account: string, agreed: boolean): Promise<void> {
  const version = await cloud.bootstrapVersion();
  if (version !== null && version >= OLDEST_BOOTSTRAP) return;
  const where = `aws://${account}/${cloud.region}`;
  const question = `CDK must first lay down a bucket and roles of its own in ${where} (stack CDKToolkit, free but for what is stored). Do it?`;
  if (!agreed && !(await confirm(operator, question))) {
    throw new PaperkeepError({
      code: 'NOT_BOOTSTRAPPED',
      message: `${where} is not bootstrapped for CDK`,
      hint: 'run it again with --bootstrap',
    });
  }
  await runCdk(operator, ['bootstrap', where], cloud.region);
}

/** CDK deletes what a failed first deployment left behind, but not while it is protected; nothing in it was ever used. */
async function clearFailedCreations(operator: Operator, cloud: Cloud, stage: string): Promise<void> {
  for (const name of Object.values(stackNames(stage))) {
    const stack = await cloud.stack(name);
    if (!stack || !FAILED_CREATION.test(stack.status) || !stack.isProtected) continue;
    operator.tell(`${name} is ${stack.status}: its first deployment failed; it is cleared away`);
    await cloud.unprotectStack(name);
  }
}

/** Whether the address has confirmed that it wants alarms; mails it the link again if not. */
async function confirmMail(cloud: Cloud, appStack: string, email: string): Promise<boolean> {
  const topics = await cloud.resources(appStack, 'AWS::SNS::Topic');
  const confirmed = await Promise.all(
    topics.map(async (topic) => {
      const known = (await cloud.subscribers(topic)).some(
        ({ address, isConfirmed }) => address === email && isConfirmed,
      );
      if (!known) await cloud.askToConfirm(topic, email);
      return known;
    }),
  );
  return confirmed.every(Boolean);
}

/** What a site behind a token wants to be asked with. */
export async function accessHeaders(
  cloud: Cloud,
  { access, accessParameter }: Config,
): Promise<Record<string, string>> {
  if (access === 'public' || accessParameter === undefined) return {};
  return { authorization: `Bearer ${await cloud.secret(accessParameter)}` };
}

async function waitForList(operator: Operator, url: string): Promise<DeployReport['first']> {
  for (let asked = 0; asked < ASK_TIMES; asked += 1) {
    const health = Health.safeParse(await fetchJson(operator, `${url}/-/health.json`, {}));
    // where an archive was there before, its last list may be months old
    const found = health.data?.lists.find(({ last, stale }) => last !== null && !stale);
    if (found?.last) return { list: found.list, at: found.last };
    await operator.wait(ASK_MS);
  }
  return null;
}

async function outcomesOf(operator: Operator, url: string, headers: Record<string, string>): Promise<string[]> {
  const answer = Captures.safeParse(await fetchJson(operator, `${url}/captures.json?limit=20`, headers));
  return [...new Set(answer.data?.captures.map(({ outcome }) => outcome))];
}

/** What a site answers as JSON; null where it does not. */
export async function fetchJson(operator: Operator, url: string, headers: Record<string, string>): Promise<unknown> {
  const reply = await operator.get(url, headers);
  try {
    return reply && JSON.parse(reply.body);
  } catch {
    return null;
  }
}

/** Dollars as people read them. */
export const formatDollars = (amount: number): string => (amount < 0.01 ? 'less than a cent' : `$${amount.toFixed(2)}`);

/** What the owner is told. */
export function formatDeployReport({
  url,
  archive,
  region,
  first,
  outcomes,
  isMailConfirmed,
  monthDollars,
}: DeployReport): string {
  const refused = outcomes.some((outcome) => outcome === 'challenge' || outcome === 'refused');
  return [
    '',
    `your archive:  ${url}`,
    `snapshots:     ${archive} (${region})`,
    first
      ? `first list:    ${first.list}, captured at ${first.at}`
      : `first list:    none yet${outcomes.length > 0 ? ` (visits came to: ${outcomes.join(', ')})` : ''}; every full hour it is tried again`,
    ...(refused ? ['               the feed seems to refuse AWS: docs/aws/deploy.md, "A feed that refuses AWS"'] : []),
    `expected cost: about ${formatDollars(monthDollars)} a month in the first year; docs/aws/cost.md says of what, and what if the account is not otherwise empty`,
    isMailConfirmed
      ? 'alarm mail:    confirmed'
      : 'alarm mail:    CONFIRM IT: open the mail "AWS Notification - Subscription Confirmation", else no alarm reaches you',
  ].join('\n');
}

if (import.meta.main) {
  await runScript(async () => {
    const values = parseFlags({
      options: {
        email: { type: 'string' },
        region: { type: 'string' },
        yes: { type: 'boolean' },
        bootstrap: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    });
    const result = await deploy(createOperator(), values as DeployFlags);
    return { result, text: formatDeployReport(result), exit: result.first ? 0 : 3 };
  });
}
