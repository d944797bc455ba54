import { describe, expect, it } from 'vitest';
import { type AwsResource, toPaperkeepError } from '../../shared/aws/errors.ts';
import { PaperkeepError } from '../../shared/lib/errors.ts';

const client = { config: { region: async () => 'eu-north-1' } };
const archive: AwsResource = {
  name: 'the archive "s3://papers"',
  code: 'ARCHIVE',
  permissions: 's3:GetObject on the bucket',
};
const table: AwsResource = { name: 'the table "papers"', code: 'TABLE', permissions: 'dynamodb:GetItem on the table' };

/** An error as the SDK throws it: a name, a status where a service answered, a code of the system where none did. */
const sdkError = (name: string, status: number | null, systemCode?: string) =>
  Object.assign(new Error('the reason'), {
    name,
    ...(status !== null && { $metadata: { httpStatusCode: status } }),
    ...(systemCode && { code: systemCode }),
  });

describe('an error of the AWS SDK', () => {
  it.each([
    [archive, sdkError('NoSuchBucket', 404), 'BUCKET_MISSING'],
    [archive, sdkError('PermanentRedirect', 301), 'BUCKET_ELSEWHERE'],
    [archive, sdkError('SignatureDoesNotMatch', 403), 'NO_CREDENTIALS'],
    [archive, sdkError('AccessDenied', 403), 'ARCHIVE_FORBIDDEN'],
    [archive, sdkError('SlowDown', 503), 'ARCHIVE_UNREACHABLE'],
    [archive, sdkError('Error', null, 'ECONNREFUSED'), 'ARCHIVE_UNREACHABLE'],
    [archive, sdkError('TimeoutError', null), 'ARCHIVE_UNREACHABLE'],
    [archive, sdkError('BadDigest', 400), 'ARCHIVE_REFUSED'],
    [archive, sdkError('ResourceNotFoundException', 400), 'ARCHIVE_REFUSED'],
    [table, sdkError('ResourceNotFoundException', 400), 'TABLE_MISSING'],
    // DynamoDB denies access with status 400
    [table, sdkError('AccessDeniedException', 400), 'TABLE_FORBIDDEN'],
    [table, sdkError('ValidationException', 400), 'TABLE_REFUSED'],
  ])('of $name becomes the error $2, with the reason, the region and a hint', async (resource, error, code) => {
    expect(await toPaperkeepError(error, resource, client)).toMatchObject({
      code,
      message: expect.stringMatching(/eu-north-1.*/),
      hint: expect.stringMatching(/\w/),
      cause: error,
    });
  });

  it('has a code of its own where a profile needs the code of an MFA device', async () => {
    const refused = new Error(
      'Profile work requires multi-factor authentication, but no MFA code callback was provided.',
    );
    refused.name = 'CredentialsProviderError';
    expect(await toPaperkeepError(refused, archive, client)).toMatchObject({
      code: 'MFA_REQUIRED',
    });
  });

  it('names the permissions that are missing in its hint', async () => {
    const error = await toPaperkeepError(sdkError('AccessDenied', 403), archive, client);
    expect(error).toMatchObject({ hint: 'grant them s3:GetObject on the bucket' });
  });

  it('names the endpoint in place of the region where one is configured', async () => {
    const emulated = { config: { ...client.config, serviceConfiguredEndpoint: async () => 'http://127.0.0.1:4566' } };
    const error = await toPaperkeepError(sdkError('AccessDenied', 403), archive, emulated);
    expect(error).toMatchObject({ message: expect.stringContaining('at http://127.0.0.1:4566') });
  });

  it('says that the region is missing without asking the client for it', async () => {
    const withoutRegion = { config: { region: () => Promise.reject(new Error('Region is missing')) } };
    const error = await toPaperkeepError(new Error('Region is missing'), archive, withoutRegion);
    expect(error).toMatchObject({ code: 'NO_REGION', message: expect.stringContaining('"s3://papers"') });
  });

  it('is returned unchanged when it is not of the SDK', async () => {
    const bug = new TypeError('undefined is not a function');
    const known = new PaperkeepError({ code: 'NOT_A_KEY', message: 'not a key' });
    expect(await toPaperkeepError(bug, archive, client)).toBe(bug);
    expect(await toPaperkeepError(known, archive, client)).toBe(known);
    expect(await toPaperkeepError('text', archive, client)).toBe('text');
  });
});
