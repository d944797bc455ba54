/** A place in S3: a bucket, and what comes before every key in it: nothing, or a prefix with a slash at its end. */
export type S3Location = { readonly bucket: string; readonly prefix: string };

/**
 * Reads `s3://<bucket>` or `s3://<bucket>/<prefix>`; null for anything else. Slashes at the end make no difference.
 *
 * @example
 * parseS3Url('s3://papers/raw'); // { bucket: 'papers', prefix: 'raw/' }
 */
export function parseS3Url(url: string): S3Location | null {
  const [, bucket, prefix] = /^s3:\/\/([a-z\d][a-z\d.-]{1,61}[a-z\d])(?:\/([^/].*?)?\/*)?$/s.exec(url) ?? [];
  return bucket ? { bucket, prefix: prefix ? `${prefix}/` : '' } : null;
}
