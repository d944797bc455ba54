import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { S3 } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createS3ExportStore } from '../../shared/export/s3.ts';
import { readExportManifest } from '../../shared/export/store.ts';
import { aFolder } from '../cli/run.ts';
import { papers, seen } from '../query/archive.ts';
import { BUCKET, type S3Double, startS3 } from '../support/s3.ts';
import { buildExport, CAPTURES, digestsIn } from './build.ts';

const URL = `s3://${BUCKET}/some/where`;
let s3: S3Double;
let client: S3;
const newClient = (maxAttempts: number) =>
  new S3({
    endpoint: s3.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
    maxAttempts,
  });
beforeEach(async () => {
  s3 = await startS3();
  client = newClient(1);
});
afterEach(async () => {
  client.destroy();
  await s3.stop();
});
const keys = () => [...s3.objects.keys()].map((key) => key.replace('some/where/', '')).sort();
const puts = () => s3.asked.filter(({ what }) => what.startsWith('PUT') && !/manifest|changing/.test(what)).length;

describe('Exports in a bucket', () => {
  it('are the same files as in a folder, under a prefix, with the manifest last', async () => {
    const { folder } = await buildExport();
    const { manifest } = await buildExport(undefined, {}, '', createS3ExportStore(URL, client));
    expect(keys()).toEqual(Object.keys(digestsIn(folder)));
    expect(await readExportManifest(createS3ExportStore(URL, client))).toEqual(manifest);
    const last = s3.asked.filter(({ what }) => what.startsWith('PUT')).at(-1)?.what;
    expect(last).toContain('/some/where/manifest.json');
  });

  it('upload only changed files, and leave nothing of the export before', async () => {
    const store = createS3ExportStore(URL, client);
    await buildExport(CAPTURES, { formats: ['csv', 'parquet'] }, '', store);
    const first = puts();
    const more = [...CAPTURES, seen('daily 2025-03-06', '2025-03-06T06:00:00Z', papers([1, 9]))];
    await buildExport(more, { formats: ['csv', 'parquet'] }, '', store);
    expect(puts() - first).toBeLessThan(first / 2);
    await buildExport(CAPTURES, { formats: ['jsonl'] }, '', store);
    expect(keys()).toEqual(['manifest.json', 'papers.jsonl.gz', 'schema.json']);
  });

  it('show no export while one replaces another, and a complete one after the next run', async () => {
    const store = createS3ExportStore(URL, client);
    await buildExport(CAPTURES, { formats: ['csv'] }, '', store);
    const failing = {
      ...store,
      put: async (path: string, file: string, sha256: string) => {
        if (path === 'papers.jsonl.gz') s3.fail('503 SlowDown');
        await store.put(path, file, sha256);
      },
    };
    await expect(buildExport(CAPTURES, { formats: ['parquet', 'jsonl'] }, '', failing)).rejects.toMatchObject({
      code: 'EXPORT_UNREACHABLE',
    });
    expect(await readExportManifest(store)).toBeNull();
    await buildExport(CAPTURES, { formats: ['jsonl'] }, '', store);
    expect(keys()).toEqual(['manifest.json', 'papers.jsonl.gz', 'schema.json']);
  });

  it('upload a small file again when S3 is too busy', async () => {
    const file = join(aFolder(), 'small');
    writeFileSync(file, 'paper');
    const sha256 = createHash('sha256').update('paper').digest('hex');
    const patient = newClient(2);
    vi.spyOn(Math, 'random').mockReturnValue(0);
    s3.fail('503 SlowDown');
    await createS3ExportStore(URL, patient).put('papers.csv', file, sha256);
    expect(keys()).toEqual(['papers.csv']);
    vi.restoreAllMocks();
    patient.destroy();
  });

  it('upload large files as streams, with their digest', async () => {
    const file = join(aFolder(), 'big');
    const bytes = Buffer.alloc(33_000_000, 'paper');
    writeFileSync(file, bytes);
    const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
    await createS3ExportStore(URL, client).put('paperkeep.sqlite', file, sha256);
    expect(s3.objects.get('some/where/paperkeep.sqlite')?.bytes.length).toBe(bytes.length);
    await expect(createS3ExportStore(URL, client).put('other', file, '00'.repeat(32))).rejects.toMatchObject({
      code: 'EXPORT_REFUSED',
    });
  });

  it('can be read, and downloaded by a link for a minute', async () => {
    const store = createS3ExportStore(URL, client);
    await store.write('a.json', '{}');
    expect(await new Response(await store.open('a.json')).text()).toBe('{}');
    expect([await store.open('b.json'), await store.read('b.json')]).toEqual([null, null]);
    const link = await store.link?.('csv/papers/month=2025-01/part.csv', 'papers.csv');
    const { pathname, searchParams } = new global.URL(link ?? '');
    expect(decodeURIComponent(pathname)).toBe(`/${BUCKET}/some/where/csv/papers/month=2025-01/part.csv`);
    expect(searchParams.get('X-Amz-Expires')).toBe('60');
    expect(searchParams.get('response-content-disposition')).toBe('attachment; filename="papers.csv"');
  });

  it.each([
    ['404 NoSuchBucket', 'BUCKET_MISSING'],
    ['403 AccessDenied', 'EXPORT_FORBIDDEN'],
    ['403 SignatureDoesNotMatch', 'NO_CREDENTIALS'],
    ['reset', 'EXPORT_UNREACHABLE'],
    ['400 Strange', 'EXPORT_REFUSED'],
  ] as const)('report %s as %s', async (fault, code) => {
    s3.fail(fault);
    await expect(createS3ExportStore(URL, client).read('manifest.json')).rejects.toMatchObject({ code });
  });

  it('are refused without the name of a bucket', () => {
    expect(() => createS3ExportStore('s3:///x', client)).toThrow('names no bucket');
  });
});
