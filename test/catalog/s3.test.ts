import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CatalogStore, createS3CatalogStore, openCatalogStore } from '../../shared/catalog/s3.ts';
import { CATALOG_KEY } from '../../shared/catalog/schema.ts';
import { BUCKET, type S3Double, startS3 } from '../support/s3.ts';

let s3: S3Double;
let folder: string;
let store: CatalogStore;
const file = (name = 'catalog.sqlite') => join(folder, name);
/** A file of many blocks, as a database is. */
const made = (text: string) => Buffer.alloc(200_000, text);

beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.stop());
beforeEach(() => {
  // the SDK waits a random part of ever longer times before it tries again: none of them
  vi.spyOn(Math, 'random').mockReturnValue(0);
  folder = mkdtempSync(join(tmpdir(), 'paperkeep-catalog-'));
  const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
  const client = new S3({ endpoint: s3.endpoint, region: 'eu-central-1', credentials, forcePathStyle: true });
  store = createS3CatalogStore(BUCKET, client);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  s3.objects.clear();
  rmSync(folder, { recursive: true });
});

async function putMade(text: string): Promise<void> {
  writeFileSync(file('made.sqlite'), made(text));
  await store.put(file('made.sqlite'));
}

describe('the catalog in a bucket', () => {
  it('is one compressed object that replaces the one before', async () => {
    await putMade('one');
    writeFileSync(file('made.sqlite'), made('two'));
    const bytes = await store.put(file('made.sqlite'));
    expect([...s3.objects.keys()]).toEqual([CATALOG_KEY]);
    const object = s3.objects.get(CATALOG_KEY)?.bytes ?? Buffer.alloc(0);
    expect(object.length).toBe(bytes);
    expect(bytes).toBeLessThan(made('two').length / 4);
    expect(zstdDecompressSync(object).equals(made('two'))).toBe(true);
  });

  it('is fetched as the same file, and replaces the old file with its WAL', async () => {
    await putMade('one');
    writeFileSync(file(), 'old');
    for (const end of ['-wal', '-shm']) writeFileSync(file() + end, 'old');
    expect(await store.fetch(file(), null)).toBeTruthy();
    expect(readFileSync(file()).equals(made('one'))).toBe(true);
    for (const end of ['-wal', '-shm', '.part']) expect(existsSync(file() + end)).toBe(false);
  });

  it('is fetched again only when it has changed', async () => {
    await putMade('one');
    const first = await store.fetch(file(), null);
    rmSync(file());
    expect(await store.fetch(file(), first)).toBe(first);
    expect(existsSync(file())).toBe(false);
    await putMade('two');
    expect(await store.fetch(file(), first)).not.toBe(first);
    expect(readFileSync(file()).equals(made('two'))).toBe(true);
  });

  it('is null before the first one is published', async () => {
    expect(await store.fetch(file(), null)).toBeNull();
    expect(existsSync(file())).toBe(false);
  });

  it.each([
    ['cut', 'CATALOG_UNREACHABLE'],
    ['403 AccessDenied', 'CATALOG_FORBIDDEN'],
    ['503 SlowDown', 'CATALOG_UNREACHABLE'],
  ] as const)('leaves the file that is there when the bucket answers %s', async (fault, code) => {
    await putMade('one');
    writeFileSync(file(), 'old');
    s3.fail(fault, 3);
    await expect(store.fetch(file(), null)).rejects.toMatchObject({ code });
    s3.fail('reset', 0);
    expect(readFileSync(file(), 'utf8')).toBe('old');
    expect(existsSync(`${file()}.part`)).toBe(false);
  });

  it('is reported with a hint when it cannot be decompressed', async () => {
    s3.objects.set(CATALOG_KEY, { bytes: Buffer.from('no catalog'), at: '2025-01-08T06:15:00.000Z' });
    const damaged = {
      code: 'CATALOG_DAMAGED',
      hint: expect.stringContaining(`s3://${BUCKET}/${CATALOG_KEY}`),
    };
    await expect(store.fetch(file(), null)).rejects.toMatchObject(damaged);
  });

  it('is opened by the address of its bucket', async () => {
    for (const [name, value] of Object.entries({
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
    }))
      vi.stubEnv(name, value);
    await putMade('one');
    expect(await (await openCatalogStore(`s3://${BUCKET}`)).fetch(file(), null)).toBeTruthy();
    await expect(openCatalogStore(undefined)).rejects.toMatchObject({ code: 'BAD_SETTING' });
    await expect(openCatalogStore('file:here')).rejects.toMatchObject({ code: 'BAD_SETTING' });
  });
});
