import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';

/** What the data stack tells the app stack, by SSM parameter: stack exports would lock the two together. */
export const DATA_STACK_PARAMETERS = [
  'archive-bucket',
  'queue-arn',
  'queue-url',
  'dead-letters-arn',
  'table-name',
] as const;
/** One of them. */
export type DataStackParameter = (typeof DATA_STACK_PARAMETERS)[number];

/** The name of a stage's parameter. */
export const parameterName = (stage: string, what: DataStackParameter): string => `/paperkeep/${stage}/${what}`;

/** Hands a value over. */
export const publishParameter = (
  scope: Construct,
  stage: string,
  what: DataStackParameter,
  value: string,
): StringParameter =>
  new StringParameter(scope, `Says ${what}`, { parameterName: parameterName(stage, what), stringValue: value });

/** Takes a value that was handed over. */
export const readParameter = (scope: Construct, stage: string, what: DataStackParameter): string =>
  StringParameter.valueForStringParameter(scope, parameterName(stage, what));
