import { describe, expect, it } from 'vitest';
import { checkCloud } from '../../../functions/cli/aws/doctor.ts';
import { sendReplay } from '../../../functions/cli/aws/replay.ts';
import { findStage } from '../../../functions/cli/aws/stage.ts';
import { setSchedules } from '../../../functions/cli/commands/pause.ts';
import { parseFailedInvocation, redriveMessages } from '../../../functions/cli/commands/redrive.ts';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import { parseQueueMessage } from '../../../shared/record/messages.ts';
import { DAILY, instant } from '../../support/build.ts';
import { deployed, fakeCloud } from './fakes.ts';

const SENT = instant('2026-11-23T05:02:09Z');

describe('a stage', () => {
  it('is found by the outputs of its two stacks', async () => {
    expect(await findStage('trial', fakeCloud(deployed('trial')))).toMatchObject({
      archive: 's3://bucket-of-snapshots',
      table: 'dynamodb:table-of-records',
      queue: 'https://sqs/queue',
      deadLetters: 'https://sqs/dead',
      app: {
        stack: 'paperkeep-trial-app',
        url: 'https://site.example',
        collect: 'collect-fn',
        export: 'export-fn',
        derived: 's3://bucket-of-derived',
      },
    });
  });

  it('keeps archive and table while its app is destroyed', async () => {
    const cloud = fakeCloud(deployed().slice(0, 1));
    expect(await findStage('main', cloud)).toMatchObject({ table: 'dynamodb:table-of-records', app: null });
  });

  it('is not there under another name', async () => {
    await expect(findStage('other', fakeCloud(deployed()))).rejects.toMatchObject({ code: 'NOT_DEPLOYED' });
  });
});

describe('pausing', () => {
  it('switches every schedule off, once, and resuming on again', async () => {
    const cloud = fakeCloud(deployed());
    const stage = await findStage('main', cloud);
    expect(await setSchedules(stage, false)).toEqual({ schedules: ['hourly', 'nightly'], changed: 2 });
    expect(await setSchedules(stage, false)).toMatchObject({ changed: 0 });
    expect([...cloud.schedules.values()]).toEqual([false, false]);
    expect(await setSchedules(stage, true)).toMatchObject({ changed: 2 });
    expect(cloud.done).toHaveLength(4);
  });

  it('says that there is nothing to pause while the app is destroyed', async () => {
    const stage = await findStage('main', fakeCloud(deployed().slice(0, 1)));
    await expect(setSchedules(stage, false)).rejects.toMatchObject({ code: 'NO_SCHEDULE' });
  });
});

describe('redriving', () => {
  const message = (body: string, attributes = {}) => ({ body, attributes, sent: SENT });

  it('puts dead letters back on the queue, in their order, and names the runs that were given up', async () => {
    const cloud = fakeCloud(deployed());
    cloud.queues.set('https://sqs/dead', [message('one'), message('two')]);
    cloud.queues.set('https://sqs/lost', [message('{}', { ERROR_CODE: 'AWS.Lambda.Throttled' })]);
    expect(await redriveMessages(await findStage('main', cloud))).toEqual({
      deadLetters: 2,
      lostRuns: [{ at: SENT, why: 'AWS.Lambda.Throttled' }],
    });
    expect(cloud.queues.get('https://sqs/queue')?.map(({ body }) => body)).toEqual(['one', 'two']);
    expect(cloud.queues.get('https://sqs/dead')).toEqual([]);
    expect(cloud.queues.get('https://sqs/lost')).toEqual([]);
  });

  it('leaves a letter where it is when the queue does not take it', async () => {
    const cloud = fakeCloud(deployed());
    cloud.queues.set('https://sqs/dead', [message('one')]);
    cloud.send = async () =>
      Promise.reject(new PaperkeepError({ code: 'MESSAGES_REFUSED', message: 'refused', hint: 'again' }));
    await expect(redriveMessages(await findStage('main', cloud))).rejects.toMatchObject({ code: 'MESSAGES_REFUSED' });
    expect(cloud.queues.get('https://sqs/dead')).toHaveLength(1);
  });

  it('reads what Lambda says of a run that failed three times', () => {
    const body = {
      version: '1.0',
      timestamp: '2026-11-23T05:10:40.118Z',
      requestContext: { condition: 'RetriesExhausted' },
      responsePayload: { errorType: 'Runtime.ExitError', errorMessage: 'the table does not answer' },
    };
    expect(parseFailedInvocation(message(JSON.stringify(body)))).toEqual({
      at: '2026-11-23T05:10:40.118Z',
      why: 'the table does not answer',
    });
    const silent = JSON.stringify({ ...body, responsePayload: null });
    expect(parseFailedInvocation(message(silent)).why).toBe('RetriesExhausted');
    expect(parseFailedInvocation(message('not json')).why).toBe('no reason was given');
  });
});

describe('replaying a deployment', () => {
  it('sends messages that the recorder reads as the same listDays', async () => {
    const cloud = fakeCloud();
    await sendReplay(cloud, 'https://sqs/queue', [DAILY, { list: 'watched:agents', day: DAILY.day }]);
    expect(cloud.queues.get('https://sqs/queue')?.flatMap(({ body }) => parseQueueMessage(body).partitions)).toEqual([
      DAILY,
      { list: 'watched:agents', day: DAILY.day },
    ]);
  });
});

describe('the doctor of a deployment', () => {
  const wrong = async (cloud: ReturnType<typeof fakeCloud>) =>
    (await checkCloud(cloud, 'main'))
      .filter(({ hint }) => hint !== null)
      .map(({ check, found }) => `${check}: ${found}`);

  it('finds nothing wrong with one that runs, nor before the first deployment', async () => {
    expect(await wrong(fakeCloud(deployed()))).toEqual([]);
    expect(await wrong(fakeCloud())).toEqual([]);
  });

  it('names everything that is wrong at once', async () => {
    const cloud = fakeCloud(deployed());
    cloud.limit = 5;
    cloud.allowed = false;
    cloud.schedules.set('hourly', false);
    cloud.queues.set('https://sqs/dead', [{ body: '', attributes: {}, sent: SENT }]);
    cloud.mailed.splice(0, 1, { address: 'owner@example.org', isConfirmed: false });
    expect(await wrong(cloud)).toEqual([
      'permissions: these credentials may not take on the roles that deploy',
      'Lambda limit: 5 functions at once',
      'schedules: paused',
      'dead letters: 1 dead letters, 0 lost runs',
      'alarm mail: not confirmed: owner@example.org',
    ]);
  });

  it.each<[number | null, string]>([
    [null, 'bootstrap: this account and region were never bootstrapped'],
    [5, 'bootstrap: version 5 is too old'],
  ])('looks for no roles where the bootstrap is %s', async (version, found) => {
    const cloud = fakeCloud(deployed());
    cloud.bootstrapped = version;
    cloud.mayDeploy = () => Promise.reject(new Error('there are none'));
    expect(await wrong(cloud)).toEqual([found]);
  });

  it.each(['ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED', 'UPDATE_IN_PROGRESS'])(
    'names a stack that is %s',
    async (status) => {
      const [data, app] = deployed();
      expect(await wrong(fakeCloud(data && app ? [data, { ...app, status }] : []))).toEqual([
        `paperkeep-main-app: ${status}`,
      ]);
    },
  );

  it('looks at nothing else without credentials, and says how to get them', async () => {
    const cloud = fakeCloud(deployed());
    const lacking = new PaperkeepError({
      code: 'NO_CREDENTIALS',
      message: 'AWS does not know these credentials',
      hint: 'sign in',
    });
    cloud.identity = async () => Promise.reject(lacking);
    expect(await checkCloud(cloud, 'main')).toEqual([
      { check: 'AWS credentials', found: lacking.message, hint: 'sign in', exit: 1 },
    ]);
  });

  it('goes on behind a check that is refused', async () => {
    const cloud = fakeCloud(deployed());
    cloud.concurrency = async () =>
      Promise.reject(new PaperkeepError({ code: 'AWS_FORBIDDEN', message: 'refused', hint: 'use another' }));
    const checks = await checkCloud(cloud, 'main');
    expect(checks.find(({ check }) => check === 'Lambda limit')).toMatchObject({ hint: 'use another' });
    expect(checks.at(-1)).toMatchObject({ check: 'alarm mail', hint: null });
  });
});
