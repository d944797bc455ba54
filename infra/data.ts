import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Archive } from './archive.ts';
import type { Config } from './config.ts';
import { handOver } from './names.ts';
import { makeTable } from './table.ts';

/** What must outlive everything: the archive with its queue, and the table. Never destroyed by default. */
export class DataStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: StackProps & { readonly config: Config }) {
    super(scope, id, { description: 'paperkeep: archive, queue and table', ...props });
    const archive = new Archive(this, 'Archive');
    const table = makeTable(this);

    handOver(this, config.stage, 'archive-bucket', archive.bucket.bucketName);
    handOver(this, config.stage, 'queue-arn', archive.queue.queueArn);
    handOver(this, config.stage, 'queue-url', archive.queue.queueUrl);
    handOver(this, config.stage, 'dead-letters-arn', archive.deadLetters.queueArn);
    handOver(this, config.stage, 'table-name', table.tableName);

    new CfnOutput(this, 'ArchiveUrl', { value: `s3://${archive.bucket.bucketName}`, description: 'PAPERKEEP_ARCHIVE' });
    new CfnOutput(this, 'TableUrl', { value: `dynamodb:${table.tableName}`, description: 'PAPERKEEP_TABLE' });
    new CfnOutput(this, 'QueueUrl', { value: archive.queue.queueUrl });
    new CfnOutput(this, 'DeadLettersUrl', { value: archive.deadLetters.queueUrl });
  }
}
