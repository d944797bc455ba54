import type { S3, S3ClientConfig } from '@aws-sdk/client-s3';
import { isLoopbackEndpoint, resolveEndpoint } from './errors.ts';

/** A silent connection would hold a function until its own timeout. */
const TIMEOUTS = { connectionTimeout: 3_000, socketTimeout: 20_000, throwOnRequestTimeout: true };

/**
 * Opens a client of S3 with the region, the credentials and the endpoint of the environment or the AWS profile. It follows a bucket into
 * its region. An emulator on a loopback address gets the bucket in the path, since it has no host name for each bucket.
 *
 * @param requestTimeout How long a response may take to begin, in milliseconds; by default as long as something is sent.
 */
export async function openS3Client(
  requestTimeout?: number,
  config: Pick<S3ClientConfig, 'maxAttempts'> = {},
): Promise<S3> {
  // loaded when the first bucket is opened, since a bundle loads static imports at every start of a function
  const { S3 } = await import('@aws-sdk/client-s3');
  const requestHandler = { ...TIMEOUTS, requestTimeout };
  const client = new S3({ followRegionRedirects: true, requestHandler, ...config });
  const endpoint = await resolveEndpoint(client);
  client.config.forcePathStyle = endpoint !== null && isLoopbackEndpoint(endpoint);
  return client;
}
