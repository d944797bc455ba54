import type { S3, S3ClientConfig } from '@aws-sdk/client-s3';
import { isLoopbackEndpoint, resolveEndpoint } from './errors.ts';

/**
 * Opens a client of S3 with the region, the credentials and the endpoint of the environment or the AWS profile. It follows a bucket into
 * its region. An emulator on a loopback address gets the bucket in the path, since it has no host name for each bucket.
 */
export async function openS3Client(config: S3ClientConfig = {}): Promise<S3> {
  // loaded when the first bucket is opened, since a bundle loads static imports at every start of a function
  const { S3 } = await import('@aws-sdk/client-s3');
  const client = new S3({ followRegionRedirects: true, ...config });
  const endpoint = await resolveEndpoint(client);
  client.config.forcePathStyle = endpoint !== null && isLoopbackEndpoint(endpoint);
  return client;
}
