import { BUCKET } from '../support/s3.ts';

/** The table of the functions. */
export const TABLE = 'papers';

/** The environment of a deployed function, with these addresses in place of AWS and of the feed. */
export const environmentOf = (s3: string, dynamo: string, feed: string): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_ENDPOINT_URL_S3: s3,
  AWS_ENDPOINT_URL_DYNAMODB: dynamo,
  PAPERKEEP_STAGE: 'main',
  PAPERKEEP_VERSION: '0.0.0',
  PAPERKEEP_ARCHIVE: `s3://${BUCKET}`,
  PAPERKEEP_TABLE: `dynamodb:${TABLE}`,
  PAPERKEEP_DERIVED: `s3://${BUCKET}`,
  PAPERKEEP_ORIGIN: feed,
  PAPERKEEP_WATCH: '',
});
