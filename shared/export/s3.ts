import { createReadStream, readdirSync, rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3 } from '@aws-sdk/client-s3';
import { classifySdkError, isLoopbackEndpoint, resolveEndpoint, SIGN_IN_HINT, sdkErrorMessage } from '../aws/errors.ts';
import { parseS3Url } from '../aws/s3-url.ts';
import { PaperkeepError } from '../lib/errors.ts';
import type { ExportStore } from './store.ts';

/** How long the address of a file may be used: long enough to follow it, too short to be worth passing on. */
const LINK_SECONDS = 300;
/** Folders that sets are made in, among the machine's temporary files. */
const WORKSHOP = 'paperkeep-export-';
/** Removes the workshops of runs that were ended, where no other process can be at work: a function has its temporary files for itself. */
export function clearStagingFolders(): void {
  for (const name of readdirSync(tmpdir()))
    if (name.startsWith(WORKSHOP)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
}

/** Smaller files are held in memory while they are sent, so that the client can send them again. */
const IN_MEMORY = 32_000_000;

/**
 * Exports as objects of a bucket, `s3://<bucket>` or `s3://<bucket>/<prefix>`; sets are made in the machine's folder for temporary files.
 *
 * @throws PaperkeepError `BAD_SETTING`, `NO_REGION`, `NO_CREDENTIALS`, `BUCKET_MISSING`, `EXPORT_FORBIDDEN`, `EXPORT_UNREACHABLE`,
 * `EXPORT_REFUSED`.
 */
export function createS3ExportStore(url: string, client: S3): ExportStore {
  const location = parseS3Url(url);
  if (!location)
    throw new PaperkeepError({
      code: 'BAD_SETTING',
      message: `"${url}" names no bucket`,
      hint: 'give s3://<bucket>[/<prefix>]',
    });
  const at = (path: string) => ({ Bucket: location.bucket, Key: location.prefix + path });
  const guarded = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      throw await s3Problem(url, client, error);
    }
  };
  const got = (path: string) =>
    client.getObject(at(path)).then(
      ({ Body }) => Body ?? null,
      (error) => {
        if (error instanceof Error && error.name === 'NoSuchKey') return null;
        throw error;
      },
    );
  return {
    url,
    async workshop() {
      const folder = await mkdtemp(join(tmpdir(), WORKSHOP));
      return { folder, done: () => rm(folder, { recursive: true, force: true }) };
    },
    async put(path, file, sha256) {
      const { size } = await stat(file);
      await guarded(
        client.putObject({
          ...at(path),
          Body: size <= IN_MEMORY ? await readFile(file) : createReadStream(file),
          ContentLength: size,
          ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
        }),
      );
    },
    read: (path) => guarded(got(path).then((body) => body?.transformToString() ?? null)),
    async write(path, text) {
      await guarded(client.putObject({ ...at(path), Body: text, ContentType: 'application/json' }));
    },
    async remove(path) {
      await guarded(client.deleteObject(at(path)));
    },
    open: (path) => guarded(got(path).then((body) => (body?.transformToWebStream() as ReadableStream) ?? null)),
    async link(path, fileName) {
      // only downloads sign addresses: nobody else loads what does it
      const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
      const { GetObjectCommand } = await import('@aws-sdk/client-s3');
      const ResponseContentDisposition = `attachment; filename="${fileName}"`;
      const command = new GetObjectCommand({ ...at(path), ResponseContentDisposition });
      return guarded(getSignedUrl(client, command, { expiresIn: LINK_SECONDS }));
    },
  };
}

/** The same with a client of its own, set up as the SDK does it; emulators on a loopback address are asked by paths. */
export async function openS3ExportStore(url: string): Promise<ExportStore> {
  // loaded when exports are asked for: a bundle would load what is imported by name at every start
  const { S3 } = await import('@aws-sdk/client-s3');
  const client = new S3({});
  const endpoint = await resolveEndpoint(client);
  client.config.forcePathStyle = endpoint !== null && isLoopbackEndpoint(endpoint);
  return createS3ExportStore(url, client);
}

/** What a person is told of an error of the SDK; errors of other kinds are handed back as they are. */
async function s3Problem(url: string, client: S3, error: unknown): Promise<unknown> {
  if (error instanceof PaperkeepError || !(error instanceof Error)) return error;
  const problem = (code: string, what: string, hint: string) =>
    new PaperkeepError({ code, message: what, hint, cause: error });
  const trouble = classifySdkError(error);
  if (trouble === 'no region') return problem('NO_REGION', `the exports "${url}" are in no region`, 'set AWS_REGION');
  const where = `the exports "${url}" at ${(await resolveEndpoint(client)) ?? (await client.config.region())}`;
  const said = sdkErrorMessage(error);
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? null;
  if (error.name === 'NoSuchBucket')
    return problem(
      'BUCKET_MISSING',
      `there is no bucket for ${where}`,
      'see that --out and AWS_REGION are those meant',
    );
  if (trouble === 'credentials')
    return problem('NO_CREDENTIALS', `no valid AWS credentials for ${where}: ${said}`, SIGN_IN_HINT);
  if (status === 403) {
    const hint =
      'give that identity s3:GetObject, s3:PutObject and s3:DeleteObject on its objects and s3:ListBucket on the bucket';
    return problem('EXPORT_FORBIDDEN', `${where} refuse these credentials: ${said}`, hint);
  }
  if ((status ?? 0) >= 500 || trouble === 'network')
    return problem(
      'EXPORT_UNREACHABLE',
      `${where} cannot be reached: ${said}`,
      'run it again: the set is put whole or not at all',
    );
  return status === null
    ? error
    : problem('EXPORT_REFUSED', `${where} cannot be used: ${error.name}: ${said}`, 'see that it is a bucket of S3');
}
