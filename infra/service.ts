import { Aws, CfnOutput, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { Analytics } from './analytics.ts';
import { Collect } from './collect.ts';
import type { Config } from './config.ts';
import { Derived } from './derived.ts';
import { Export } from './export.ts';
import { take } from './names.ts';
import { Query } from './query.ts';
import { Record } from './record.ts';
import { makeLost } from './schedule.ts';

/** What the functions are told of the data stack. */
export type Taken = {
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

    const lost = makeLost(this);
    const collect = new Collect(this, config, taken, lost);
    const record = new Record(this, config, taken, lost);
    const derived = new Derived(this, config);
    const nightly = new Export(this, config, taken, derived, lost);
    if (config.analytics) new Analytics(this, config, derived);
    const query = new Query(this, config, taken, derived);
    const deadLetters = Queue.fromQueueArn(this, 'Dead letters', take(this, config.stage, 'dead-letters-arn'));
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

  private takeOver(stage: string): Taken {
    const bucket = take(this, stage, 'archive-bucket');
    const table = take(this, stage, 'table-name');
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
      queueArn: take(this, stage, 'queue-arn'),
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
