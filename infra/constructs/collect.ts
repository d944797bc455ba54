import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import type { DataStackRefs } from '../stacks/service.ts';
import { PaperkeepFunction } from './function.ts';
import { ScheduledInvocation } from './scheduled-invocation.ts';

/** Collecting: a function that visits the feed, and the clock that wakes it every hour. */
export class CollectStage extends Construct {
  readonly fn: PaperkeepFunction;

  constructor(scope: Construct, config: Config, taken: DataStackRefs, lost: Queue) {
    super(scope, 'Collect');
    this.fn = new PaperkeepFunction(this, {
      name: 'collect',
      memoryMiB: 512,
      // the first run visits 15 lists at a gap of two seconds; the longest wait for a rate limit is five minutes
      timeout: Duration.minutes(10),
      logDays: config.logDays,
      environment: {
        ...taken.environment,
        PAPERKEEP_ORIGIN: config.origin,
        PAPERKEEP_WATCH: config.watch,
        ...(config.tokenParameter && { PAPERKEEP_TOKEN_PARAMETER: config.tokenParameter }),
      },
      may: [
        new PolicyStatement({ actions: ['s3:PutObject', 's3:GetObject'], resources: [`${taken.bucketArn}/raw/*`] }),
        new PolicyStatement({ actions: ['s3:ListBucket'], resources: [taken.bucketArn] }),
        new PolicyStatement({
          actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
          resources: [taken.tableArn],
        }),
        ...taken.maySecret(config.tokenParameter),
      ],
    });
    const cron = `cron(${config.minute} * * * ? *)`;
    new ScheduledInvocation(this, 'Hourly', { says: 'Visits the lists that are due', fn: this.fn, cron, lost });
  }
}
