import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import { HouseFunction } from './function.ts';
import { Wake } from './schedule.ts';
import type { Taken } from './service.ts';

/** Collecting: a function that visits the feed, and the clock that wakes it every hour. */
export class Collect extends Construct {
  readonly fn: HouseFunction;

  constructor(scope: Construct, config: Config, taken: Taken, lost: Queue) {
    super(scope, 'Collect');
    this.fn = new HouseFunction(this, {
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
    new Wake(this, 'Hourly', { says: 'Visits the lists that are due', fn: this.fn, cron, lost });
  }
}
