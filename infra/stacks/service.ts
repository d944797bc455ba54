import { Aws, CfnOutput, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { Alarms } from '../constructs/alarms.ts';
import { Analytics } from '../constructs/analytics.ts';
import { CollectStage } from '../constructs/collect.ts';
import { DerivedDataBucket } from '../constructs/derived-data-bucket.ts';
import { ExportStage } from '../constructs/export.ts';
import { QueryStage } from '../constructs/query.ts';
import { RecordStage } from '../constructs/record.ts';
import { createFailedInvocationQueue } from '../constructs/scheduled-invocation.ts';
import { readParameter } from '../parameters.ts';

/** What the functions are told of the data stack. */
export type DataStackRefs = {
  readonly bucketArn: string;
  readonly tableArn: string;
  readonly queueArn: string;
  readonly environment: { readonly [name: string]: string };
  /** Leave to read a secret parameter; none for none. */
  maySecret(parameter: string | undefined): PolicyStatement[];
};

/** All that can be made again: the functions, the schedule, the site, the alarms. Destroying it leaves the archive and the table. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: StackProps & { readonly config: Config }) {
    super(scope, id, { description: 'paperkeep: schedule, functions, site and alarms', ...props });
    const taken = this.takeOver(config.stage);

    const lost = createFailedInvocationQueue(this);
    const collect = new CollectStage(this, config, taken, lost);
    const record = new RecordStage(this, config, taken, lost);
    const derived = new DerivedDataBucket(this, config);
    const nightly = new ExportStage(this, config, taken, derived, lost);
    if (config.analytics) new Analytics(this, config, derived);
    const query = new QueryStage(this, config, taken, derived);
    const deadLetters = Queue.fromQueueArn(this, 'Dead letters', readParameter(this, config.stage, 'dead-letters-arn'));
    new Alarms(this, config, { collect, record, nightly, query, lost, deadLetters });

    new CfnOutput(this, 'Url', { value: query.url, description: 'The site' });
    new CfnOutput(this, 'CollectFunction', { value: collect.fn.fn.functionName });
    new CfnOutput(this, 'RecordFunction', { value: record.fn.fn.functionName });
    new CfnOutput(this, 'ExportFunction', { value: nightly.fn.fn.functionName });
    new CfnOutput(this, 'DerivedUrl', {
      value: derived.environment.PAPERKEEP_DERIVED,
      description: 'PAPERKEEP_DERIVED',
    });
    new CfnOutput(this, 'LostRunsUrl', { value: lost.queueUrl });
  }

  private takeOver(stage: string): DataStackRefs {
    const bucket = readParameter(this, stage, 'archive-bucket');
    const table = readParameter(this, stage, 'table-name');
    const { partition, region, account } = Stack.of(this);
    const { Ref } = this.resolve(bucket) as { Ref: string };
    Validations.of(this).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::<${Ref}>/raw/*]`,
      reason:
        'The snapshots of the archive are many objects; the wildcard is all of those and nothing else, and no action has one.',
    });
    return {
      bucketArn: `arn:${Aws.PARTITION}:s3:::${bucket}`,
      tableArn: `arn:${partition}:dynamodb:${region}:${account}:table/${table}`,
      queueArn: readParameter(this, stage, 'queue-arn'),
      environment: {
        PAPERKEEP_STAGE: stage,
        PAPERKEEP_ARCHIVE: `s3://${bucket}`,
        PAPERKEEP_TABLE: `dynamodb:${table}`,
      },
      maySecret: (parameter) =>
        parameter === undefined
          ? []
          : [
              new PolicyStatement({
                actions: ['ssm:GetParameter'],
                resources: [`arn:${partition}:ssm:${region}:${account}:parameter/${parameter.replace(/^\//, '')}`],
              }),
            ],
    };
  }
}
