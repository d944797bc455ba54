import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import type { GetObjectCommandOutput, S3, S3ServiceException } from '@aws-sdk/client-s3';
import { toPaperkeepError } from '../aws/errors.ts';
import { openS3Client } from '../aws/s3.ts';
import { parseS3Url } from '../aws/s3-url.ts';
import { PaperkeepError } from '../lib/errors.ts';
import { CATALOG_KEY, RECENT_KEY } from './schema.ts';

/**
 * The files of the catalog in a bucket by their keys (`CATALOG_KEY` unless given), packed with zstd: a quarter of its size, and unpacked in less time than the rest would take to come.
 * Throws `CATALOG_FORBIDDEN`, `CATALOG_UNREACHABLE`, and `CATALOG_DAMAGED` for an object that cannot be unpacked.
 */
export type CatalogStore = {
  /**
   * Puts the catalog in place of whatever is at `path`, whole or not at all. Returns which one it is (its ETag): the one that is `known`
   * is not fetched again, or null if there is no such thing, and nothing is done.
   */
  fetch(path: string, known: string | null, key?: string): Promise<string | null>;
  /** Puts a closed file in place of the one in the bucket; returns its bytes as packed. */
  put(path: string, key?: string): Promise<number>;
};

/** Without ListBucket S3 answers for an absent key as if it were forbidden. */
const PERMISSIONS = `s3:GetObject on ${CATALOG_KEY} and ${RECENT_KEY}, and s3:ListBucket on the bucket`;
/** Ten years are 70 MB packed: a put of that takes some seconds. */
const REQUEST_MS = 120_000;

/** The catalog in a bucket, `s3://<bucket>`, with a client set up as the SDK does it. Throws `BAD_SETTING` for what names no bucket. */
export async function openCatalogStore(url: string | undefined): Promise<CatalogStore> {
  const location = parseS3Url(url ?? '');
  if (location?.prefix !== '') {
    const hint = 'set PAPERKEEP_DERIVED to s3://<bucket>';
    throw new PaperkeepError({ code: 'BAD_SETTING', message: `"${url ?? ''}" names no bucket for the catalog`, hint });
  }
  return createS3CatalogStore(location.bucket, await openS3Client(REQUEST_MS));
}

/** The catalog in a bucket. */
export function createS3CatalogStore(bucket: string, client: S3): CatalogStore {
  const resource = { name: `the catalog in ${bucket}`, code: 'CATALOG', permissions: PERMISSIONS } as const;
  const guarded = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch(async (error) => {
      throw await toPaperkeepError(error, resource, client);
    });
  return {
    async fetch(path, known, key = CATALOG_KEY) {
      let answer: GetObjectCommandOutput;
      try {
        answer = await client.getObject({
          Bucket: bucket,
          Key: key,
          ...(known !== null && { IfNoneMatch: known }),
        });
      } catch (error) {
        if (statusOf(error) === 304) return known;
        if (isNamed(error, 'NoSuchKey')) return null;
        throw await toPaperkeepError(error, resource, client);
      }
      await guarded(unpack(`s3://${bucket}/${key}`, answer.Body as Readable, `${path}.part`));
      // what SQLite keeps beside a file belongs to the one that was there
      for (const end of ['-wal', '-shm']) await rm(path + end, { force: true });
      await rename(`${path}.part`, path);
      return answer.ETag ?? '';
    },

    async put(path, key = CATALOG_KEY) {
      // packed in memory: S3 wants the length of a stream, which is not known yet
      const Body = await pipeline(createReadStream(path), createZstdCompress(), (packed) => buffer(packed));
      await guarded(client.putObject({ Bucket: bucket, Key: key, Body, ContentType: 'application/zstd' }));
      return Body.length;
    },
  };
}

async function unpack(url: string, body: Readable, path: string): Promise<void> {
  try {
    await pipeline(body, createZstdDecompress(), createWriteStream(path));
  } catch (error) {
    await rm(path, { force: true });
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!/^Z(STD)?_/.test(code)) throw error;
    const hint = `delete it: aws s3 rm ${url}; the next night makes it anew`;
    throw new PaperkeepError({
      code: 'CATALOG_DAMAGED',
      message: `the catalog ${url} cannot be unpacked: ${code}`,
      hint,
      cause: error,
    });
  }
}

const statusOf = (error: unknown): number | undefined =>
  (error as Partial<S3ServiceException>).$metadata?.httpStatusCode;
const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
