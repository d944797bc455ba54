import {
  BudgetsClient,
  CreateBudgetCommand,
  CreateSubscriberCommand,
  DeleteBudgetCommand,
  DeleteSubscriberCommand,
  DescribeSubscribersForNotificationCommand,
  type Notification,
  type Subscriber,
  UpdateBudgetCommand,
  UpdateSubscriberCommand,
} from '@aws-sdk/client-budgets';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand, DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { GetAccountSettingsCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteObjectsCommand,
  GetBucketPolicyCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  ConfirmSubscriptionCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { toPaperkeepError } from '../../../shared/aws/errors.ts';
import { setScheduleEnabled } from '../../../shared/aws/scheduler.ts';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import { lazyAsync } from '../../../shared/lib/lazy.ts';
import { toInstant } from '../../../shared/lib/time.ts';
import type { Ask } from './ask.ts';
import type { Cloud } from './cloud.ts';

/** The shortest session that STS allows; the role is assumed only to see whether that is allowed. */
const ROLE_SECONDS = 900;
/** SQS's limit of messages in one request. */
const BATCH = 10;
/** The statements of the archive bucket's policy that forbid overwriting and deleting snapshots, as infra/constructs/archive.ts names them. */
const WRITE_ONCE = new Set(['WriteOnce', 'NeverDelete']);

/** When a budget mails: before and when the bill of a month exceeds its limit. AWS makes a forecast after five weeks of bills. */
const BUDGET_NOTIFICATIONS = (['FORECASTED', 'ACTUAL'] as const).map(
  (NotificationType): Notification => ({ NotificationType, ComparisonOperator: 'GREATER_THAN', Threshold: 100 }),
);

/** The region of the environment or the AWS profile, else AWS_DEFAULT_REGION, which the AWS CLI reads and the SDK does not; null without any. */
export async function configuredRegion(): Promise<string | null> {
  const client = new STSClient({});
  try {
    return await client.config.region();
  } catch {
    return process.env.AWS_DEFAULT_REGION ?? null;
  } finally {
    client.destroy();
  }
}

/**
 * Signs in once with an AWS profile that needs the code of an MFA device, and puts the credentials into the environment, where all clients
 * and CDK find them. Does nothing for any other profile: without credentials the first request fails.
 */
async function signInWithMfa(ask: Ask): Promise<void> {
  let isAsked = false;
  const provide = defaultProvider({
    mfaCodeProvider(device) {
      isAsked = true;
      return ask(`Code of the MFA device ${device}: `);
    },
  });
  const credentials = await provide().catch((error: unknown) => {
    if (isAsked) throw error;
  });
  if (!isAsked || !credentials) return;
  process.env.AWS_ACCESS_KEY_ID = credentials.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = credentials.secretAccessKey;
  process.env.AWS_SESSION_TOKEN = credentials.sessionToken;
  delete process.env.AWS_PROFILE;
}

/**
 * Creates a `Cloud` of the AWS SDK's clients, with the credentials and the endpoint of the environment or the AWS profile. Where the profile
 * needs the code of an MFA device, the first request asks for it; without `ask` it fails with `MFA_REQUIRED`.
 */
export function createAwsCloud(region: string, ask: Ask | null = null): Cloud {
  const budgets = new BudgetsClient({ region });
  const formation = new CloudFormationClient({ region });
  const cloudwatch = new CloudWatchClient({ region });
  const dynamo = new DynamoDBClient({ region });
  const lambda = new LambdaClient({ region });
  const scheduler = new SchedulerClient({ region });
  const sns = new SNSClient({ region });
  const sqs = new SQSClient({ region });
  const ssm = new SSMClient({ region });
  const sts = new STSClient({ region });

  const cloud: Cloud = {
    region,
    async getIdentity() {
      const { Account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand());
      return { account: Account, arn: Arn };
    },
    async getBootstrapVersion(qualifier) {
      const command = new GetParameterCommand({ Name: `/cdk-bootstrap/${qualifier}/version` });
      const found = await nullIf('ParameterNotFound', ssm.send(command));
      return found && Number(found.Parameter?.Value);
    },
    async canAssumeDeployRole(qualifier) {
      const { Account, Arn = '' } = await sts.send(new GetCallerIdentityCommand());
      const partition = Arn.split(':')[1];
      const RoleArn = `arn:${partition}:iam::${Account}:role/cdk-${qualifier}-deploy-role-${Account}-${region}`;
      const session = { RoleArn, RoleSessionName: 'paperkeep-doctor', DurationSeconds: ROLE_SECONDS };
      return (await nullIf('AccessDenied', sts.send(new AssumeRoleCommand(session)))) !== null;
    },
    async getConcurrencyLimit() {
      const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand());
      return AccountLimit?.ConcurrentExecutions ?? 0;
    },
    async describeStack(name) {
      const request = formation.send(new DescribeStacksCommand({ StackName: name }));
      // CloudFormation has no error of its own for a stack that does not exist
      const [stack] = (await nullIf('ValidationError', request, /does not exist/))?.Stacks ?? [];
      if (!stack) return null;
      const outputs = Object.fromEntries(
        (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
      );
      const { StackStatus = '', EnableTerminationProtection: isProtected = false } = stack;
      return { name, status: StackStatus, isProtected, outputs };
    },
    async unprotectStack(name) {
      const command = { StackName: name, EnableTerminationProtection: false };
      await formation.send(new UpdateTerminationProtectionCommand(command));
    },
    async listResources(stack, type) {
      const names: string[] = [];
      for await (const page of paginateListStackResources({ client: formation }, { StackName: stack }))
        for (const { ResourceType, PhysicalResourceId } of page.StackResourceSummaries ?? [])
          if (ResourceType === type && PhysicalResourceId) names.push(PhysicalResourceId);
      return names;
    },
    async startFunction(name) {
      await lambda.send(new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: '{}' }));
    },
    async countMessages(queueUrl) {
      const name = 'ApproximateNumberOfMessages';
      const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [name] });
      return Number((await sqs.send(command)).Attributes?.[name]);
    },
    async sendMessages(queueUrl, bodies) {
      for (let at = 0; at < bodies.length; at += BATCH) {
        const Entries = bodies.slice(at, at + BATCH).map((MessageBody, id) => ({ Id: String(id), MessageBody }));
        const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
        if (Failed[0]) {
          throw new PaperkeepError({
            code: 'MESSAGES_REFUSED',
            message: `SQS refused ${Failed.length} of ${Entries.length} messages: ${Failed[0].Message ?? Failed[0].Code}`,
            hint: 'run it again; messages that are sent twice do no harm',
          });
        }
      }
    },
    async drainQueue(queueUrl, process) {
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: queueUrl,
            MaxNumberOfMessages: BATCH,
            MessageAttributeNames: ['All'],
            MessageSystemAttributeNames: ['SentTimestamp'],
            // long polling asks all of SQS's servers, not a sample
            WaitTimeSeconds: 1,
          }),
        );
        if (Messages.length === 0) return;
        for (const { ReceiptHandle, Body = '', MessageAttributes = {}, Attributes = {} } of Messages) {
          const attributes = Object.fromEntries(
            Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
          );
          await process({ body: Body, attributes, sent: toInstant(Number(Attributes.SentTimestamp)) });
          await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
        }
      }
    },
    async isScheduleEnabled(schedule) {
      return (await scheduler.send(new GetScheduleCommand({ Name: schedule }))).State === 'ENABLED';
    },
    setScheduleEnabled: (schedule, enabled) => setScheduleEnabled(schedule, enabled, scheduler),
    async listSubscribers(topicArn) {
      const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
      return Subscriptions.map(({ Endpoint = '', SubscriptionArn = '' }) => ({
        address: Endpoint,
        isConfirmed: SubscriptionArn.startsWith('arn:'),
      }));
    },
    async subscribe(topicArn, address) {
      await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint: address }));
    },
    async confirmSubscription(topicArn, token) {
      const command = { TopicArn: topicArn, Token: token, AuthenticateOnUnsubscribe: 'true' };
      await sns.send(new ConfirmSubscriptionCommand(command));
    },
    async describeTable(name) {
      const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: name }));
      return { bytes: Table?.TableSizeBytes ?? 0, isProtected: Table?.DeletionProtectionEnabled ?? false };
    },
    async unprotectTable(name) {
      await dynamo.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: false }));
    },
    async allowDeletingSnapshots(bucket) {
      const s3 = new S3Client({ region, forcePathStyle: true });
      const { Policy = '{}' } = await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
      const policy = JSON.parse(Policy) as { Statement: { Sid?: string }[] };
      const Statement = policy.Statement.filter(({ Sid = '' }) => !WRITE_ONCE.has(Sid));
      await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify({ ...policy, Statement }) }));
      s3.destroy();
    },
    async emptyBucket(bucket) {
      const s3 = new S3Client({ region, forcePathStyle: true });
      for (;;) {
        // deleted objects are no longer listed, so the first page is always the next one
        const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
        if (Contents.length === 0) break;
        const Objects = Contents.map(({ Key }) => ({ Key }));
        const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
        if (Errors[0]) {
          throw new PaperkeepError({
            code: 'AWS_FORBIDDEN',
            message: `${Errors.length} objects of ${bucket} could not be deleted: ${Errors[0].Message ?? Errors[0].Code}`,
            hint: 'use credentials that may delete them, and run it again',
          });
        }
      }
      s3.destroy();
    },
    async upsertBudget({ name, dollars, email, topic }) {
      const { account } = await cloud.getIdentity();
      const subscribersOf = ({ NotificationType }: Notification): Subscriber[] => [
        { SubscriptionType: 'EMAIL', Address: email },
        ...(topic !== null && NotificationType === 'ACTUAL'
          ? [{ SubscriptionType: 'SNS', Address: topic } as const]
          : []),
      ];
      const limit = { Amount: String(dollars), Unit: 'USD' };
      const budget = { BudgetName: name, BudgetType: 'COST', TimeUnit: 'MONTHLY', BudgetLimit: limit } as const;
      const NotificationsWithSubscribers = BUDGET_NOTIFICATIONS.map((Notification) => ({
        Notification,
        Subscribers: subscribersOf(Notification),
      }));
      const create = new CreateBudgetCommand({ AccountId: account, Budget: budget, NotificationsWithSubscribers });
      if (await nullIf('DuplicateRecordException', budgets.send(create))) return;
      await budgets.send(new UpdateBudgetCommand({ AccountId: account, NewBudget: budget }));
      for (const Notification of BUDGET_NOTIFICATIONS) {
        const where = { AccountId: account, BudgetName: name, Notification };
        const { Subscribers = [] } = await budgets.send(new DescribeSubscribersForNotificationCommand(where));
        for (const type of ['EMAIL', 'SNS'] as const) {
          const isOfType = ({ SubscriptionType }: Subscriber) => SubscriptionType === type;
          const [OldSubscriber, NewSubscriber] = [Subscribers, subscribersOf(Notification)].map((all) =>
            all.find(isOfType),
          );
          if (NewSubscriber && Subscribers.some(({ Address }) => Address === NewSubscriber.Address)) continue;
          if (OldSubscriber && NewSubscriber)
            await budgets.send(new UpdateSubscriberCommand({ ...where, OldSubscriber, NewSubscriber }));
          else if (NewSubscriber)
            await budgets.send(new CreateSubscriberCommand({ ...where, Subscriber: NewSubscriber }));
          else if (OldSubscriber)
            await budgets.send(new DeleteSubscriberCommand({ ...where, Subscriber: OldSubscriber }));
        }
      }
    },
    async deleteBudget(name) {
      const { account } = await cloud.getIdentity();
      const command = new DeleteBudgetCommand({ AccountId: account, BudgetName: name });
      await nullIf('NotFoundException', budgets.send(command));
    },
    async listFiringAlarms(prefix) {
      const request = new DescribeAlarmsCommand({ AlarmNamePrefix: prefix, StateValue: 'ALARM' });
      const { MetricAlarms = [] } = await cloudwatch.send(request);
      return MetricAlarms.map(({ AlarmName = '' }) => AlarmName);
    },
    async getSecret(name) {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
      return Parameter?.Value ?? '';
    },
  };
  return mapErrors(
    cloud,
    sts,
    lazyAsync(async () => ask && signInWithMfa(ask)),
  );
}

/** The response to a request; null when it fails with that error. */
const nullIf = <T>(name: string, request: Promise<T>, message = /^/): Promise<T | null> =>
  request.catch((error: unknown) => {
    if (error instanceof Error && error.name === name && message.test(error.message)) return null;
    throw error;
  });

const AWS = {
  name: 'AWS',
  code: 'AWS',
  permissions: 'this permission; docs/aws/deploy.md lists all that are needed',
} as const;

/** The same client, whose methods sign in first and throw `PaperkeepError` in place of the SDK's errors. */
function mapErrors(cloud: Cloud, client: STSClient, signIn: () => Promise<unknown>): Cloud {
  const methods = Object.entries(cloud).map(([name, method]) => {
    if (typeof method !== 'function') return [name, method];
    const call = method as (...args: unknown[]) => Promise<unknown>;
    const mapped = (...args: unknown[]) =>
      signIn()
        .then(() => call(...args))
        .catch(async (error) => {
          throw await toPaperkeepError(error, AWS, client);
        });
    return [name, mapped];
  });
  return Object.fromEntries(methods) as Cloud;
}
