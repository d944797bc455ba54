import { describe, expect, it } from 'vitest';
import { checkCloud } from '../../../functions/cli/aws/doctor.ts';
import { setSchedulesEnabled } from '../../../functions/cli/aws/schedules.ts';
import { findDeployment } from '../../../functions/cli/aws/stage.ts';
import { parseFailedInvocation, redriveMessages } from '../../../functions/cli/commands/redrive.ts';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import { day, instant } from '../../support/build.ts';
import { createFakeCloud, deployedStacks, type FakeCloud } from './fakes.ts';

const SENT = instant('2026-11-23T05:02:09Z');

describe('a deployment', () => {
  it('is found by the outputs of its two stacks', async () => {
    expect(await findDeployment('trial', createFakeCloud(deployedStacks('trial')))).toMatchObject({
      archive: 's3://bucket-of-snapshots',
      table: 'dynamodb:table-of-records',
      queueUrl: 'https://sqs/queue',
      deadLettersUrl: 'https://sqs/dead',
      service: {
        stack: 'paperkeep-trial-app',
        url: 'https://site.example',
        collectFunction: 'collect-fn',
        exportFunction: 'export-fn',
        derived: 's3://bucket-of-derived',
        failedInvocationsUrl: 'https://sqs/failed',
      },
    });
  });

  it('has an archive and a table while its service stack is destroyed', async () => {
    const cloud = createFakeCloud(deployedStacks().slice(0, 1));
    expect(await findDeployment('main', cloud)).toMatchObject({ table: 'dynamodb:table-of-records', service: null });
  });

  it('is not found under the name of another stage', async () => {
    const found = findDeployment('other', createFakeCloud(deployedStacks()));
    await expect(found).rejects.toMatchObject({ code: 'NOT_DEPLOYED' });
  });
});

describe('the schedules of a deployment', () => {
  it('are all disabled by pause and enabled by resume, and only those that differ are changed', async () => {
    const cloud = createFakeCloud(deployedStacks());
    const deployment = await findDeployment('main', cloud);
    expect(await setSchedulesEnabled(deployment, false)).toEqual({ schedules: ['hourly', 'nightly'], changed: 2 });
    expect(await setSchedulesEnabled(deployment, false)).toMatchObject({ changed: 0 });
    expect([...cloud.schedules.values()]).toEqual([false, false]);
    expect(await setSchedulesEnabled(deployment, true)).toMatchObject({ changed: 2 });
    expect(cloud.changes).toHaveLength(4);
  });

  it('cannot be paused while the service stack is destroyed', async () => {
    const deployment = await findDeployment('main', createFakeCloud(deployedStacks().slice(0, 1)));
    await expect(setSchedulesEnabled(deployment, false)).rejects.toMatchObject({ code: 'NO_SCHEDULE' });
  });
});

describe('redrive', () => {
  const message = (body: string, attributes = {}) => ({ body, attributes, sent: SENT });

  it('moves dead letters back to the queue in their order, and lists the failed invocations', async () => {
    const cloud = createFakeCloud(deployedStacks());
    cloud.queues.set('https://sqs/dead', [message('one'), message('two')]);
    cloud.queues.set('https://sqs/failed', [message('{}', { ERROR_CODE: 'AWS.Lambda.Throttled' })]);
    expect(await redriveMessages(await findDeployment('main', cloud))).toEqual({
      deadLetters: 2,
      failedInvocations: [{ at: SENT, reason: 'AWS.Lambda.Throttled' }],
    });
    expect(cloud.queues.get('https://sqs/queue')?.map(({ body }) => body)).toEqual(['one', 'two']);
    expect(cloud.queues.get('https://sqs/dead')).toEqual([]);
    expect(cloud.queues.get('https://sqs/failed')).toEqual([]);
  });

  it('keeps a dead letter when the queue does not accept it', async () => {
    const cloud = createFakeCloud(deployedStacks());
    cloud.queues.set('https://sqs/dead', [message('one')]);
    cloud.sendMessages = async () =>
      Promise.reject(new PaperkeepError({ code: 'MESSAGES_REFUSED', message: 'refused', hint: 'again' }));
    const redriven = redriveMessages(await findDeployment('main', cloud));
    await expect(redriven).rejects.toMatchObject({ code: 'MESSAGES_REFUSED' });
    expect(cloud.queues.get('https://sqs/dead')).toHaveLength(1);
  });

  it('takes the reason of a failed invocation from the record that Lambda sends', () => {
    const body = {
      version: '1.0',
      timestamp: '2026-11-23T05:10:40.118Z',
      requestContext: { condition: 'RetriesExhausted' },
      responsePayload: { errorType: 'Runtime.ExitError', errorMessage: 'the table does not answer' },
    };
    expect(parseFailedInvocation(message(JSON.stringify(body)))).toEqual({
      at: '2026-11-23T05:10:40.118Z',
      reason: 'the table does not answer',
    });
    const withoutPayload = JSON.stringify({ ...body, responsePayload: null });
    expect(parseFailedInvocation(message(withoutPayload)).reason).toBe('RetriesExhausted');
    expect(parseFailedInvocation(message('not json')).reason).toBe('no reason given');
  });
});

describe('doctor --aws', () => {
  const failures = async (cloud: FakeCloud, today = day('2026-11-30')) =>
    (await checkCloud(cloud, 'main', 'hnb659fds', today))
      .filter(({ hint }) => hint !== null)
      .map(({ check, found }) => `${check}: ${found}`);

  it('passes for a deployment that runs, and before the first deployment', async () => {
    expect(await failures(createFakeCloud(deployedStacks()))).toEqual([]);
    expect(await failures(createFakeCloud())).toEqual([]);
  });

  it('reports every problem at once', async () => {
    const cloud = createFakeCloud(deployedStacks());
    cloud.concurrencyLimit = 5;
    cloud.canDeploy = false;
    cloud.schedules.set('hourly', false);
    cloud.queues.set('https://sqs/dead', [{ body: '', attributes: {}, sent: SENT }]);
    cloud.firingAlarms.push('paperkeep-main-Stale', 'paperkeep-other-Drift');
    cloud.subscribers.splice(0, 1, { address: 'owner@example.org', isConfirmed: false });
    expect(await failures(cloud)).toEqual([
      'permissions: these credentials may not assume the deployment roles',
      'Lambda limit: 5 concurrent executions',
      'schedules: 1 of 2 are paused',
      'dead letters: 1 dead letters, 0 failed invocations',
      'alarms: Stale',
      'alarm mail: not confirmed: owner@example.org',
    ]);
  });

  it('reports half a year before AWS ends the runtime of the functions', async () => {
    const cloud = createFakeCloud(deployedStacks());
    expect(await failures(cloud, day('2027-11-01'))).toEqual([]);
    expect(await failures(cloud, day('2027-11-02'))).toEqual([
      'Lambda runtime: nodejs24.x, supported until 2028-04-30',
    ]);
  });

  it('reports that the credentials may not read the alarms', async () => {
    const cloud = createFakeCloud(deployedStacks());
    cloud.listFiringAlarms = () => Promise.reject(new PaperkeepError({ code: 'AWS_FORBIDDEN', message: 'denied' }));
    expect(await failures(cloud)).toEqual(['alarms: unknown']);
  });

  it('reports a topic that has no subscriber', async () => {
    const cloud = createFakeCloud(deployedStacks());
    cloud.subscribers.splice(0, 1);
    expect(await failures(cloud)).toEqual(['alarm mail: has no subscriber']);
  });

  it.each<[number | null, string]>([
    [null, 'bootstrap: this account and region are not bootstrapped for CDK'],
    [5, 'bootstrap: version 5 is too old'],
  ])('does not check the deployment roles where the bootstrap version is %s', async (version, found) => {
    const cloud = createFakeCloud(deployedStacks());
    cloud.bootstrapVersion = version;
    cloud.canAssumeDeployRole = () => Promise.reject(new Error('the roles do not exist'));
    expect(await failures(cloud)).toEqual([found]);
  });

  it.each(['ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED', 'UPDATE_IN_PROGRESS'])(
    'reports a stack that is %s',
    async (status) => {
      const [data, service] = deployedStacks();
      const stacks = data && service ? [data, { ...service, status }] : [];
      expect(await failures(createFakeCloud(stacks))).toEqual([`paperkeep-main-app: ${status}`]);
    },
  );

  it('checks nothing else without credentials, and says how to get them', async () => {
    const cloud = createFakeCloud(deployedStacks());
    const error = new PaperkeepError({ code: 'NO_CREDENTIALS', message: 'no credentials', hint: 'sign in' });
    cloud.getIdentity = async () => Promise.reject(error);
    expect(await checkCloud(cloud, 'main', 'hnb659fds', day('2026-11-30'))).toEqual([
      { check: 'AWS credentials', found: error.message, hint: 'sign in', exit: 1 },
    ]);
  });

  it('goes on with the other checks when a request is denied', async () => {
    const cloud = createFakeCloud(deployedStacks());
    cloud.getConcurrencyLimit = async () =>
      Promise.reject(new PaperkeepError({ code: 'AWS_FORBIDDEN', message: 'denied', hint: 'use another' }));
    const checks = await checkCloud(cloud, 'main', 'hnb659fds', day('2026-11-30'));
    expect(checks.find(({ check }) => check === 'Lambda limit')).toMatchObject({ hint: 'use another' });
    expect(checks.at(-1)).toMatchObject({ check: 'alarm mail', hint: null });
  });
});
