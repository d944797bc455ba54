import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { RECORD_TIMEOUT } from './archive.ts';
import { allow, PaperkeepFunction, type StageProps } from './function.ts';
import { ScheduledInvocation } from './scheduled-invocation.ts';

/** Recording: a function behind the archive's queue, and a nightly run that records what the queue has missed. */
export class RecordStage extends Construct {
  readonly function: PaperkeepFunction;

  constructor(scope: Construct, id: string, { config, dataStack, failedInvocations }: StageProps) {
    super(scope, id);
    this.function = new PaperkeepFunction(this, 'Function', {
      name: 'record',
      memoryMiB: 512,
      timeout: RECORD_TIMEOUT,
      logDays: config.logDays,
      environment: dataStack.environment,
      policy: [
        allow('s3:GetObject', `${dataStack.bucketArn}/raw/*`),
        allow('s3:ListBucket', dataStack.bucketArn),
        allow(
          [
            'dynamodb:GetItem',
            'dynamodb:BatchGetItem',
            'dynamodb:Query',
            'dynamodb:PutItem',
            'dynamodb:BatchWriteItem',
          ],
          dataStack.tableArn,
        ),
        allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], dataStack.queueArn),
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
