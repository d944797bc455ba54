import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { configuredRegion, createAwsCloud } from '../../../functions/cli/aws/client.ts';
import type { QueueMessage } from '../../../functions/cli/aws/cloud.ts';
import { inEnvironment } from './environment.ts';

/** A request: its operation (`AmazonSQS.SendMessageBatch`, `DescribeStacks`, `GET /schedules/hourly`) and its body. */
type Request = { readonly what: string; readonly body: string };
type Answer = string | object | { readonly status: number; readonly body: string | object };

/** Starts a loopback server in place of AWS, for the real clients of the SDK. */
async function startServer(answer: (request: Request) => Answer) {
  const requests: Request[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const one = { what: whatOf(request, body), body };
    requests.push(one);
    const reply = answer(one);
    const { status, body: sent } =
      typeof reply === 'object' && 'status' in reply
        ? (reply as { status: number; body: string | object })
        : { status: 200, body: reply };
    const isXml = typeof sent === 'string';
    response.writeHead(status, { 'content-type': isXml ? 'text/xml' : 'application/x-amz-json-1.0' });
    response.end(isXml ? sent : JSON.stringify(sent));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  inEnvironment({ AWS_ENDPOINT_URL: url, AWS_MAX_ATTEMPTS: '1' });
  return { requests, url, cloud: createAwsCloud('eu-central-1') };
}

function whatOf({ method, url, headers }: IncomingMessage, body: string): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target;
  return new URLSearchParams(body).get('Action') ?? `${method} ${url}`;
}

const md5 = (body: string) => createHash('md5').update(body).digest('hex');
const error = (code: string, message: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

/** An AWS profile whose role needs the code of an MFA device. */
function useMfaProfile(): void {
  const folder = mkdtempSync(join(tmpdir(), 'paperkeep-aws-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const role = 'role_arn = arn:aws:iam::111111111111:role/admin';
  const device = 'mfa_serial = arn:aws:iam::111111111111:mfa/me';
  const keys = '[profile home]\naws_access_key_id = one\naws_secret_access_key = two';
  writeFileSync(join(folder, 'config'), `[profile work]\n${role}\nsource_profile = home\n${device}\n${keys}\n`);
  inEnvironment({
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_PROFILE: 'work',
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_SESSION_TOKEN: undefined,
  });
}

describe('A profile that needs the code of an MFA device', () => {
  const answer = ({ what }: Request) =>
    what === 'AssumeRole'
      ? `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>three</AccessKeyId><SecretAccessKey>four</SecretAccessKey>
         <SessionToken>five</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`
      : `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account><Arn>arn:aws:iam::1:user/me</Arn>
         </GetCallerIdentityResult></GetCallerIdentityResponse>`;

  it('is signed in with once, by a code that is asked for, and for CDK too', async () => {
    const { requests } = await startServer(answer);
    useMfaProfile();
    const asked: string[] = [];
    const cloud = createAwsCloud('eu-central-1', async (question) => {
      asked.push(question);
      return '123456';
    });
    await Promise.all([cloud.getIdentity(), cloud.getIdentity()]);
    expect(asked).toEqual(['Code of the MFA device arn:aws:iam::111111111111:mfa/me: ']);
    expect(requests.map(({ what }) => what)).toEqual(['AssumeRole', 'GetCallerIdentity', 'GetCallerIdentity']);
    expect(requests[0]?.body).toMatch(/TokenCode=123456/);
    const { AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    expect([AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN]).toEqual([
      undefined,
      'three',
      'four',
      'five',
    ]);
  });

  it('fails without a terminal, with the command that asks for the code', async () => {
    await startServer(answer);
    useMfaProfile();
    const failure = createAwsCloud('eu-central-1').getIdentity();
    await expect(failure).rejects.toMatchObject({ code: 'MFA_REQUIRED' });
  });
});

describe('a client of AWS', () => {
  it('describes a stack with its outputs, and gives null for a stack that does not exist', async () => {
    const { cloud } = await startServer(({ body }) =>
      body.includes('StackName=there')
        ? `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>there</StackName>
           <StackStatus>CREATE_COMPLETE</StackStatus><EnableTerminationProtection>true</EnableTerminationProtection>
           <CreationTime>2026-11-23T05:00:00Z</CreationTime>
           <Outputs><member><OutputKey>Url</OutputKey><OutputValue>https://site.example</OutputValue></member></Outputs>
           </member></Stacks></DescribeStacksResult></DescribeStacksResponse>`
        : { status: 400, body: error('ValidationError', 'Stack with id other does not exist') },
    );
    expect(await cloud.describeStack('there')).toEqual({
      name: 'there',
      status: 'CREATE_COMPLETE',
      isProtected: true,
      outputs: { Url: 'https://site.example' },
    });
    expect(await cloud.describeStack('other')).toBeNull();
  });

  it('empties a bucket page by page, and fails when an object cannot be deleted', async () => {
    const pages = [['catalog.sqlite.zst', 'exports/a'], ['exports/b'], []];
    const isList = (what: string) => what.startsWith('GET');
    const { cloud, requests } = await startServer(({ what }) => {
      const keys = isList(what) ? (pages.shift() ?? []) : [];
      return `<Result>${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}</Result>`;
    });
    await cloud.emptyBucket('derived');
    const deleted = requests.filter(({ what }) => !isList(what)).map(({ body }) => body);
    expect(deleted.map((body) => [...body.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key))).toEqual([
      ['catalog.sqlite.zst', 'exports/a'],
      ['exports/b'],
    ]);
    expect(requests.filter(({ what }) => isList(what))).toHaveLength(3);

    const refused = await startServer(({ what }) =>
      isList(what)
        ? '<Result><Contents><Key>a</Key></Contents></Result>'
        : '<Result><Error><Key>a</Key><Code>AccessDenied</Code><Message>not yours</Message></Error></Result>',
    );
    await expect(refused.cloud.emptyBucket('derived')).rejects.toMatchObject({ code: 'AWS_FORBIDDEN' });
  });

  it('sends every property of a schedule when it disables it, since an update replaces the schedule', async () => {
    const schedule = {
      Arn: 'arn:aws:scheduler:eu-central-1:1:schedule/default/hourly',
      Name: 'hourly',
      GroupName: 'default',
      Description: 'Visits the lists that are due',
      ScheduleExpression: 'cron(2 * * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'ENABLED',
      CreationDate: 1795410582,
      LastModificationDate: 1795410582,
      Target: {
        Arn: 'arn:function',
        RoleArn: 'arn:role',
        Input: '{"reconcile":true}',
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 },
        DeadLetterConfig: { Arn: 'arn:lost' },
      },
    };
    const { cloud, requests } = await startServer(({ what }) =>
      what.startsWith('GET') ? schedule : { ScheduleArn: schedule.Arn },
    );
    await cloud.setScheduleEnabled('hourly', false);
    const { Arn: _arn, Name: _name, CreationDate: _created, LastModificationDate: _modified, ...kept } = schedule;
    const put = requests.find(({ what }) => what === 'PUT /schedules/hourly');
    const { ClientToken: _token, ...sent } = JSON.parse(put?.body ?? '{}');
    expect(sent).toEqual({ ...kept, State: 'DISABLED' });
    expect(await cloud.isScheduleEnabled('hourly')).toBe(true);
  });

  it('sends messages in batches of ten, and fails when SQS refuses one', async () => {
    const refused = { Id: '0', Code: 'InternalError', SenderFault: false, Message: 'try again' };
    const sent: string[][] = [];
    const { cloud, url } = await startServer(({ body }) => {
      const { Entries } = JSON.parse(body) as { Entries: { Id: string; MessageBody: string }[] };
      const taken = Entries.filter(({ MessageBody }) => MessageBody !== 'not this one');
      sent.push(Entries.map(({ MessageBody }) => MessageBody));
      return {
        Successful: taken.map(({ Id, MessageBody }) => ({ Id, MessageId: Id, MD5OfMessageBody: md5(MessageBody) })),
        Failed: taken.length < Entries.length ? [refused] : [],
      };
    });
    const bodies = Array.from({ length: 23 }, (_, at) => `message ${at}`);
    await cloud.sendMessages(`${url}/queue`, bodies);
    expect(sent.map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(sent.flat()).toEqual(bodies);
    await expect(cloud.sendMessages(`${url}/queue`, ['not this one'])).rejects.toMatchObject({
      code: 'MESSAGES_REFUSED',
      message: expect.stringContaining('try again'),
    });
  });

  it('receives messages until the queue is empty, and deletes each only after it was processed', async () => {
    const waiting = [1, 2, 3].map((id) => ({
      MessageId: String(id),
      MD5OfBody: md5(`letter ${id}`),
      ReceiptHandle: `receipt ${id}`,
      Body: `letter ${id}`,
      Attributes: { SentTimestamp: '1795410582000' },
      MessageAttributes: { ERROR_CODE: { DataType: 'String', StringValue: 'Throttled' } },
    }));
    const { cloud, requests, url } = await startServer(({ what }) =>
      what === 'AmazonSQS.ReceiveMessage' ? { Messages: waiting.splice(0, 2) } : {},
    );
    const processed: QueueMessage[] = [];
    const process = async (message: QueueMessage) => {
      if (message.body === 'letter 3') throw new Error('not this one');
      processed.push(message);
    };
    await expect(cloud.drainQueue(`${url}/dead`, process)).rejects.toThrow('not this one');
    expect(processed[0]).toEqual({
      body: 'letter 1',
      attributes: { ERROR_CODE: 'Throttled' },
      sent: '2026-11-23T05:09:42Z',
    });
    const deleted = requests
      .filter(({ what }) => what === 'AmazonSQS.DeleteMessage')
      .map(({ body }) => JSON.parse(body));
    expect(deleted.map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(['receipt 1', 'receipt 2']);
  });

  it('removes only the two statements that protect snapshots from a bucket policy', async () => {
    const Statement = [{ Sid: 'WriteOnce' }, { Effect: 'Deny', Action: 's3:*' }, { Sid: 'NeverDelete' }];
    const { cloud, requests } = await startServer(({ what }) =>
      what.startsWith('GET') ? JSON.stringify({ Version: '2012-10-17', Statement }) : '',
    );
    await cloud.allowDeletingSnapshots('bucket');
    const put = requests.find(({ what }) => what.startsWith('PUT /bucket'));
    expect(JSON.parse(put?.body ?? '{}')).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: 's3:*' }],
    });
  });

  const budget = { name: 'paperkeep-main', dollars: 1, email: 'owner@example.org', topic: null };
  const topic = 'arn:aws:sns:eu-central-1:123456789012:over';
  const identity =
    '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';
  const budgetRequests = (requests: readonly Request[]) =>
    requests.flatMap(({ what, body }) =>
      what.startsWith('AWSBudgetServiceGateway.') ? [{ operation: what.split('.')[1], ...JSON.parse(body) }] : [],
    );

  it('creates a budget that mails the forecast and the actual bill', async () => {
    const { cloud, requests } = await startServer(({ what }) => (what === 'GetCallerIdentity' ? identity : {}));
    await cloud.upsertBudget(budget);
    const [created, ...others] = budgetRequests(requests);
    expect(others).toEqual([]);
    expect(created).toMatchObject({
      operation: 'CreateBudget',
      AccountId: '123456789012',
      Budget: { BudgetName: 'paperkeep-main', TimeUnit: 'MONTHLY', BudgetLimit: { Amount: '1', Unit: 'USD' } },
    });
    const notifications: { Notification: { NotificationType: string }; Subscribers: object[] }[] =
      created.NotificationsWithSubscribers;
    expect(notifications.map(({ Notification }) => Notification.NotificationType)).toEqual(['FORECASTED', 'ACTUAL']);
    for (const { Subscribers } of notifications)
      expect(Subscribers).toEqual([{ SubscriptionType: 'EMAIL', Address: 'owner@example.org' }]);
  });

  it('updates the limit of a budget that exists, and replaces another address', async () => {
    const { cloud, requests } = await startServer(({ what, body }) => {
      if (what === 'GetCallerIdentity') return identity;
      if (what.endsWith('CreateBudget'))
        return { status: 400, body: { __type: 'DuplicateRecordException', message: 'it exists' } };
      if (!what.endsWith('DescribeSubscribersForNotification')) return {};
      const Address = body.includes('ACTUAL') ? 'owner@example.org' : 'former@example.org';
      return { Subscribers: [{ SubscriptionType: 'EMAIL', Address }] };
    });
    await cloud.upsertBudget(budget);
    const sent = budgetRequests(requests);
    expect(sent.find(({ operation }) => operation === 'UpdateBudget')).toMatchObject({
      NewBudget: { BudgetName: 'paperkeep-main', BudgetLimit: { Amount: '1' } },
    });
    expect(sent.filter(({ operation }) => operation === 'UpdateSubscriber')).toMatchObject([
      {
        Notification: { NotificationType: 'FORECASTED' },
        OldSubscriber: { Address: 'former@example.org' },
        NewSubscriber: { Address: 'owner@example.org' },
      },
    ]);
  });

  it('sends the actual bill above the limit to a topic too, and no longer when there is no topic', async () => {
    const created = await startServer(({ what }) => (what === 'GetCallerIdentity' ? identity : {}));
    await created.cloud.upsertBudget({ ...budget, topic });
    const email = { SubscriptionType: 'EMAIL', Address: 'owner@example.org' };
    const sns = { SubscriptionType: 'SNS', Address: topic };
    const [{ NotificationsWithSubscribers }] = budgetRequests(created.requests) as [
      { NotificationsWithSubscribers: { Subscribers: object[] }[] },
    ];
    expect(NotificationsWithSubscribers.map(({ Subscribers }) => Subscribers)).toEqual([[email], [email, sns]]);
    const existing = (Subscribers: object[]) =>
      startServer(({ what }) => {
        if (what === 'GetCallerIdentity') return identity;
        if (what.endsWith('CreateBudget'))
          return { status: 400, body: { __type: 'DuplicateRecordException', message: 'it exists' } };
        return what.endsWith('DescribeSubscribersForNotification') ? { Subscribers } : {};
      });
    const changesOf = (requests: readonly Request[]) =>
      budgetRequests(requests)
        .filter(({ operation }) => operation.endsWith('Subscriber'))
        .map(({ operation, Notification, Subscriber }) => [operation, Notification.NotificationType, Subscriber]);
    const without = await existing([email]);
    await without.cloud.upsertBudget({ ...budget, topic });
    expect(changesOf(without.requests)).toEqual([['CreateSubscriber', 'ACTUAL', sns]]);
    const withTopic = await existing([email, sns]);
    await withTopic.cloud.upsertBudget({ ...budget, topic });
    expect(changesOf(withTopic.requests)).toEqual([['DeleteSubscriber', 'FORECASTED', sns]]);
  });

  it('deletes a budget, also one that does not exist', async () => {
    const { cloud, requests } = await startServer(({ what }) =>
      what === 'GetCallerIdentity' ? identity : { status: 400, body: { __type: 'NotFoundException', message: 'no' } },
    );
    await cloud.deleteBudget('paperkeep-main');
    expect(budgetRequests(requests)).toMatchObject([{ operation: 'DeleteBudget', BudgetName: 'paperkeep-main' }]);
  });

  it('lists the alarms in state ALARM whose name has a prefix', async () => {
    const { cloud, requests } = await startServer(() => ({
      MetricAlarms: [{ AlarmName: 'paperkeep-main-Stale' }, { AlarmName: 'paperkeep-main-Drift' }],
    }));
    expect(await cloud.listFiringAlarms('paperkeep-main-')).toEqual(['paperkeep-main-Stale', 'paperkeep-main-Drift']);
    expect(requests[0]?.body).toContain('paperkeep-main-');
    expect(requests[0]?.body).toContain('ALARM');
  });

  it('confirms a subscription so that only this account can end it', async () => {
    const { cloud, requests } = await startServer(() => '<ConfirmSubscriptionResponse/>');
    await cloud.confirmSubscription('arn:aws:sns:eu-central-1:1:topic', 'token-of-the-link');
    const body = new URLSearchParams(requests[0]?.body);
    expect(body.get('Action')).toBe('ConfirmSubscription');
    expect(body.get('Token')).toBe('token-of-the-link');
    expect(body.get('AuthenticateOnUnsubscribe')).toBe('true');
  });

  it('starts a function without waiting for it', async () => {
    const { cloud, requests } = await startServer(() => ({ status: 202, body: {} }));
    await cloud.startFunction('collect-fn');
    expect(requests[0]?.what).toBe('POST /2015-03-31/functions/collect-fn/invocations');
  });

  it('reports whether the deployment role of this account and region may be assumed', async () => {
    const who = '<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/owner</Arn>';
    const role = `<Credentials>${['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map((name) => `<${name}>x</${name}>`).join('')}<Expiration>2026-11-23T06:00:00Z</Expiration></Credentials>`;
    const answer = (name: string, result: string) =>
      `<${name}Response><${name}Result>${result}</${name}Result></${name}Response>`;
    let allowed = true;
    const { cloud, requests } = await startServer(({ body }) => {
      if (!body.includes('AssumeRole')) return answer('GetCallerIdentity', who);
      return allowed ? answer('AssumeRole', role) : { status: 403, body: error('AccessDenied', 'not you') };
    });
    expect(await cloud.canAssumeDeployRole('hnb659fds')).toBe(true);
    const wanted = `arn:aws:iam::123456789012:role/cdk-hnb659fds-deploy-role-123456789012-${cloud.region}`;
    expect(new URLSearchParams(requests.at(-1)?.body).get('RoleArn')).toBe(wanted);
    allowed = false;
    expect(await cloud.canAssumeDeployRole('hnb659fds')).toBe(false);
  });

  it('gives null as the bootstrap version of an account that is not bootstrapped', async () => {
    const missing = { __type: 'ParameterNotFound', message: 'no' };
    const { cloud } = await startServer(() => ({ status: 400, body: missing }));
    expect(await cloud.getBootstrapVersion('hnb659fds')).toBeNull();
  });
});

describe('an error of AWS', () => {
  it.each([
    ['InvalidClientTokenId', 403, 'NO_CREDENTIALS'],
    ['ExpiredToken', 403, 'NO_CREDENTIALS'],
    ['AccessDenied', 403, 'AWS_FORBIDDEN'],
    ['Throttling', 400, 'AWS_REFUSED'],
  ])('%s with status %i becomes the error code %s', async (code, status, expected) => {
    const { cloud } = await startServer(() => ({ status, body: error(code, 'the reason given by AWS') }));
    await expect(cloud.getIdentity()).rejects.toMatchObject({ code: expected, hint: expect.stringMatching(/\w/) });
  });

  it('names the endpoint when the service cannot be reached', async () => {
    inEnvironment({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' });
    await expect(createAwsCloud('eu-north-1').getIdentity()).rejects.toMatchObject({
      code: 'AWS_UNREACHABLE',
      message: expect.stringContaining('http://127.0.0.1:9'),
    });
  });
});

describe('the configured region', () => {
  it('is AWS_REGION, else AWS_DEFAULT_REGION, or null', async () => {
    inEnvironment({ AWS_REGION: 'sa-east-1' });
    expect(await configuredRegion()).toBe('sa-east-1');
    inEnvironment({ AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-1' });
    expect(await configuredRegion()).toBe('eu-west-1');
    vi.stubEnv('AWS_DEFAULT_REGION', undefined);
    expect(await configuredRegion()).toBeNull();
  });
});
