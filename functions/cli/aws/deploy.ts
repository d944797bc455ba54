import * as z from 'zod';
import { errorMessage, PaperkeepError } from '../../../shared/lib/errors.ts';
import { dayOf } from '../../../shared/lib/time.ts';
import { stackNames } from '../../../shared/names.ts';
import { type AlarmState, formatAlarmState, listAlarmTopics, readAlarmState } from './alarms.ts';
import { bootstrap } from './bootstrap.ts';
import { setUpBudget } from './budget.ts';
import type { Cloud } from './cloud.ts';
import { concurrencyContext } from './concurrency.ts';
import { chooseConfig, readAccessHeaders } from './config.ts';
import { confirm, type DeployDeps, runCdk } from './deps.ts';
import { FAILED_CREATION } from './doctor.ts';
import { describeHistoryCost, formatDollars, MONTH_DOLLARS } from './prices.ts';
import { findDeployment } from './stage.ts';

/** The flags of `deploy`. */
export type DeployFlags = {
  readonly email?: string | undefined;
  readonly region?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly bootstrap?: boolean | undefined;
};

/** The result of a deployment. */
export type DeployReport = {
  readonly stage: string;
  readonly account: string;
  readonly region: string;
  readonly url: string;
  readonly archive: string;
  /** The first list that was captured, and when; null when there was none within six minutes. */
  readonly first: { readonly list: string; readonly at: string } | null;
  /** The outcomes of the visits while none was usable: `challenge`, `refused`, …; otherwise empty. */
  readonly outcomes: readonly string[];
  /** Whether the owner has confirmed the mail subscription of the alarms. */
  readonly isMailConfirmed: boolean;
  /** Who was subscribed to mail with new papers; null where the owner was not asked, or declined. */
  readonly subscriber: string | null;
  /** Whether a budget warns of the cost; the account may refuse it. */
  readonly hasBudget: boolean;
  /** Those that fire; on a first deployment Stale may, until the first list is captured. */
  readonly alarms: AlarmState['alarms'];
  readonly monthDollars: number;
};

/** How often the site is asked for its first list: the first run makes some 15 visits, 2 s apart, and recording follows within seconds. */
const POLL_MS = 10_000;
const POLLS = 36;

const Health = z.looseObject({
  lists: z.array(z.looseObject({ list: z.string(), last: z.string().nullable(), stale: z.boolean() })),
});
const Captures = z.looseObject({ captures: z.array(z.looseObject({ outcome: z.string() })) });

/** Deploys both stacks, starts the first run and waits for the first list. Every step checks what is there, so it can be repeated. */
export async function deploy(deps: DeployDeps, flags: DeployFlags): Promise<DeployReport> {
  const { config, region, email, mailsOwner } = await chooseConfig(deps, flags);
  const { stage } = config;
  const cloud = deps.openCloud(region);
  const { account } = await cloud.getIdentity();
  const question = `Deploy paperkeep (stage ${stage}, account ${account}, ${region})? It costs about ${formatDollars(MONTH_DOLLARS)} a month.${describeHistoryCost(config.since, dayOf(deps.clock()))}`;
  if (!flags.yes && !(await confirm(deps, question)))
    throw new PaperkeepError({ code: 'DECLINED', message: 'nothing was deployed', hint: 'run it again and answer y' });
  await bootstrap(deps, cloud, config, flags.bootstrap);
  await unprotectFailedCreations(deps, cloud, stage);
  const isNew = (await cloud.describeStack(stackNames(stage).service)) === null;
  const context = await concurrencyContext(cloud, config, deps.log);
  await runCdk(deps, ['deploy', '--all', '--require-approval', 'never', ...context], region);
  const hasBudget = await setUpBudget(cloud, config, deps.log);

  const { service, archive, subscriptions } = await findDeployment(stage, cloud);
  if (!service)
    throw new PaperkeepError({
      code: 'NOT_DEPLOYED',
      message: 'the service stack was not created',
      hint: 'run it again',
    });
  if (mailsOwner) await deps.subscribe(subscriptions, region, email);
  const unconfirmedTopics = await requestConfirmation(cloud, service.stack, email, isNew);
  await cloud.startFunction(service.collectFunction);
  // after a destroy the archive may hold years, which search would lack until the night
  await cloud.startFunction(service.exportFunction);
  deps.log.info('collecting the first lists, which takes a few minutes');
  const first = await waitForList(deps, service.url);
  const headers = await readAccessHeaders(cloud, config);
  const outcomes = first ? [] : await readOutcomes(deps, service.url, headers);
  const { url } = service;
  const isMailConfirmed = await confirmMail(deps, cloud, unconfirmedTopics);
  const { alarms } = await readAlarmState(cloud, stage, null);
  const monthDollars = MONTH_DOLLARS;
  const subscriber = mailsOwner ? email : null;
  return {
    stage,
    account,
    region,
    url,
    archive,
    first,
    outcomes,
    isMailConfirmed,
    subscriber,
    hasBudget,
    alarms,
    monthDollars,
  };
}

/** CDK replaces a stack whose creation failed, but not while it is protected. Such a stack never held anything. */
async function unprotectFailedCreations(deps: DeployDeps, cloud: Cloud, stage: string): Promise<void> {
  for (const name of Object.values(stackNames(stage))) {
    const stack = await cloud.describeStack(name);
    if (!stack || !FAILED_CREATION.test(stack.status) || !stack.isProtected) continue;
    deps.log.info(`${name} is ${stack.status} because its first deployment failed; it will be replaced`);
    await cloud.unprotectStack(name);
  }
}

/**
 * The topics whose subscription the address has not confirmed. Subscribes it again, so that AWS mails the link again; the creation of a new
 * stack has just mailed it.
 */
async function requestConfirmation(cloud: Cloud, stack: string, email: string, isNew: boolean): Promise<string[]> {
  const unconfirmed: string[] = [];
  for (const { topic, subscribers } of await listAlarmTopics(cloud, stack)) {
    if (subscribers.some((one) => one.address === email && one.isConfirmed)) continue;
    if (!isNew) await cloud.subscribe(topic, email);
    unconfirmed.push(topic);
  }
  return unconfirmed;
}

const PASTE_LINK =
  'Paste the link of the mail "AWS Notification - Subscription Confirmation", so that only your account can end the alarm mail (Enter: later): ';

/** Whether the alarm mail is confirmed. On a terminal it asks for the mailed link and confirms with its token. */
async function confirmMail({ ask, log }: DeployDeps, cloud: Cloud, topics: readonly string[]): Promise<boolean> {
  for (const topic of topics) {
    const token = URL.parse((await ask?.(PASTE_LINK)) ?? '')?.searchParams.get('Token');
    if (!token) return false;
    try {
      await cloud.confirmSubscription(topic, token);
    } catch (error) {
      log.warn('the alarm mail was not confirmed', { why: errorMessage(error) });
      return false;
    }
  }
  return true;
}

async function waitForList(deps: DeployDeps, url: string): Promise<DeployReport['first']> {
  for (let poll = 0; poll < POLLS; poll += 1) {
    const health = Health.safeParse(await deps.fetchJson(`${url}/-/health.json`, {}));
    // the last list of an archive that was there before may be months old
    const found = health.data?.lists.find(({ last, stale }) => last !== null && !stale);
    if (found?.last) return { list: found.list, at: found.last };
    await deps.wait(POLL_MS);
  }
  return null;
}

async function readOutcomes(deps: DeployDeps, url: string, headers: Record<string, string>): Promise<string[]> {
  const index = Captures.safeParse(await deps.fetchJson(`${url}/captures.json?limit=20`, headers));
  return [...new Set(index.data?.captures.map(({ outcome }) => outcome))];
}

/** Formats the result of a deployment for a terminal. */
export function formatDeployReport(report: DeployReport): string {
  const { first, outcomes } = report;
  const refused = outcomes.some((outcome) => outcome === 'challenge' || outcome === 'refused');
  const none = `none yet${outcomes.length > 0 ? ` (outcomes: ${outcomes.join(', ')})` : ''}; it is retried every hour`;
  return [
    '',
    `site:          ${report.url}`,
    `archive:       ${report.archive} (${report.region})`,
    `first list:    ${first ? `${first.list}, captured at ${first.at}` : none}`,
    ...(refused
      ? ['               the feed seems to refuse AWS; see docs/aws/deploy.md, "A feed that refuses AWS"']
      : []),
    `expected cost: about ${formatDollars(report.monthDollars)} a month in the first year; see docs/aws/cost.md`,
    ...formatAlarmState({ alarms: report.alarms, unconfirmed: [] }),
    ...(report.hasBudget ? [] : ['budget:        none, since the account refused it; watch the bill yourself']),
    ...(report.subscriber === null
      ? []
      : [
          `new papers:    mailed to ${report.subscriber} every morning, once you open the link that Amazon SES mailed there`,
        ]),
    report.isMailConfirmed
      ? 'alarm mail:    confirmed'
      : 'alarm mail:    NOT CONFIRMED: open the mail "AWS Notification - Subscription Confirmation", or no alarm will reach you',
  ].join('\n');
}
