import { errorMessage, PaperkeepError } from '../../../shared/lib/errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Cloud, Stack } from './cloud.ts';
import { findStage, stackNames } from './stage.ts';

/** What was looked at and what came of it; `mend` is null when nothing is wrong. */
export type CloudCheck = {
  readonly check: string;
  readonly found: string;
  readonly hint: string | null;
  readonly exit: ExitCode;
};

/** What the bootstrap must be at least: the one whose roles and bucket today's CDK deploys with. */
export const OLDEST_BOOTSTRAP = 6;
/** One run of the collector, two of the recorder, and some readers. */
const FUNCTIONS_AT_ONCE = 8;
/** A creation that failed leaves a stack like this; nothing can be done with it but to delete it. */
export const FAILED_CREATION = /^(ROLLBACK_COMPLETE|ROLLBACK_FAILED|CREATE_FAILED|REVIEW_IN_PROGRESS)$/;

const fine = (check: string, found: string): CloudCheck => ({ check, found, hint: null, exit: 0 });
const wrong = (check: string, found: string, hint: string): CloudCheck => ({ check, found, hint, exit: 1 });

/**
 * What is wrong with the AWS side of a set-up, and its mend: credentials, bootstrap, permissions, limits, and, where the stage is deployed, its stacks,
 * schedules, dead letters and the confirmation of the alarm mail. Never throws; without credentials the rest is not looked at.
 */
export async function checkCloud(cloud: Cloud, stage: string): Promise<CloudCheck[]> {
  const looked = async (check: string, look: () => Promise<CloudCheck[]>): Promise<CloudCheck[]> => {
    try {
      return await look();
    } catch (error) {
      const known = error instanceof PaperkeepError ? error : null;
      return [wrong(check, errorMessage(error), known?.hint ?? 'run again with --debug')];
    }
  };
  const who = await looked('AWS credentials', async () => {
    const { account, arn } = await cloud.identity();
    return [fine('AWS credentials', `${arn}, account ${account}, region ${cloud.region}`)];
  });
  if (who.some(({ exit }) => exit !== 0)) return who;
  return [
    ...who,
    ...(await looked('bootstrap', () => checkBootstrap(cloud))),
    ...(await looked('Lambda limit', async () => [checkLimit(await cloud.concurrency())])),
    ...(await looked('stage', () => checkStage(cloud, stage))),
  ];
}

async function checkBootstrap(cloud: Cloud): Promise<CloudCheck[]> {
  const version = await cloud.bootstrapVersion();
  if (version === null || version < OLDEST_BOOTSTRAP) {
    const found =
      version === null ? 'this account and region were never bootstrapped' : `version ${version} is too old`;
    return [wrong('bootstrap', found, '`npm run deploy -- --bootstrap` does it, once for an account and region')];
  }
  const isAllowed = await cloud.mayDeploy();
  return [
    fine('bootstrap', `version ${version}`),
    isAllowed
      ? fine('permissions', 'these credentials may take on the roles that deploy')
      : wrong('permissions', 'these credentials may not take on the roles that deploy', ROLES),
  ];
}

const ROLES =
  'allow them sts:AssumeRole on the roles cdk-hnb659fds-*, or use those of an administrator; docs/aws/deploy.md says what the commands need besides';

function checkLimit(limit: number): CloudCheck {
  const found = `${limit} functions at once`;
  if (limit >= FUNCTIONS_AT_ONCE) return fine('Lambda limit', found);
  const hint = 'ask for "Concurrent executions" 1,000 under Service Quotas, AWS Lambda; it is free';
  return wrong('Lambda limit', found, hint);
}

async function checkStage(cloud: Cloud, name: string): Promise<CloudCheck[]> {
  const names = stackNames(name);
  const stacks = [await cloud.stack(names.data), await cloud.stack(names.app)];
  if (stacks.every((stack) => stack === null)) return [fine('stage', `${name} is not deployed: npm run deploy`)];
  const checks = stacks.filter((stack) => stack !== null).map(checkStack);
  if (checks.some(({ exit }) => exit !== 0)) return checks;
  const { app, deadLetters } = await findStage(name, cloud);
  if (!app) return [...checks, wrong('app stack', `${names.app} is not there`, '`npm run deploy` makes it again')];
  const letters = await cloud.waiting(deadLetters);
  const lost = await cloud.waiting(app.lostRuns);
  const schedules = await Promise.all((await cloud.resources(app.stack, 'AWS::Scheduler::Schedule')).map(cloud.isOn));
  const topics = await cloud.resources(app.stack, 'AWS::SNS::Topic');
  const subscribers = (await Promise.all(topics.map(cloud.subscribers))).flat();
  const waiting = subscribers.filter(({ isConfirmed }) => !isConfirmed).map(({ address }) => address);
  return [
    ...checks,
    schedules.every(Boolean) ? fine('schedules', 'on') : wrong('schedules', 'paused', '`npx paperkeep resume` goes on'),
    letters + lost === 0
      ? fine('dead letters', 'none')
      : wrong('dead letters', `${letters} dead letters, ${lost} lost runs`, 'see docs/aws/runbook.md, DeadLetters'),
    waiting.length === 0 && subscribers.length > 0
      ? fine('alarm mail', `goes to ${subscribers.map(({ address }) => address).join(', ')}`)
      : wrong('alarm mail', `not confirmed: ${waiting.join(', ') || 'nobody is mailed'}`, MAIL),
  ];
}

const MAIL =
  'open the mail "AWS Notification - Subscription Confirmation" and its link (it holds for 3 days; `npm run deploy` sends another)';

function checkStack({ name, status }: Stack): CloudCheck {
  if (FAILED_CREATION.test(status)) {
    return wrong(name, status, 'its first deployment failed; `npm run deploy` clears it away and begins again');
  }
  if (/(FAILED|ROLLBACK_COMPLETE)$/.test(status) && status !== 'UPDATE_ROLLBACK_COMPLETE') {
    return wrong(name, status, 'look at its events in the CloudFormation console; docs/aws/deploy.md says what to do');
  }
  return /IN_PROGRESS$/.test(status)
    ? wrong(name, status, 'wait until CloudFormation is done, then look again')
    : fine(name, status);
}
