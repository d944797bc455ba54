import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import type { Derived } from './derived.ts';
import { HouseFunction } from './function.ts';
import { Wake } from './schedule.ts';
import type { Taken } from './service.ts';

/** Exporting: a function that brings the catalog up to date every night, behind the recorder's own nightly look. */
export class Export extends Construct {
  readonly fn: HouseFunction;

  constructor(scope: Construct, config: Config, taken: Taken, derived: Derived, lost: Queue) {
    super(scope, 'Export');
    this.fn = new HouseFunction(this, {
      name: 'export',
      // the packed file is put from memory (70 MB after ten years), and half a processor packs it in seconds
      memoryMiB: 1024,
      // the file itself: 270 MB after ten years of 66,000 papers (npm run bench -- catalog), and what SQLite writes beside it
      tmpMiB: 1024,
      // all there is: the first night of an archive that has years behind it reads all of them
      timeout: Duration.minutes(15),
      logDays: config.logDays,
      environment: { ...taken.environment, ...derived.environment },
      may: [
        new PolicyStatement({ actions: ['s3:GetObject', 's3:PutObject'], resources: [derived.catalogArn] }),
        derived.mayFindNothing,
        new PolicyStatement({
          actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
          resources: [taken.tableArn],
        }),
      ],
    });
    new Wake(this, 'Nightly', {
      says: 'Brings the catalog up to date with the table',
      fn: this.fn,
      cron: 'cron(20 4 * * ? *)',
      lost,
    });
  }
}
