// Types only: a bundle loads what it imports by name at its start, and the site seldom needs a bucket.
import type { ListObjectsV2CommandOutput, S3 } from '@aws-sdk/client-s3';
import { toPaperkeepError } from '../aws/errors.ts';
import { openS3Client } from '../aws/s3.ts';
import { parseS3Url } from '../aws/s3-url.ts';
import { errorMessage, PaperkeepError } from '../lib/errors.ts';
import { addDays, dayOf, sleep, toInstant } from '../lib/time.ts';
import { type ListDay, parseSnapshotKey, snapshotPrefix } from '../model/list.ts';
import { checkKey } from './keys.ts';
import type { SnapshotStore } from './store.ts';

const RUN_AGAIN = 'see that the endpoint and the network are right, and run it again: what is stored stays stored';
/** Without ListBucket S3 answers for an absent key as if it were forbidden. */
const PERMISSIONS = 's3:GetObject and s3:PutObject on the objects of the bucket, and s3:ListBucket on the bucket';
/** What every key begins with. */
const RAW = 'raw/';
/** How far back `touched` looks, as the store promises: a daily list is captured for so many days. */
const TOUCHED_DAYS = 21;
/** Attempts at what the client does not retry: a put that another one crossed, and a response that was cut off. */
const ATTEMPTS = 5;
/** The wait before the second attempt, doubled each time: 0.75 s in all. */
const BACKOFF_MS = 50;
/** Attempts of the client where S3 is too busy (503) or fails (5xx); its default of 3 is over within 3 s. */
const CLIENT_ATTEMPTS = 5;
/** A response begins within some 100 ms. */
const REQUEST_MS = 20_000;

/**
 * Snapshots as objects of a bucket, `s3://<bucket>` or `s3://<bucket>/<prefix>`; every key follows the prefix. Other objects are ignored.
 * Two failures that the client does not retry are retried here, after a `wait`: a put that crossed another one, and a body that ended
 * early. A put whose response was lost may return `there already`; it is stored.
 *
 * @throws PaperkeepError `NOT_A_KEY`, `BAD_SETTING` for a URL that names no bucket; `NO_REGION`, `NO_CREDENTIALS`, `BUCKET_MISSING`,
 * `BUCKET_ELSEWHERE` (another region), `ARCHIVE_FORBIDDEN`, `ARCHIVE_UNREACHABLE`, and `ARCHIVE_REFUSED` for whatever else S3 refuses.
 */
export function createS3Store(url: string, client: S3, wait = sleep): SnapshotStore {
  const location = parseS3Url(url);
  if (!location) {
    const hint = 'give s3://<bucket> or s3://<bucket>/<prefix>';
    throw new PaperkeepError({ code: 'BAD_SETTING', message: `"${url}" names no bucket`, hint });
  }
  const { bucket: Bucket, prefix: root } = location;
  const resource = { name: `the archive "${url}"`, code: 'ARCHIVE', permissions: PERMISSIONS } as const;
  const mapErrors = <T>(response: Promise<T>): Promise<T> =>
    response.catch(async (error) => {
      throw await toPaperkeepError(error, resource, client);
    });

  /** Repeats what failed for a passing reason. */
  async function retry<T>(work: () => Promise<T>, isPassing: (error: unknown) => boolean): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (attempt === ATTEMPTS || !isPassing(error)) throw error;
        await wait(BACKOFF_MS * 2 ** (attempt - 1));
      }
    }
  }

  async function put(key: string, bytes: Uint8Array): Promise<'stored' | 'there already'> {
    const object = {
      Bucket,
      Key: root + checkKey(key),
      Body: bytes,
      IfNoneMatch: '*',
      ContentType: 'application/warc',
      ChecksumAlgorithm: 'SHA256',
    } as const;
    try {
      await retry(() => client.putObject(object), isNamed('ConditionalRequestConflict'));
      return 'stored';
    } catch (error) {
      if (isNamed('PreconditionFailed')(error)) return 'there already';
      throw error;
    }
  }

  async function get(key: string): Promise<Uint8Array | null> {
    const Key = root + checkKey(key);
    const read = async () => {
      const { Body } = await client.getObject({ Bucket, Key });
      try {
        return (await Body?.transformToByteArray()) ?? null;
      } catch (error) {
        const what = `a response of the archive "${url}" ended early or was altered on the way: ${errorMessage(error)}`;
        throw new PaperkeepError({ code: 'ARCHIVE_UNREACHABLE', message: what, hint: RUN_AGAIN, cause: error });
      }
    };
    try {
      return await retry(read, (error) => error instanceof PaperkeepError);
    } catch (error) {
      if (isNamed('NoSuchKey')(error)) return null;
      throw error;
    }
  }

  /** Pages of the objects after `startAfter` that begin with `prefix`; with a delimiter, of the folders there. */
  async function* pages(
    prefix: string,
    startAfter?: string,
    delimiter?: string,
  ): AsyncGenerator<ListObjectsV2CommandOutput> {
    let next: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await mapErrors(
        client.listObjectsV2({
          Bucket,
          Prefix: root + prefix,
          StartAfter: startAfter ? root + startAfter : undefined,
          Delimiter: delimiter,
          ContinuationToken: next,
        }),
      );
      yield page;
      next = page.NextContinuationToken;
    } while (next);
  }

  async function* objects(prefix: string, from: string) {
    // S3 begins after a place, not at it: a key without its last character is just before the key.
    const before = parseSnapshotKey(from) ? from.slice(0, -1) : from;
    for await (const { Contents = [] } of pages(RAW.startsWith(prefix) ? RAW : prefix, before)) {
      for (const { Key = '', Size = 0, LastModified } of Contents) {
        const key = Key.slice(root.length);
        const facts = parseSnapshotKey(key);
        if (facts) yield { key, bytes: Size, facts, at: LastModified };
      }
    }
  }

  return {
    url,
    putIfAbsent: (key, bytes) => mapErrors(put(key, bytes)),
    get: (key) => mapErrors(get(key)),

    async *list(prefix, from = '') {
      for await (const { key, bytes } of objects(prefix, from)) yield { key, bytes };
    },

    async touched(since) {
      const first = addDays(dayOf(since), -TOUCHED_DAYS);
      const listDays = new Map<string, ListDay>();
      for await (const { CommonPrefixes = [] } of pages(RAW, undefined, '/')) {
        for (const { Prefix = '' } of CommonPrefixes) {
          const folder = Prefix.slice(root.length);
          for await (const { facts, at } of objects(folder, folder + first)) {
            const { list, day } = facts;
            if (at && toInstant(at.getTime()) >= since) listDays.set(snapshotPrefix(facts), { list, day });
          }
        }
      }
      return [...listDays.values()];
    },
  };
}

/** Opens an archive in a bucket, with a client of its own. */
export async function openS3Store(url: string): Promise<SnapshotStore> {
  return createS3Store(url, await openS3Client(REQUEST_MS, { maxAttempts: CLIENT_ATTEMPTS }));
}

const isNamed =
  (...names: string[]) =>
  (error: unknown): boolean =>
    error instanceof Error && names.includes(error.name);
