import { type Stack, Validations } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { type DataParameter, parameterName } from '../shared/names.ts';
import type { FunctionEnvironment } from '../shared/settings.ts';

/** What the service stack knows of the data stack. */
export type DataStackRefs = {
  readonly bucketArn: string;
  readonly tableArn: string;
  readonly queueArn: string;
  readonly deadLettersArn: string;
  /** The environment of every function. */
  readonly environment: FunctionEnvironment;
};

/** Passes a value to the service stack, by SSM parameter: an export would lock the two stacks together. */
export function publishParameter(scope: Construct, stage: string, parameter: DataParameter, value: string): void {
  const id = `${parameter.replace(/^./, (letter) => letter.toUpperCase())}Parameter`;
  new StringParameter(scope, id, { parameterName: parameterName(stage, parameter), stringValue: value });
}

/** The table of subscriptions, read only where mail is on. */
export function readSubscriptionsTable(stack: Stack, stage: string): { readonly url: string; readonly arn: string } {
  const table = StringParameter.valueForStringParameter(stack, parameterName(stage, 'subscriptionsName'));
  const { partition, region, account } = stack;
  return { url: `dynamodb:${table}`, arn: `arn:${partition}:dynamodb:${region}:${account}:table/${table}` };
}

/** Reads the values that the data stack of the same stage has published. */
export function readDataStack(stack: Stack, stage: string): DataStackRefs {
  const read = (parameter: DataParameter) =>
    StringParameter.valueForStringParameter(stack, parameterName(stage, parameter));
  const [bucket, table] = [read('archiveBucket'), read('tableName')];
  const { partition, region, account } = stack;
  const { Ref } = stack.resolve(bucket) as { Ref: string };
  Validations.of(stack).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::<${Ref}>/raw/*]`,
    reason: 'The snapshots are many objects. The wildcard covers those and nothing else, and no action has a wildcard.',
  });
  return {
    bucketArn: `arn:${partition}:s3:::${bucket}`,
    tableArn: `arn:${partition}:dynamodb:${region}:${account}:table/${table}`,
    queueArn: read('queueArn'),
    deadLettersArn: read('deadLettersArn'),
    environment: {
      PAPERKEEP_STAGE: stage,
      PAPERKEEP_ARCHIVE: `s3://${bucket}`,
      PAPERKEEP_TABLE: `dynamodb:${table}`,
    },
  };
}
