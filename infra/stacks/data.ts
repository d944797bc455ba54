import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { ArchiveBucket } from '../constructs/archive.ts';
import { createRecordTable } from '../constructs/table.ts';
import { publishParameter } from '../parameters.ts';

/** What must outlive everything: the archive with its queue, and the table. Never destroyed by default. */
export class DataStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: StackProps & { readonly config: Config }) {
    super(scope, id, { description: 'paperkeep: archive, queue and table', ...props });
    const archive = new ArchiveBucket(this, 'Archive');
    const table = createRecordTable(this);

    publishParameter(this, config.stage, 'archive-bucket', archive.bucket.bucketName);
    publishParameter(this, config.stage, 'queue-arn', archive.queue.queueArn);
    publishParameter(this, config.stage, 'queue-url', archive.queue.queueUrl);
    publishParameter(this, config.stage, 'dead-letters-arn', archive.deadLetters.queueArn);
    publishParameter(this, config.stage, 'table-name', table.tableName);

    new CfnOutput(this, 'ArchiveUrl', { value: `s3://${archive.bucket.bucketName}`, description: 'PAPERKEEP_ARCHIVE' });
    new CfnOutput(this, 'TableUrl', { value: `dynamodb:${table.tableName}`, description: 'PAPERKEEP_TABLE' });
    new CfnOutput(this, 'QueueUrl', { value: archive.queue.queueUrl });
    new CfnOutput(this, 'DeadLettersUrl', { value: archive.deadLetters.queueUrl });
  }
}
