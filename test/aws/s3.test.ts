import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openArchive } from '../../shared/archive/open.ts';
import { openCatalogStore } from '../../shared/catalog/s3.ts';
import { openS3ExportStore } from '../../shared/export/s3.ts';

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

  const key = 'raw/daily/2025-01-08/20250108T061500Z-0123456789ab.warc.gz';
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
