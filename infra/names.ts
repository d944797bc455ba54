import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';

/** What the data stack tells the app stack, by SSM parameter: stack exports would lock the two together. */
export const HANDED_OVER = ['archive-bucket', 'queue-arn', 'queue-url', 'dead-letters-arn', 'table-name'] as const;
/** One of them. */
export type HandedOver = (typeof HANDED_OVER)[number];

/** The name of a stage's parameter. */
export const parameterName = (stage: string, what: HandedOver): string => `/paperkeep/${stage}/${what}`;

/** Hands a value over. */
export const handOver = (scope: Construct, stage: string, what: HandedOver, value: string): StringParameter =>
  new StringParameter(scope, `Says ${what}`, { parameterName: parameterName(stage, what), stringValue: value });

/** Takes a value that was handed over. */
export const take = (scope: Construct, stage: string, what: HandedOver): string =>
  StringParameter.valueForStringParameter(scope, parameterName(stage, what));
