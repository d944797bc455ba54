import { createReadStream, readdirSync, rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3 } from '@aws-sdk/client-s3';
import { toPaperkeepError } from '../aws/errors.ts';
import { openS3Client } from '../aws/s3.ts';
import { parseS3Url } from '../aws/s3-url.ts';
import { PaperkeepError } from '../lib/errors.ts';
import type { ExportStore, FileRange } from './store.ts';

/** How long a download link works: long enough to follow it, too short to pass it on. */
const LINK_SECONDS = 60;
/** Staging folders, among the temporary files of the machine. */
const STAGING = 'paperkeep-export-';

/** Removes the staging folders of earlier runs. Only for a function, whose temporary files no other process uses. */
export function clearStagingFolders(): void {
  for (const name of readdirSync(tmpdir()))
    if (name.startsWith(STAGING)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
}

const PERMISSIONS =
  's3:GetObject, s3:PutObject and s3:DeleteObject on the objects of the bucket, and s3:ListBucket on the bucket';
/** Smaller files are held in memory while they are uploaded, so that the client can retry. */
const IN_MEMORY = 32_000_000;

/**
 * Stores exports as objects of a bucket, `s3://<bucket>[/<prefix>]`.
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
  const resource = { name: `the exports "${url}"`, code: 'EXPORT', permissions: PERMISSIONS } as const;
  const guarded = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      throw await toPaperkeepError(error, resource, client);
    }
  };
  const getObject = (path: string, range?: FileRange | null) =>
    client.getObject({ ...at(path), ...(range && { Range: `bytes=${range.first}-${range.last}` }) }).then(
      ({ Body }) => Body ?? null,
      (error) => {
        if (error instanceof Error && error.name === 'NoSuchKey') return null;
        throw error;
      },
    );
  return {
    url,
    async createStagingFolder() {
      const folder = await mkdtemp(join(tmpdir(), STAGING));
      return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
    },
    async put(path, file, sha256) {
      const { size } = await stat(file);
      await guarded(
        client.putObject({
          ...at(path),
          Body: size <= IN_MEMORY ? await readFile(file) : createReadStream(file),
          ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
        }),
      );
    },
    read: (path) => guarded(getObject(path).then((body) => body?.transformToString() ?? null)),
    async write(path, text) {
      await guarded(client.putObject({ ...at(path), Body: text, ContentType: 'application/json' }));
    },
    async remove(path) {
      await guarded(client.deleteObject(at(path)));
    },
    open: (path, range) =>
      guarded(getObject(path, range).then((body) => (body?.transformToWebStream() as ReadableStream) ?? null)),
    async link(path, fileName) {
      // loaded here because only downloads need it
      const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
      const { GetObjectCommand } = await import('@aws-sdk/client-s3');
      const ResponseContentDisposition = `attachment; filename="${fileName}"`;
      const command = new GetObjectCommand({ ...at(path), ResponseContentDisposition });
      return guarded(getSignedUrl(client, command, { expiresIn: LINK_SECONDS }));
    },
  };
}

/** Opens a store of exports in a bucket, with a client of its own. */
export const openS3ExportStore = async (url: string): Promise<ExportStore> =>
  createS3ExportStore(url, await openS3Client());
