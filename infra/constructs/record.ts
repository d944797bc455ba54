import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import type { DataStackRefs } from '../data-stack-refs.ts';
import { RECORD_TIMEOUT } from './archive.ts';
import { PaperkeepFunction } from './function.ts';
import { ScheduledInvocation } from './scheduled-invocation.ts';

/** Recording: a function behind the archive's queue, and a nightly run that records what the queue has missed. */
export class RecordStage extends Construct {
  readonly function: PaperkeepFunction;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly config: Config; readonly dataStack: DataStackRefs; readonly failedInvocations: Queue },
  ) {
    super(scope, id);
    const { config, dataStack, failedInvocations } = props;
    this.function = new PaperkeepFunction(this, 'Function', {
      name: 'record',
      memoryMiB: 512,
      timeout: RECORD_TIMEOUT,
      logDays: config.logDays,
      environment: dataStack.environment,
      policy: [
        new PolicyStatement({ actions: ['s3:GetObject'], resources: [`${dataStack.bucketArn}/raw/*`] }),
        new PolicyStatement({ actions: ['s3:ListBucket'], resources: [dataStack.bucketArn] }),
        new PolicyStatement({
          actions: [
            'dynamodb:GetItem',
            'dynamodb:BatchGetItem',
            'dynamodb:Query',
            'dynamodb:PutItem',
            'dynamodb:BatchWriteItem',
          ],
          resources: [dataStack.tableArn],
        }),
        new PolicyStatement({
          actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
          resources: [dataStack.queueArn],
        }),
      ],
    });
    new EventSourceMapping(this, 'Queue', {
      target: this.function.lambda,
      eventSourceArn: dataStack.queueArn,
      batchSize: 10,
      // enough for any backlog, and it bounds what a loop could cost
      maxConcurrency: 2,
      reportBatchItemFailures: true,
    }).node.addDependency(this.function.role);
    new ScheduledInvocation(this, 'Nightly', {
      description: 'Records what was archived and not recorded',
      function: this.function,
      cron: 'cron(40 3 * * ? *)',
      input: { reconcile: true },
      failedInvocations,
    });
  }
}
