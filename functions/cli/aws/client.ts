import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { GetAccountSettingsCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteObjectsCommand,
  GetBucketPolicyCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { ListSubscriptionsByTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { classifySdkError, sdkErrorMessage } from '../../../shared/aws/errors.ts';
import { errorMessage, PaperkeepError } from '../../../shared/lib/errors.ts';
import { toInstant } from '../../../shared/lib/time.ts';
import type { Cloud } from './cloud.ts';

/** What `cdk bootstrap` names its things by. */
const QUALIFIER = 'hnb659fds';
/** Where it says its version. */
const BOOTSTRAP = `/cdk-bootstrap/${QUALIFIER}/version`;
/** The shortest that a role can be taken on for; nothing is done with it. */
const ROLE_SECONDS = 900;
/** Messages that SQS takes or gives in one request. */
const BATCH = 10;
/** Statements of the archive's policy that forbid deleting and overwriting, by their names in infra/constructs/archive.ts. */
const WRITE_ONCE = new Set(['WriteOnce', 'NeverDelete']);

/** The region of the environment or the AWS profile; null where none is set. */
export async function configuredRegion(): Promise<string | null> {
  const client = new STSClient({});
  try {
    return await client.config.region();
  } catch {
    return null;
  } finally {
    client.destroy();
  }
}

/** AWS itself, with the credentials and the endpoint of the environment or the AWS profile. */
export function createAwsCloud(region: string): Cloud {
  const formation = new CloudFormationClient({ region });
  const dynamo = new DynamoDBClient({ region });
  const lambda = new LambdaClient({ region });
  const scheduler = new SchedulerClient({ region });
  const sns = new SNSClient({ region });
  const sqs = new SQSClient({ region });
  const ssm = new SSMClient({ region });
  const sts = new STSClient({ region });

  const cloud: Cloud = {
    region,
    async identity() {
      const { Account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand());
      return { account: Account, arn: Arn };
    },
    async bootstrapVersion() {
      try {
        const { Parameter } = await ssm.send(new GetParameterCommand({ Name: BOOTSTRAP }));
        return Number(Parameter?.Value);
      } catch (error) {
        if (isNamed(error, 'ParameterNotFound')) return null;
        throw error;
      }
    },
    async mayDeploy() {
      const { Account, Arn = '' } = await sts.send(new GetCallerIdentityCommand());
      const partition = Arn.split(':')[1];
      const RoleArn = `arn:${partition}:iam::${Account}:role/cdk-${QUALIFIER}-deploy-role-${Account}-${region}`;
      try {
        const asked = { RoleArn, RoleSessionName: 'paperkeep-doctor', DurationSeconds: ROLE_SECONDS };
        await sts.send(new AssumeRoleCommand(asked));
        return true;
      } catch (error) {
        if (isNamed(error, 'AccessDenied')) return false;
        throw error;
      }
    },
    async concurrency() {
      const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand());
      return AccountLimit?.ConcurrentExecutions ?? 0;
    },
    async stack(name) {
      try {
        const { Stacks } = await formation.send(new DescribeStacksCommand({ StackName: name }));
        const [found] = Stacks ?? [];
        if (!found) return null;
        const outputs = Object.fromEntries(
          (found.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
        );
        const { StackStatus = '', EnableTerminationProtection: isProtected = false } = found;
        return { name, status: StackStatus, isProtected, outputs };
      } catch (error) {
        // CloudFormation has no error of its own for a stack that is not there
        if (isNamed(error, 'ValidationError') && /does not exist/.test(errorMessage(error))) return null;
        throw error;
      }
    },
    async unprotectStack(name) {
      const command = { StackName: name, EnableTerminationProtection: false };
      await formation.send(new UpdateTerminationProtectionCommand(command));
    },
    async resources(stack, type) {
      const names: string[] = [];
      let next: string | undefined;
      do {
        const page = await formation.send(new ListStackResourcesCommand({ StackName: stack, NextToken: next }));
        for (const { ResourceType, PhysicalResourceId } of page.StackResourceSummaries ?? [])
          if (ResourceType === type && PhysicalResourceId) names.push(PhysicalResourceId);
        next = page.NextToken;
      } while (next);
      return names;
    },
    async invoke(name) {
      await lambda.send(new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: '{}' }));
    },
    async waiting(queueUrl) {
      const name = 'ApproximateNumberOfMessages';
      const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [name] });
      return Number((await sqs.send(command)).Attributes?.[name]);
    },
    async send(queueUrl, bodies) {
      for (let at = 0; at < bodies.length; at += BATCH) {
        const Entries = bodies.slice(at, at + BATCH).map((MessageBody, id) => ({ Id: String(id), MessageBody }));
        const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
        if (Failed[0]) {
          const what = `${Failed.length} of ${Entries.length} messages were refused: ${Failed[0].Message ?? Failed[0].Code}`;
          throw new PaperkeepError({
            code: 'MESSAGES_REFUSED',
            message: what,
            hint: 'run it again: what was sent twice is recorded once',
          });
        }
      }
    },
    async take(queueUrl, deal) {
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: queueUrl,
            MaxNumberOfMessages: BATCH,
            MessageAttributeNames: ['All'],
            MessageSystemAttributeNames: ['SentTimestamp'],
            // asks all of SQS's servers, not only some
            WaitTimeSeconds: 1,
          }),
        );
        if (Messages.length === 0) return;
        for (const { ReceiptHandle, Body = '', MessageAttributes = {}, Attributes = {} } of Messages) {
          const attributes = Object.fromEntries(
            Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
          );
          await deal({ body: Body, attributes, sent: toInstant(Number(Attributes.SentTimestamp)) });
          await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
        }
      }
    },
    async isOn(schedule) {
      return (await scheduler.send(new GetScheduleCommand({ Name: schedule }))).State === 'ENABLED';
    },
    async turn(schedule, on) {
      // an update replaces: whatever is not said again is lost
      const {
        $metadata: _metadata,
        Arn: _arn,
        CreationDate: _created,
        LastModificationDate: _modified,
        ...kept
      } = await scheduler.send(new GetScheduleCommand({ Name: schedule }));
      const { ScheduleExpression, FlexibleTimeWindow, Target } = kept;
      const State = on ? 'ENABLED' : 'DISABLED';
      await scheduler.send(
        new UpdateScheduleCommand({ ...kept, Name: schedule, ScheduleExpression, FlexibleTimeWindow, Target, State }),
      );
    },
    async subscribers(topicArn) {
      const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
      return Subscriptions.map(({ Endpoint = '', SubscriptionArn = '' }) => ({
        address: Endpoint,
        isConfirmed: SubscriptionArn.startsWith('arn:'),
      }));
    },
    async askToConfirm(topicArn, address) {
      await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint: address }));
    },
    async table(name) {
      const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: name }));
      return { bytes: Table?.TableSizeBytes ?? 0, isProtected: Table?.DeletionProtectionEnabled ?? false };
    },
    async unprotectTable(name) {
      await dynamo.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: false }));
    },
    async allowDeleting(bucket) {
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
        // what is deleted is listed no more: the first page is always the next
        const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
        if (Contents.length === 0) break;
        const Objects = Contents.map(({ Key }) => ({ Key }));
        const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
        if (Errors[0]) {
          const what = `${Errors.length} objects of ${bucket} cannot be deleted: ${Errors[0].Message ?? Errors[0].Code}`;
          throw new PaperkeepError({
            code: 'AWS_FORBIDDEN',
            message: what,
            hint: 'use an identity that may delete them, and run it again',
          });
        }
      }
      s3.destroy();
    },
    async secret(name) {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
      return Parameter?.Value ?? '';
    },
  };
  return explained(cloud);
}

/** The same, whose errors are for people. */
function explained(cloud: Cloud): Cloud {
  const methods = Object.entries(cloud).map(([name, method]) => {
    if (typeof method !== 'function') return [name, method];
    const ask = method as (...args: unknown[]) => Promise<unknown>;
    return [name, (...args: unknown[]) => ask(...args).catch((error: unknown) => problem(cloud.region, name, error))];
  });
  return Object.fromEntries(methods) as Cloud;
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

/** Throws what a person is told of an error of the SDK. */
function problem(region: string, asked: string, error: unknown): never {
  if (error instanceof PaperkeepError || !(error instanceof Error)) throw error;
  const trouble = classifySdkError(error);
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  const said = sdkErrorMessage(error);
  const tell = (name: string, what: string, hint: string): never => {
    throw new PaperkeepError({ code: name, message: what, hint, cause: error });
  };
  if (trouble === 'credentials') {
    const hint = 'sign in (`aws sso login`), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';
    return tell('NO_CREDENTIALS', `AWS does not know these credentials: ${said}`, hint);
  }
  if (trouble === 'network') {
    return tell('AWS_UNREACHABLE', `AWS does not answer in ${region}: ${said}`, 'look at the network and the region');
  }
  if (status === 403 || /^(AccessDenied|AuthorizationError)/.test(error.name)) {
    const hint =
      'use an identity that may do it; whoever deploys needs the rights of an administrator, or those of docs/aws/deploy.md';
    return tell('AWS_FORBIDDEN', `AWS refuses ${asked} to these credentials: ${said}`, hint);
  }
  return tell('AWS_REFUSED', `AWS answers ${asked} with ${error.name}: ${said}`, 'see docs/aws/runbook.md');
}
