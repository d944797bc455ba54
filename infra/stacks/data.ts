import { CfnOutput, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DATA_OUTPUTS } from '../../shared/names.ts';
import type { Config } from '../config.ts';
import { ArchiveBucket } from '../constructs/archive.ts';
import { KeptTable } from '../constructs/table.ts';
import { publishParameter } from '../data-stack-refs.ts';
import { StableStack } from '../logical-ids.ts';

/** What must outlive everything: the archive with its queue, and the table. They are kept when the stack is deleted. */
export class DataStack extends StableStack {
  constructor(scope: Construct, id: string, { config, ...props }: StackProps & { readonly config: Config }) {
    super(scope, id, { description: 'paperkeep: archive, queue and table', ...props });
    const archive = new ArchiveBucket(this, 'Archive');
    const table = new KeptTable(this, 'Table');
    // no snapshot can restore it; empty, it costs nothing
    const subscriptions = new KeptTable(this, 'Subscriptions');

    publishParameter(this, config.stage, 'archiveBucket', archive.bucket.bucketName);
    publishParameter(this, config.stage, 'queueArn', archive.queue.queueArn);
    publishParameter(this, config.stage, 'queueUrl', archive.queue.queueUrl);
    publishParameter(this, config.stage, 'deadLettersArn', archive.deadLetters.queueArn);
    publishParameter(this, config.stage, 'tableName', table.tableName);
    publishParameter(this, config.stage, 'subscriptionsName', subscriptions.tableName);

    new CfnOutput(this, DATA_OUTPUTS.archiveUrl, {
      value: `s3://${archive.bucket.bucketName}`,
      description: 'PAPERKEEP_ARCHIVE',
    });
    new CfnOutput(this, DATA_OUTPUTS.tableUrl, {
      value: `dynamodb:${table.tableName}`,
      description: 'PAPERKEEP_TABLE',
    });
    new CfnOutput(this, DATA_OUTPUTS.subscriptionsUrl, {
      value: `dynamodb:${subscriptions.tableName}`,
      description: 'PAPERKEEP_SUBSCRIPTIONS',
    });
    new CfnOutput(this, DATA_OUTPUTS.queueUrl, { value: archive.queue.queueUrl });
    new CfnOutput(this, DATA_OUTPUTS.deadLettersUrl, { value: archive.deadLetters.queueUrl });
  }
}
