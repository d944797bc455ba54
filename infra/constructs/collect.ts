import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type Config, RESERVED_CONCURRENCY } from '../config.ts';
import type { DataStackRefs } from '../data-stack-refs.ts';
import { PaperkeepFunction } from './function.ts';
import { ScheduledInvocation } from './scheduled-invocation.ts';

/** Collecting: a function that visits the feed, and its hourly schedule. */
export class CollectStage extends Construct {
  readonly function: PaperkeepFunction;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly config: Config; readonly dataStack: DataStackRefs; readonly failedInvocations: Queue },
  ) {
    super(scope, id);
    const { config, dataStack, failedInvocations } = props;
    this.function = new PaperkeepFunction(this, 'Function', {
      name: 'collect',
      memoryMiB: 512,
      // the first run makes 15 visits, 2 s apart; the longest wait for a rate limit is five minutes
      timeout: Duration.minutes(10),
      reservedConcurrency: config.reserveConcurrency ? RESERVED_CONCURRENCY.collect : undefined,
      logDays: config.logDays,
      environment: {
        ...dataStack.environment,
        PAPERKEEP_ORIGIN: config.origin,
        PAPERKEEP_WATCH: config.watch,
        ...(config.since && { PAPERKEEP_SINCE: config.since }),
        ...(config.tokenParameter && { PAPERKEEP_TOKEN_PARAMETER: config.tokenParameter }),
      },
      policy: [
        new PolicyStatement({ actions: ['s3:PutObject', 's3:GetObject'], resources: [`${dataStack.bucketArn}/raw/*`] }),
        new PolicyStatement({ actions: ['s3:ListBucket'], resources: [dataStack.bucketArn] }),
        new PolicyStatement({
          actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
          resources: [dataStack.tableArn],
        }),
      ],
      secretParameter: config.tokenParameter,
    });
    new ScheduledInvocation(this, 'Hourly', {
      description: 'Visits the lists that are due',
      function: this.function,
      cron: `cron(${config.minute} * * * ? *)`,
      failedInvocations,
    });
  }
}
