import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DerivedDataBucket } from './derived-data-bucket.ts';
import { allow, PaperkeepFunction, type StageProps } from './function.ts';
import { ScheduledInvocation } from './scheduled-invocation.ts';

/** Exporting: a function that updates the catalog every night, after the recorder's nightly run, and creates the exports if configured. */
export class ExportStage extends Construct {
  readonly function: PaperkeepFunction;

  constructor(
    scope: Construct,
    id: string,
    { config, dataStack, derived, failedInvocations }: StageProps & { readonly derived: DerivedDataBucket },
  ) {
    super(scope, id);
    this.function = new PaperkeepFunction(this, 'Function', {
      name: 'export',
      // the packed catalog is uploaded from memory (70 MB after ten years), and half a processor packs it in seconds; an export holds a
      // month of all tables in memory and takes one processor for years of them
      memoryMiB: config.exports ? 2048 : 1024,
      // the catalog has 270 MB after ten years of 66,000 papers (npm run bench -- catalog), and SQLite writes beside it; an export creates
      // all files before it uploads any: some 1 GB as SQLite with every observation, as much again as CSV
      tmpMiB: config.exports ? 6144 : 1024,
      // Lambda's maximum: the first night of an archive of years reads all of them
      timeout: Duration.minutes(15),
      logDays: config.logDays,
      environment: {
        ...dataStack.environment,
        PAPERKEEP_DERIVED: derived.url,
        ...(config.exports && { PAPERKEEP_EXPORTS: derived.exportsUrl }),
      },
      policy: [
        allow(['s3:GetObject', 's3:PutObject'], ...derived.catalogArns),
        ...(config.exports
          ? [allow(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], derived.exportsArn('*'))]
          : []),
        derived.listPolicy,
        allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], dataStack.tableArn),
      ],
    });
    new ScheduledInvocation(this, 'Nightly', {
      description: 'Updates the catalog with what was recorded',
      function: this.function,
      cron: 'cron(20 4 * * ? *)',
      failedInvocations,
    });
  }
}
