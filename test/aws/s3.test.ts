import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openArchive } from '../../shared/archive/open.ts';
import { openCatalogStore } from '../../shared/catalog/s3.ts';
import { openS3ExportStore } from '../../shared/export/s3.ts';
import { startLoopback } from '../support/loopback.ts';

const key = 'raw/daily/2025-01-08/20250108T061500Z-0123456789ab.warc.gz';

describe('a request to S3 for a bucket in another region', () => {
  it('is signed for that region and sent again', async () => {
    const regionOf = (authorization = '') => /Credential=[^/]+\/\d+\/([^/]+)/.exec(authorization)?.[1];
    const s3 = await startLoopback(({ headers }) => ({
      status: regionOf(headers.authorization) === 'eu-north-1' ? 200 : 301,
      headers: { 'x-amz-bucket-region': 'eu-north-1' },
      body: regionOf(headers.authorization) === 'eu-north-1' ? '' : '<Error><Code>PermanentRedirect</Code></Error>',
    }));
    onTestFinished(s3.stop);
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('AWS_ENDPOINT_URL_S3', s3.origin);
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'none');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
    const archive = await openArchive('s3://bucket');
    expect(await archive.putIfAbsent(key, Buffer.from('x'))).toBe('stored');
    expect(s3.asked.map(({ headers }) => regionOf(headers.authorization))).toEqual(['eu-central-1', 'eu-north-1']);
  });
});

describe('a request to S3 that gets no response', () => {
  const silent = createServer(() => {});
  beforeEach(async () => {
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    for (const [name, value] of Object.entries({
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
    }))
      vi.stubEnv(name, value);
    // no wait before the next attempt
    vi.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    silent.closeAllConnections();
    silent.close();
  });

  /** Makes timers of so many milliseconds end at once. */
  function skipTimers(skipped: number) {
    const start = globalThis.setTimeout;
    const skipping = (work: () => void, ms?: number) => start(work, ms === skipped ? 1 : ms);
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(skipping as typeof setTimeout);
  }
  it.each([
    ['20 s for the archive', 20_000, 'ARCHIVE_UNREACHABLE', async () => (await openArchive('s3://bucket')).get(key)],
    [
      'two minutes for the catalog',
      120_000,
      'CATALOG_UNREACHABLE',
      async () => (await openCatalogStore('s3://bucket')).fetch('/nonexistent/catalog.sqlite', null),
    ],
  ] as const)(
    'is given up after %s',
    async (_, ms, code, read) => {
      skipTimers(ms);
      await expect(read()).rejects.toMatchObject({ code });
    },
    15_000,
  );

  it('is given up after 20 s of silence for exports, whose files may take longer', async () => {
    // the client begins to watch a connection after 3 s
    skipTimers(3_000);
    const { setTimeout } = Socket.prototype;
    vi.spyOn(Socket.prototype, 'setTimeout').mockImplementation(function (this: Socket, ms, done) {
      return setTimeout.call(this, ms === 20_000 ? 1 : ms, done);
    });
    const reading = (await openS3ExportStore('s3://bucket')).read('manifest.json');
    await expect(reading).rejects.toMatchObject({ code: 'EXPORT_UNREACHABLE' });
  }, 15_000);
});
