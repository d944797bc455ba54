import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { RESERVED_CONCURRENCY } from '../config.ts';
import { allow, PaperkeepFunction, type StageProps } from './function.ts';
import { ScheduledInvocation } from './scheduled-invocation.ts';

/** Collecting: a function that visits the feed, and its hourly schedule. */
export class CollectStage extends Construct {
  readonly function: PaperkeepFunction;

  constructor(scope: Construct, id: string, { config, dataStack, failedInvocations }: StageProps) {
    super(scope, id);
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
        allow(['s3:PutObject', 's3:GetObject'], `${dataStack.bucketArn}/raw/*`),
        allow('s3:ListBucket', dataStack.bucketArn),
        allow(['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'], dataStack.tableArn),
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
