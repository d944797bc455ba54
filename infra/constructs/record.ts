import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import type { DataStackRefs } from '../stacks/service.ts';
import { RECORD_TIMEOUT } from './archive.ts';
import { PaperkeepFunction } from './function.ts';
import { ScheduledInvocation } from './scheduled-invocation.ts';

/** Recording: a function behind the archive's queue, and a nightly look for what the queue has missed. */
export class RecordStage extends Construct {
  readonly fn: PaperkeepFunction;

  constructor(scope: Construct, config: Config, taken: DataStackRefs, lost: Queue) {
    super(scope, 'Record');
    this.fn = new PaperkeepFunction(this, {
      name: 'record',
      memoryMiB: 512,
      timeout: RECORD_TIMEOUT,
      logDays: config.logDays,
      environment: taken.environment,
      may: [
        new PolicyStatement({ actions: ['s3:GetObject'], resources: [`${taken.bucketArn}/raw/*`] }),
        new PolicyStatement({ actions: ['s3:ListBucket'], resources: [taken.bucketArn] }),
        new PolicyStatement({
          actions: [
            'dynamodb:GetItem',
            'dynamodb:BatchGetItem',
            'dynamodb:Query',
            'dynamodb:PutItem',
            'dynamodb:BatchWriteItem',
          ],
          resources: [taken.tableArn],
        }),
        new PolicyStatement({
          actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
          resources: [taken.queueArn],
        }),
      ],
    });
    // two at once at most: enough for any backlog, and it bounds what a loop could cost
    new EventSourceMapping(this, 'Queue', {
      target: this.fn.fn,
      eventSourceArn: taken.queueArn,
      batchSize: 10,
      maxConcurrency: 2,
      reportBatchItemFailures: true,
    }).node.addDependency(this.fn.role);
    new ScheduledInvocation(this, 'Nightly', {
      says: 'Records what was archived and not recorded',
      fn: this.fn,
      cron: 'cron(40 3 * * ? *)',
      input: { reconcile: true },
      lost,
    });
  }
}
