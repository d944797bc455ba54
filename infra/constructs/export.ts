import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import type { DataStackRefs } from '../stacks/service.ts';
import type { DerivedDataBucket } from './derived-data-bucket.ts';
import { PaperkeepFunction } from './function.ts';
import { ScheduledInvocation } from './scheduled-invocation.ts';

/**
 * Exporting: a function that brings the catalog up to date every night, behind the recorder's own nightly look, and makes the files of an
 * export where the owner wants them.
 */
export class ExportStage extends Construct {
  readonly fn: PaperkeepFunction;

  constructor(scope: Construct, config: Config, taken: DataStackRefs, derived: DerivedDataBucket, lost: Queue) {
    super(scope, 'Export');
    this.fn = new PaperkeepFunction(this, {
      name: 'export',
      // the packed file is put from memory (70 MB after ten years), and half a processor packs it in seconds; an export has a month of all
      // tables in memory, and one processor for years of them
      memoryMiB: config.exports ? 2048 : 1024,
      // the file itself: 270 MB after ten years of 66,000 papers (npm run bench -- catalog), and what SQLite writes beside it; an export
      // makes all its files before it puts any: as SQLite with every observation some 1 GB, as CSV another
      tmpMiB: config.exports ? 6144 : 1024,
      // all there is: the first night of an archive that has years behind it reads all of them
      timeout: Duration.minutes(15),
      logDays: config.logDays,
      environment: {
        ...taken.environment,
        ...derived.environment,
        ...(config.exports && { PAPERKEEP_EXPORTS: derived.exportsUrl }),
      },
      may: [
        new PolicyStatement({ actions: ['s3:GetObject', 's3:PutObject'], resources: [derived.catalogArn] }),
        ...(config.exports
          ? [
              new PolicyStatement({
                actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
                resources: [derived.exportsArn('*')],
              }),
            ]
          : []),
        derived.mayFindNothing,
        new PolicyStatement({
          actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
          resources: [taken.tableArn],
        }),
      ],
    });
    new ScheduledInvocation(this, 'Nightly', {
      says: 'Brings the catalog up to date with the table',
      fn: this.fn,
      cron: 'cron(20 4 * * ? *)',
      lost,
    });
  }
}
