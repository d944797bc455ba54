import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { CloudFormationClient, DeleteStackCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateScheduleCommand, GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CATALOG_KEY } from '../../shared/catalog/schema.ts';
import { openCatalog } from '../../shared/catalog/sqlite.ts';
import { addSeconds, dayOf, systemClock } from '../../shared/lib/time.ts';
import { type SampleServer, serveSample } from '../../shared/sample/server.ts';
import { type Env, spawned } from '../cli/run.ts';
import { AWS, installMinistack, type Ministack, startMinistack, until } from './ministack.ts';
import { APP, DATA, runCdk } from './trial.ts';

/**
 * The real stacks in an emulator of AWS that runs the real functions with their real roles: deployed, filled by the schedule from the sample
 * feed, damaged, repaired, destroyed and deployed again. The tests build on each other, in this order.
 *
 * The emulator (ministack 1.5.33) cannot show `s3:if-none-match` in a bucket policy (it accepts the put), deletion protection, mail
 * (it logs the address), alarms that read metrics by themselves, or that a bucket which is not empty is not deleted; test/infra checks the
 * templates for these instead. It has no StartMessageMoveTask, so the test moves dead letters as SQS would.
 */
const POISON = 'raw/daily/2025-01-08/20250108T061500Z-0123456789ab.warc.gz';

const missing = await installMinistack();
let feed: SampleServer;
let aws: Ministack;
let work: string;
let outputs: Record<string, Record<string, string>>;
let clients: ReturnType<typeof clientsOf>;

const clientsOf = (endpoint: string) => {
  const where = { endpoint, region: AWS.region, credentials: AWS.credentials };
  return {
    lambda: new LambdaClient(where),
    s3: new S3Client({ ...where, forcePathStyle: true }),
    scheduler: new SchedulerClient(where),
    sns: new SNSClient(where),
    sqs: new SQSClient(where),
    stacks: new CloudFormationClient(where),
  };
};

beforeAll(async () => {
  if (missing !== null) return;
  feed = await serveSample();
  feed.setNow(systemClock());
  aws = await startMinistack();
  work = await mkdtemp(join(tmpdir(), 'paperkeep-deploy-'));
  clients = clientsOf(aws.endpoint);
  await clients.s3.send(new CreateBucketCommand({ Bucket: 'cdk-assets' }));
}, 300_000);

afterAll(async () => {
  if (missing !== null) return;
  for (const client of Object.values(clients)) client.destroy();
  await aws.stop();
  await feed.stop();
  await rm(work, { recursive: true, force: true });
}, 60_000);

beforeEach((context) => {
  if (missing !== null) context.skip(`no emulator of AWS: ${missing}`);
});

describe('a deployment', { timeout: 240_000 }, () => {
  it('is created as two stacks by one command', async () => {
    await cdk('deploy', '--all', '--outputs-file', join(work, 'outputs.json'));
    await readOutputs();
    expect(Object.keys(outputs).sort()).toEqual([APP, DATA]);
    expect(output(APP, 'Url')).toMatch(/^https:\/\//);
  });

  it('collects on schedule, and its site shows what the feed shows', async () => {
    const [hourly = ''] = await resources(APP, 'AWS::Scheduler::Schedule', /Hourly/);
    const { Target } = await clients.scheduler.send(new GetScheduleCommand({ Name: hourly }));
    const now = addSeconds(systemClock(), -1).slice(0, 19);
    await clients.scheduler.send(
      // the same run, only sooner
      new CreateScheduleCommand({
        Name: 'sooner',
        ScheduleExpression: `at(${now})`,
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target,
      }),
    );
    await until('14 days and the trending list are recorded', async () => (await captures()).length === 15);

    const daily = await answer('/daily.json');
    expect(daily.papers.map(idAndVotes)).toEqual(await fed(`/api/daily_papers?date=${daily.day}&limit=100&p=0`));
    const trending = await answer('/trending.json');
    expect(trending.papers.map(idAndVotes)).toEqual(await fed('/papers/trending'));
    expect(trending.papers).toHaveLength(50);
    expect(await answer('/-/health.json')).toMatchObject({ status: 'ok', sample: false });
  });

  it('leads from a list to its snapshot, and from the key to the lines of the log', async () => {
    const [{ key, download }] = (await captures()) as [Capture];
    const response = await ask(download);
    expect(response.headers.get('content-type')).toBe('application/warc');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(await stored(key));
    expect(await eventsOf(key)).toEqual(['captured', 'recorded']);
  });

  it('builds the catalog with a role that may only read the table', async () => {
    const answered = { partitions: 15, left: 0, files: expect.any(Number) };
    expect(await invoke(output(APP, 'ExportFunction'), {})).toMatchObject(answered);
    const Bucket = output(APP, 'DerivedUrl').slice('s3://'.length);
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key: CATALOG_KEY }));
    const path = join(work, 'catalog.sqlite');
    await writeFile(path, zstdDecompressSync((await Body?.transformToByteArray()) ?? new Uint8Array()));
    const catalog = openCatalog(path, output(DATA, 'TableUrl'));
    const trending = await answer('/trending.json');
    const rows = catalog.all<{ id: string }>('SELECT paper_id AS id FROM appearances WHERE list = ? AND day = ?', [
      'trending',
      trending.day,
    ]);
    catalog.close();
    expect(rows.map(({ id }) => id).sort()).toEqual(trending.papers.map(({ id }) => id).sort());
    const [{ id = '', title = '' } = {}] = trending.papers as (Paper & { readonly title?: string })[];
    const found = (await (await ask(`/search.json?q=${encodeURIComponent(`"${title}"`)}`)).json()) as Answer & {
      readonly catalogAsOf: string | null;
    };
    expect(found.papers.map((paper) => paper.id)).toContain(id);
    expect(found.catalogAsOf).toMatch(/Z$/);
    expect(await logged(/Functionquery/, 'catalog fetched')).toMatchObject([{ level: 'info' }]);
    // nothing was recorded since, so nothing is put again
    expect(await invoke(output(APP, 'ExportFunction'), {})).toMatchObject({ partitions: 0, files: null });
  });

  it('mails what is new by SES, once, and removes the subscriber who opens the link in it', async () => {
    const [digest = ''] = await resources(APP, 'AWS::Lambda::Function', /Digest/);
    await paperkeep('subscribers', 'add', 'me@example.org', '--cadence', 'weekly', '--stage', 'trial');
    const sent = { sent: 1, refused: 0, deferred: 0, unconfirmed: 0 };
    expect(await invoke(digest, {})).toEqual(sent);
    expect(await invoke(digest, {})).toEqual({ ...sent, sent: 0 });
    const mails = (await (await fetch(`${aws.endpoint}/_ministack/ses/messages`)).json()) as {
      messages: Record<string, object[]>;
    };
    expect(mails.messages[AWS.account]).toHaveLength(1);
    const message = JSON.stringify(mails);
    expect(message).toContain('me@example.org');
    // the address of the API, which the emulator answers for under another
    const [, path = ''] = /https:[^\s"]*execute-api[^\s"/]*(\/subscriptions\/[\w.-]+)/.exec(message) ?? [];
    expect(await (await ask(`${path}.json`)).json()).toMatchObject({ subscribed: true, cadence: 'weekly' });
    const leaving = { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) };
    expect((await ask(path, leaving)).status).toBe(200);
    expect(await paperkeep('subscribers', 'list', '--stage', 'trial')).toContain('no subscribers');
  });

  it('switches off the subscription of an address that SES reports as bounced', async () => {
    await paperkeep('subscribers', 'add', 'gone@example.org', '--stage', 'trial');
    const [TopicArn = ''] = await resources(APP, 'AWS::SNS::Topic', /Feedback/);
    const bounce = { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress: 'gone@example.org' }] };
    const Message = JSON.stringify({ eventType: 'Bounce', bounce });
    await clients.sns.send(new PublishCommand({ TopicArn, Message }));
    await until('the subscription is off', async () =>
      (await paperkeep('subscribers', 'list', '--stage', 'trial')).includes('bounced'),
    );
    await paperkeep('subscribers', 'remove', 'gone@example.org', '--stage', 'trial');
  });

  it('offers the files of its export for download where that is configured', async () => {
    const { files } = (await (await ask('/exports.json')).json()) as { files: { path: string; url: string }[] };
    const papers = files.find(({ path }) => path === 'papers.jsonl.gz');
    const lines = gunzipSync(await (await ask(papers?.url ?? '')).arrayBuffer())
      .toString()
      .trim()
      .split('\n');
    const ids = lines.map((line) => (JSON.parse(line) as Paper).id);
    expect(ids).toEqual(expect.arrayContaining((await answer('/trending.json')).papers.map(({ id }) => id)));
  });

  it('serves pages that run no foreign script and are not indexed', async () => {
    const page = await ask('/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(page.headers.get('x-robots-tag')).toBe('noindex');
    expect(await page.text()).toContain('</html>');
    expect((await ask('/papers/2501.99999.json')).status).toBe(404);
  });

  it('makes a damaged snapshot a dead letter after three receives, and again after a redrive', async () => {
    // twelve minutes in the template
    const QueueUrl = output(DATA, 'QueueUrl');
    await clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '1' } }));
    const Bucket = output(DATA, 'ArchiveUrl').slice('s3://'.length);
    await clients.s3.send(new PutObjectCommand({ Bucket, Key: POISON, Body: 'no snapshot', IfNoneMatch: '*' }));
    await until('one dead letter', async () => (await waiting(output(DATA, 'DeadLettersUrl'))) === 1);
    expect(await eventsOf(POISON)).toEqual(['not recorded', 'not recorded', 'not recorded']);

    expect(await sendBack()).toEqual([POISON]);
    expect(await waiting(output(DATA, 'DeadLettersUrl'))).toBe(0);
    await until('the dead letter again', async () => (await waiting(output(DATA, 'DeadLettersUrl'))) === 1);
    expect((await answer('/-/health.json')).status).toBe('ok');
  });

  it('loses nothing when a role lacks a permission', async () => {
    // of that day: where midnight passes, the newest list is another one
    const day = dayOf(systemClock());
    const countCaptures = async () => (await answer(`/trending/${day}.json`)).coverage.captures;
    const before = await countCaptures();
    const restore = await takeAway(/Functionrecord/, 'dynamodb:PutItem');
    expect(await invoke(output(APP, 'CollectFunction'), { listDays: [{ list: 'trending', day }] })).toMatchObject({
      visits: 1,
      failed: 0,
    });
    await until('two dead letters', async () => (await waiting(output(DATA, 'DeadLettersUrl'))) === 2);
    expect(aws.log()).toContain('is not authorized to perform: dynamodb:PutItem');
    expect(await countCaptures()).toBe(before);

    await restore();
    expect(await sendBack()).toContain(POISON);
    await until('the visit in the list', async () => (await countCaptures()) === before + 1);
    await until('the poison alone', async () => (await waiting(output(DATA, 'DeadLettersUrl'))) === 1);
  });

  it('reports an invocation that failed three times', async () => {
    const restore = await takeAway(/Functioncollect/, 's3:ListBucket');
    await clients.lambda.send(
      new InvokeCommand({ FunctionName: output(APP, 'CollectFunction'), InvocationType: 'Event', Payload: '{}' }),
    );
    const failed = await until('a failed run', async () => (await receive(output(APP, 'LostRunsUrl')))[0]);
    expect(failed.Body).toContain('not authorized to perform: s3:ListBucket');
    await restore();
  });

  it('denies deleting a snapshot even to a user who may do everything in S3', async () => {
    await iam({
      Action: 'CreateUser',
      UserName: 'thief',
    });
    await iam({
      Action: 'PutUserPolicy',
      UserName: 'thief',
      PolicyName: 'everything',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
      }),
    });
    const made = await iam({ Action: 'CreateAccessKey', UserName: 'thief' });
    const part = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(made)?.[1] ?? '';
    const thief = new S3Client({
      endpoint: aws.endpoint,
      region: AWS.region,
      forcePathStyle: true,
      credentials: { accessKeyId: part('AccessKeyId'), secretAccessKey: part('SecretAccessKey') },
    });
    const Bucket = output(DATA, 'ArchiveUrl').slice('s3://'.length);
    const [{ key }] = (await captures()) as [Capture];
    await thief.send(new PutObjectCommand({ Bucket, Key: 'elsewhere', Body: 'a note' }));
    await thief.send(new DeleteObjectCommand({ Bucket, Key: 'elsewhere' }));
    await expect(thief.send(new DeleteObjectCommand({ Bucket, Key: key }))).rejects.toThrow('not authorized');
    thief.destroy();
  });

  it('mails an alarm to the owner with a link to the runbook', async () => {
    const [TopicArn = ''] = await resources(APP, 'AWS::SNS::Topic', /Alarms/);
    const { QueueUrl = '' } = await clients.sqs.send(new CreateQueueCommand({ QueueName: 'ear' }));
    const { Attributes } = await clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    const hears = {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: Attributes?.QueueArn,
        },
      ],
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', ...hears });
    await clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    await clients.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn }));
    await query('monitoring', '2010-08-01', {
      Action: 'SetAlarmState',
      AlarmName: 'paperkeep-trial-Stale',
      StateValue: 'ALARM',
      StateReason: 'a test',
    });

    const [letter] = await until('the alarm', () => receive(QueueUrl));
    const alarm = JSON.parse(JSON.parse(letter?.Body ?? '{}').Message);
    expect(alarm).toMatchObject({ AlarmName: 'paperkeep-trial-Stale', NewStateValue: 'ALARM' });
    expect(alarm.AlarmDescription).toMatch(/docs\/aws\/runbook\.md#stale$/);
    expect(aws.log()).toContain('SNS fanout → email owner@example.org');
  });

  it('keeps archive and lists when the service is destroyed and deployed again', async () => {
    const before = { lists: [await answer('/daily.json'), await answer('/trending.json')], keys: await keys() };
    await expect(clients.stacks.send(new DeleteStackCommand({ StackName: DATA }))).rejects.toThrow(
      'TerminationProtection',
    );
    await cdk('destroy', APP, '--force');
    expect(await resources(APP, 'AWS::Lambda::Function')).toEqual([]);
    expect(await keys()).toEqual(before.keys);

    await cdk('deploy', '--all', '--outputs-file', join(work, 'outputs.json'));
    await readOutputs();
    expect([await answer('/daily.json'), await answer('/trending.json')]).toEqual(before.lists);
    expect(before.keys).toContain(POISON);
  });
});

const cdk = (...args: string[]): Promise<void> => runCdk(aws, work, feed.origin, ...args);

/** Runs a command that must succeed on the deployment; returns what it prints. */
async function paperkeep(...args: string[]): Promise<string> {
  const { exit, out, err } = await spawned(args, aws.env as Env);
  expect({ args, exit, err }).toEqual({ args, exit: 0, err: '' });
  return out;
}

async function readOutputs(): Promise<void> {
  outputs = JSON.parse(await readFile(join(work, 'outputs.json'), 'utf8'));
}

function output(stack: string, name: string): string {
  const value = outputs[stack]?.[name];
  if (!value) throw new Error(`${stack} tells no ${name}`);
  return value;
}

/** The physical names of what a stack holds of a kind. */
async function resources(StackName: string, type: string, logical = /./): Promise<string[]> {
  const pages = await Array.fromAsync(paginateListStackResources({ client: clients.stacks }, { StackName }));
  return pages
    .flatMap(({ StackResourceSummaries = [] }) => StackResourceSummaries)
    .filter(({ ResourceType, LogicalResourceId = '' }) => ResourceType === type && logical.test(LogicalResourceId))
    .map(({ PhysicalResourceId = '' }) => PhysicalResourceId);
}

/** Asks the site through its HTTP API, which the emulator answers for under a path of its own. */
const ask = (path: string, init?: RequestInit): Promise<Response> => {
  const api = new URL(output(APP, 'Url')).hostname.split('.')[0];
  return fetch(`${aws.endpoint}/_aws/execute-api/${api}/$default${path}`, init);
};

type Paper = { readonly id: string; readonly upvotes: number };
type Capture = { readonly key: string; readonly download: string };
type Answer = {
  readonly status: string;
  readonly day: string;
  readonly coverage: { readonly captures: number };
  readonly papers: readonly Paper[];
};

const answer = async (path: string): Promise<Answer> => (await (await ask(path)).json()) as Answer;
const idAndVotes = ({ id, upvotes }: Paper): Paper => ({ id, upvotes });
const captures = async (): Promise<readonly Capture[]> =>
  ((await (await ask('/captures.json?limit=500')).json()) as { captures: readonly Capture[] }).captures;

/** What the feed shows there: entries of its API, or those that its page carries. */
async function fed(path: string): Promise<Paper[]> {
  const body = await (await fetch(feed.origin + path)).text();
  const props = /data-props="([^"]*dailyPapers[^"]*)"/.exec(body)?.[1]?.replaceAll('&quot;', '"');
  const unescaped = props?.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#39;', "'");
  const entries = props ? JSON.parse(unescaped?.replaceAll('&amp;', '&') ?? '').dailyPapers : JSON.parse(body);
  return entries.map((entry: { paper: Paper }) => idAndVotes(entry.paper));
}

async function stored(Key: string): Promise<Buffer> {
  const Bucket = output(DATA, 'ArchiveUrl').slice('s3://'.length);
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

async function keys(): Promise<string[]> {
  const Bucket = output(DATA, 'ArchiveUrl').slice('s3://'.length);
  const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key = '' }) => Key);
}

/** The lines of a function's log with these words. */
async function logged(of: RegExp, words: string): Promise<{ readonly event: string; readonly key?: string }[]> {
  const [logGroupName = ''] = await resources(APP, 'AWS::Logs::LogGroup', of);
  const found = await send('logs', JSON.stringify({ logGroupName, filterPattern: `"${words}"` }), {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'Logs_20140328.FilterLogEvents',
  });
  return (JSON.parse(found).events as { message: string }[]).map(({ message }) => JSON.parse(message));
}

/** What the functions have logged of a snapshot, collect before record. */
async function eventsOf(key: string): Promise<string[]> {
  const lines = [...(await logged(/Functioncollect/, key)), ...(await logged(/Functionrecord/, key))];
  return lines.filter((line) => line.key === key).map(({ event }) => event);
}

async function invoke(FunctionName: string, event: object): Promise<unknown> {
  const { Payload } = await clients.lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
  return JSON.parse(Payload?.transformToString() ?? 'null');
}

async function waiting(QueueUrl: string): Promise<number> {
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] });
  return Number((await clients.sqs.send(asked)).Attributes?.ApproximateNumberOfMessages);
}

async function receive(QueueUrl: string) {
  const asked = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
  return (await clients.sqs.send(asked)).Messages ?? [];
}

/** Sends all dead letters back to their queue; tells of which snapshots they speak. */
async function sendBack(): Promise<string[]> {
  const [from, to] = [output(DATA, 'DeadLettersUrl'), output(DATA, 'QueueUrl')];
  const sent: string[] = [];
  for (const { Body = '', ReceiptHandle } of await receive(from)) {
    await clients.sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody: Body }));
    await clients.sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle }));
    sent.push(...JSON.parse(Body).Records.map(({ s3 }: { s3: { object: { key: string } } }) => s3.object.key));
  }
  return sent;
}

type Statement = { Action: string | string[] };

/** Takes one action out of what a function's role may do; gives back what puts it in again. */
async function takeAway(of: RegExp, action: string): Promise<() => Promise<unknown>> {
  const [RoleName = ''] = await resources(APP, 'AWS::IAM::Role', of);
  const listed = await iam({ Action: 'ListRolePolicies', RoleName });
  const PolicyName = /<member>(.*?)<\/member>/.exec(listed)?.[1] ?? '';
  const got = await iam({ Action: 'GetRolePolicy', RoleName, PolicyName });
  const document = JSON.parse(decodeURIComponent(/<PolicyDocument>(.*?)<\/PolicyDocument>/s.exec(got)?.[1] ?? ''));
  const put = (policy: object) =>
    iam({ Action: 'PutRolePolicy', RoleName, PolicyName, PolicyDocument: JSON.stringify(policy) });
  const left = document.Statement.map((statement: Statement) => ({
    ...statement,
    Action: [statement.Action].flat().filter((granted) => granted !== action),
  })).filter(({ Action }: { Action: string[] }) => Action.length > 0);
  expect(JSON.stringify(left)).not.toBe(JSON.stringify(document.Statement));
  await put({ ...document, Statement: left });
  return () => put(document);
}

const iam = (parameters: Record<string, string>) => query('iam', '2010-05-08', parameters);

const query = (service: string, Version: string, parameters: Record<string, string>) =>
  send(service, new URLSearchParams({ Version, ...parameters }));

/** Asks a service of AWS as the account's root, in its own words: of some we need too little for a client. */
async function send(service: string, body: URLSearchParams | string, headers = {}): Promise<string> {
  const credential = `${AWS.credentials.accessKeyId}/20260101/${AWS.region}/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`;
  const response = await fetch(aws.endpoint, { method: 'POST', headers: { ...headers, authorization }, body });
  const answered = await response.text();
  if (!response.ok) throw new Error(`${service} refuses ${body}: ${answered}`);
  return answered;
}
