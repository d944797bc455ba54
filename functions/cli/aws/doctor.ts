import { countDays, type Day } from '../../../shared/lib/time.ts';
import { stackNames } from '../../../shared/names.ts';
import { type Check, failed, guard, passed } from '../check.ts';
import { hintFor } from '../hints.ts';
import { listMailSubscribers, readAlarmState } from './alarms.ts';
import { OLDEST_BOOTSTRAP } from './bootstrap.ts';
import type { Cloud, Stack } from './cloud.ts';
import { readSchedules } from './schedules.ts';
import { findDeployment } from './stage.ts';

/** Concurrent executions that paperkeep needs: one collector, two recorders, and some requests. */
const NEEDED_CONCURRENCY = 8;
/** AWS supports the functions' runtime, nodejs24.x, until this day; https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const RUNTIME_ENDS = '2028-04-30' as Day;
/** How many days before that a newer release is called for. */
const RUNTIME_NOTICE_DAYS = 180;
/** The states that a failed creation leaves; such a stack can only be deleted. */
export const FAILED_CREATION = /^(ROLLBACK_COMPLETE|ROLLBACK_FAILED|CREATE_FAILED|REVIEW_IN_PROGRESS)$/;

/** Runs checks of AWS; their hints do not name `doctor --aws`, which is what runs them. */
const checked = (check: string, run: () => Promise<Check | Check[]>): Promise<Check[]> =>
  guard(check, 'run it again with --debug', run, (error) =>
    error.code === 'NO_CREDENTIALS' ? error.hint : hintFor(error),
  );

/**
 * Checks credentials, bootstrap, permissions and limits of the account and, where the stage is deployed, its stacks, schedules, dead letters
 * and alarm mail. Never throws: a request that fails is a failed check. Without credentials nothing else is checked.
 */
export async function checkCloud(cloud: Cloud, stage: string, qualifier: string, today: Day): Promise<Check[]> {
  const credentials = await checked('AWS credentials', async () => {
    const { account, arn } = await cloud.getIdentity();
    return passed('AWS credentials', `${arn}, account ${account}, region ${cloud.region}`);
  });
  if (credentials.some(({ exit }) => exit !== 0)) return credentials;
  return [
    ...credentials,
    ...(await checked('bootstrap', () => checkBootstrap(cloud, qualifier))),
    ...(await checked('Lambda limit', async () => checkLimit(await cloud.getConcurrencyLimit()))),
    checkRuntime(today),
    FREE_PLAN,
    ...(await checked('stage', () => checkDeployment(cloud, stage))),
  ];
}

async function checkBootstrap(cloud: Cloud, qualifier: string): Promise<Check[]> {
  const version = await cloud.getBootstrapVersion(qualifier);
  if (version === null || version < OLDEST_BOOTSTRAP) {
    const found =
      version === null ? 'this account and region are not bootstrapped for CDK' : `version ${version} is too old`;
    return [failed('bootstrap', found, 'run `npm run deploy -- --bootstrap`, once for an account and region')];
  }
  return [
    passed('bootstrap', `version ${version}`),
    (await cloud.canAssumeDeployRole(qualifier))
      ? passed('permissions', 'these credentials may assume the deployment roles')
      : failed('permissions', 'these credentials may not assume the deployment roles', rolesHint(qualifier)),
  ];
}

const rolesHint = (qualifier: string) =>
  `allow sts:AssumeRole on the roles cdk-${qualifier}-*, or use administrator credentials; docs/aws/deploy.md lists what the commands need besides`;

function checkLimit(limit: number): Check {
  const found = `${limit} concurrent executions`;
  if (limit >= NEEDED_CONCURRENCY) return passed('Lambda limit', found);
  return failed(
    'Lambda limit',
    found,
    'request 1,000 "Concurrent executions" under Service Quotas, AWS Lambda; it is free',
  );
}

/** The plan of an account cannot be read with the clients that are installed. */
const FREE_PLAN = passed(
  'AWS plan',
  'not read here: an account on the free plan closes after six months, with the archive; upgrade it in the billing console',
);

function checkRuntime(today: Day): Check {
  const found = `nodejs24.x, supported until ${RUNTIME_ENDS}`;
  if (countDays(today, RUNTIME_ENDS) > RUNTIME_NOTICE_DAYS) return passed('Lambda runtime', found);
  return failed(
    'Lambda runtime',
    found,
    'update paperkeep to a release with a newer runtime, then run `npm run update`',
  );
}

async function checkDeployment(cloud: Cloud, stage: string): Promise<Check[]> {
  const names = stackNames(stage);
  const stacks = [await cloud.describeStack(names.data), await cloud.describeStack(names.service)];
  if (stacks.every((stack) => stack === null)) return [passed('stage', `${stage} is not deployed yet`)];
  const checks = stacks.filter((stack) => stack !== null).map(checkStack);
  if (checks.some(({ exit }) => exit !== 0)) return checks;
  const deployment = await findDeployment(stage, cloud);
  const { service, deadLettersUrl } = deployment;
  if (!service)
    return [...checks, failed('service stack', `${names.service} does not exist`, 'run `npm run deploy` to create it')];
  const deadLetters = await cloud.countMessages(deadLettersUrl);
  const failedInvocations = await cloud.countMessages(service.failedInvocationsUrl);
  const schedules = await readSchedules(deployment);
  const disabled = schedules.filter((enabled) => !enabled);
  const { alarms } = await readAlarmState(cloud, stage, null);
  return [
    ...checks,
    disabled.length === 0
      ? passed('schedules', 'enabled')
      : failed(
          'schedules',
          `${disabled.length} of ${schedules.length} are paused`,
          'run `npx paperkeep resume` to enable them',
        ),
    deadLetters + failedInvocations === 0
      ? passed('dead letters', 'none')
      : failed(
          'dead letters',
          `${deadLetters} dead letters, ${failedInvocations} failed invocations`,
          'see docs/aws/runbook.md, DeadLetters',
        ),
    alarms === null
      ? failed('alarms', 'unknown', 'allow these credentials cloudwatch:DescribeAlarms')
      : alarms.length === 0
        ? passed('alarms', 'none')
        : failed('alarms', alarms.join(', '), 'see docs/aws/runbook.md'),
    await checkMail(cloud, service.stack),
  ];
}

async function checkMail(cloud: Cloud, serviceStack: string): Promise<Check> {
  const subscribers = await listMailSubscribers(cloud, serviceStack);
  const unconfirmed = subscribers.filter(({ isConfirmed }) => !isConfirmed).map(({ address }) => address);
  if (subscribers.length > 0 && unconfirmed.length === 0)
    return passed('alarm mail', `goes to ${subscribers.map(({ address }) => address).join(', ')}`);
  return failed(
    'alarm mail',
    unconfirmed.length > 0 ? `not confirmed: ${unconfirmed.join(', ')}` : 'has no subscriber',
    'open the link in the mail "AWS Notification - Subscription Confirmation"; it is valid for 3 days, and `npm run deploy` sends another',
  );
}

function checkStack({ name, status }: Stack): Check {
  if (FAILED_CREATION.test(status)) {
    return failed(name, status, 'its first deployment failed; `npm run deploy` replaces it');
  }
  if (/(FAILED|ROLLBACK_COMPLETE)$/.test(status) && status !== 'UPDATE_ROLLBACK_COMPLETE') {
    return failed(name, status, 'see its events in the CloudFormation console, and docs/aws/deploy.md');
  }
  return /IN_PROGRESS$/.test(status)
    ? failed(name, status, 'wait until CloudFormation has finished, then run it again')
    : passed(name, status);
}
