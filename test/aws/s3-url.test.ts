import { describe, expect, it } from 'vitest';
import { parseS3Url } from '../../shared/aws/s3-url.ts';

describe('an s3:// URL', () => {
  it.each([
    ['s3://papers', { bucket: 'papers', prefix: '' }],
    ['s3://papers/', { bucket: 'papers', prefix: '' }],
    ['s3://papers/raw', { bucket: 'papers', prefix: 'raw/' }],
    ['s3://papers/a/b//', { bucket: 'papers', prefix: 'a/b/' }],
    ['s3://my.papers-1', { bucket: 'my.papers-1', prefix: '' }],
  ])('is a bucket and what comes before its keys: %s', (url, location) => {
    expect(parseS3Url(url)).toEqual(location);
  });

  it.each(['s3://', 's3:///raw', 's3://Papers', 's3://p', 's3://papers//raw', 'file:papers', ''])(
    'names no bucket when it is %j',
    (url) => {
      expect(parseS3Url(url)).toBeNull();
    },
  );
});
