import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExportStore } from '../../shared/export/store.ts';
import type { AppDeps } from '../../shared/web/app.ts';
import { aFolder } from '../cli/run.ts';
import { buildExport, CAPTURES, folderStore } from '../export/build.ts';
import { anArchive } from '../query/archive.ts';
import { jsonOf, siteOver } from './site.ts';

/** A site with an export. */
async function aSite(change: Partial<NonNullable<AppDeps['exports']>> = {}, more: Partial<ExportStore> = {}) {
  const context = await anArchive(CAPTURES);
  const { folder, manifest } = await buildExport(context, { formats: ['csv', 'sqlite'] });
  const store = { ...folderStore(folder), ...more };
  return {
    ask: siteOver({ ...context, exports: { store: async () => store, downloads: true, ...change } }),
    folder,
    manifest,
  };
}

describe('the newest export', () => {
  it('is listed with its files, their sizes, rows and digests, and its source', async () => {
    const { ask, manifest } = await aSite();
    const { files, ...facts } = manifest;
    expect(await jsonOf(ask('/exports.json'))).toEqual({
      export: facts,
      files: files.map((file) => ({ ...file, url: `/exports/${file.path}` })),
      parts: expect.arrayContaining([expect.objectContaining({ path: 'csv' })]),
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      total: files.length,
      next: null,
      downloads: true,
      sample: false,
    });
    const page = await (await ask('/exports')).text();
    expect(page).toContain('<a href="/exports/csv/papers/month=2025-01/part.csv" download>');
    expect(page).toContain('13 snapshots');
    expect((await (await ask('/exports.csv')).text()).split('\r\n')).toHaveLength(files.length + 2);
  });

  it('is listed in pages, whose totals are those of all its files, and whole as CSV', async () => {
    const { ask, manifest } = await aSite();
    const { files } = manifest;
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const paths: string[] = [];
    for (let next: string | null = '/exports.json?limit=4'; next; ) {
      const answer: Response = await ask(next);
      const body = await jsonOf(answer);
      expect(answer.headers.get('link')).toBe(body.next === null ? null : `<${body.next}>; rel="next"`);
      expect([body.total, body.bytes]).toEqual([files.length, bytes]);
      paths.push(...body.files.map(({ path }: { path: string }) => path));
      next = body.next && `/exports.json${body.next}`;
    }
    expect(paths).toEqual(files.map(({ path }) => path));
    const page = await (await ask('/exports?limit=4')).text();
    expect(page).toContain(`${files.length} files`);
    expect(page).toContain('rel="next"');
    expect((await (await ask('/exports.csv?limit=4')).text()).split('\r\n')).toHaveLength(files.length + 2);
    expect((await ask('/exports.json?limit=0&cursor=x')).status).toBe(400);
  });

  it('is reported as missing if none was made yet', async () => {
    const context = await anArchive(CAPTURES);
    for (const exports of [undefined, { store: async () => folderStore(aFolder()), downloads: true }]) {
      const ask = siteOver({ ...context, ...(exports && { exports }) });
      expect(await (await ask('/exports')).text()).toContain('No export yet');
      expect(await jsonOf(ask('/exports.json'))).toMatchObject({
        export: null,
        files: [],
        bytes: 0,
        total: 0,
        next: null,
      });
      expect((await ask('/exports/paperkeep.sqlite')).status).toBe(404);
    }
  });
});

describe('A file of the newest export', () => {
  it.each([
    ['paperkeep.sqlite', 'application/vnd.sqlite3'],
    ['schema.json', 'application/json; charset=utf-8'],
    ['csv/papers/month=2025-01/part.csv', 'text/csv; charset=utf-8'],
  ])('is downloaded unchanged: %s', async (path, type) => {
    const { ask, folder } = await aSite();
    const answer = await ask(`/exports/${path}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.equals(readFileSync(join(folder, path)))).toBe(true);
    const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      etag,
      'content-type': type,
      'content-length': String(bytes.length),
      'content-disposition': `attachment; filename="${path.replaceAll('/', '_')}"`,
      'x-content-type-options': 'nosniff',
    });
    const again = await ask(`/exports/${path}`, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const head = await ask(`/exports/${path}`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      String(bytes.length),
      '',
    ]);
  });

  it('is downloaded with a byte-order mark where it is CSV and the parameter bom asks for it, whole or in part', async () => {
    const { ask } = await aSite();
    const { files } = await jsonOf(ask('/exports.json'));
    const { url } = files.find((file: { path: string }) => file.path.startsWith('csv/papers/'));
    const bytesOf = async (path: string, headers = {}) => {
      const answer = await ask(path, { headers });
      return [answer.headers.get('etag'), Buffer.from(await answer.arrayBuffer())] as const;
    };
    const [etag, plain] = await bytesOf(url);
    const [marked, withMark] = await bytesOf(`${url}?bom=true`);
    expect(withMark).toEqual(Buffer.concat([Buffer.from('\ufeff'), plain]));
    expect(marked).not.toBe(etag);
    expect((await bytesOf(`${url}?bom=true`, { range: 'bytes=1-4' }))[1]).toEqual(withMark.subarray(1, 5));
    expect((await bytesOf(`${url}?bom=maybe`))[1]).toEqual(plain);
    const sqlite = '/exports/paperkeep.sqlite';
    expect((await bytesOf(`${sqlite}?bom=true`))[0]).toBe((await bytesOf(sqlite))[0]);
  });

  it('is downloaded in part for a Range, as `curl -C -` and readers of Parquet ask for it', async () => {
    const { ask, folder } = await aSite();
    const whole = readFileSync(join(folder, 'paperkeep.sqlite'));
    const size = whole.length;
    const etag = (await ask('/exports/paperkeep.sqlite', { method: 'HEAD' })).headers.get('etag') ?? '';
    const get = async (headers: Record<string, string>) => {
      const answer = await ask('/exports/paperkeep.sqlite', { headers });
      const range = answer.headers.get('content-range');
      return { status: answer.status, range, bytes: Buffer.from(await answer.arrayBuffer()) };
    };
    for (const [range, first, last] of [
      ['bytes=0-99', 0, 99],
      ['bytes=16-16', 16, 16],
      [`bytes=${size - 10}-`, size - 10, size - 1],
      ['bytes=-8', size - 8, size - 1],
      [`bytes=100-${size + 500}`, 100, size - 1],
      [`bytes=-${size + 500}`, 0, size - 1],
    ] as const) {
      const part = { status: 206, range: `bytes ${first}-${last}/${size}`, bytes: whole.subarray(first, last + 1) };
      expect(await get({ range })).toEqual(part);
      expect(await get({ range, 'if-range': etag })).toEqual(part);
      expect(await get({ range, 'accept-encoding': 'gzip' })).toEqual(part);
    }
  });

  it('is downloaded whole where a Range does not apply', async () => {
    const { ask, folder } = await aSite();
    const whole = readFileSync(join(folder, 'paperkeep.sqlite'));
    for (const headers of [
      { range: 'bytes=0-1,4-5' },
      { range: 'bytes=5-2' },
      { range: 'bytes=-' },
      { range: 'lines=0-1' },
      { range: 'bytes=0-1', 'if-range': '"another version"' },
      { range: 'bytes=0-1', 'if-range': 'Wed, 21 Oct 2015 07:28:00 GMT' },
    ]) {
      const answer = await ask('/exports/paperkeep.sqlite', { headers });
      expect([headers, answer.status, answer.headers.get('accept-ranges')]).toEqual([headers, 200, 'bytes']);
      expect(Buffer.from(await answer.arrayBuffer()).equals(whole)).toBe(true);
    }
    const head = await ask('/exports/paperkeep.sqlite', { method: 'HEAD', headers: { range: 'bytes=0-1' } });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(whole.length)]);
  });

  it('is refused with its size for a Range after its end', async () => {
    const { ask, folder } = await aSite();
    const size = readFileSync(join(folder, 'paperkeep.sqlite')).length;
    for (const range of [`bytes=${size}-`, `bytes=${size + 5}-${size + 9}`, 'bytes=-0']) {
      const answer = await ask('/exports/paperkeep.sqlite', { headers: { range } });
      expect([range, answer.status, answer.headers.get('content-range')]).toEqual([range, 416, `bytes */${size}`]);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    }
  });

  it('is not sent for If-None-Match: *', async () => {
    const { ask } = await aSite();
    const answer = await ask('/exports/paperkeep.sqlite', { headers: { 'if-none-match': '*' } });
    expect([answer.status, await answer.text()]).toEqual([304, '']);
  });

  it('may be the manifest', async () => {
    const { ask, manifest } = await aSite();
    expect(await (await ask('/exports/manifest.json', { headers: { accept: 'text/plain' } })).text()).toBe(
      `${JSON.stringify(manifest, null, 2)}\n`,
    );
  });

  it('is a 404 unless the manifest names it', async () => {
    const { ask, folder } = await aSite();
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    for (const path of [
      'notes.txt',
      '../papers.sqlite',
      '%2e%2e/papers.sqlite',
      '..%2fpapers.sqlite',
      'csv/../notes.txt',
      '/etc/passwd',
      'csv',
      '%00',
      '%ff',
    ]) {
      expect([path, (await ask(`/exports/${path}`)).status]).toEqual([path, 404]);
    }
    expect((await ask('/exports/schema.json', { method: 'DELETE' })).status).toBe(405);
  });

  it('is refused where downloads are switched off, and the site says so', async () => {
    const { ask } = await aSite({ downloads: false });
    const answer = await ask('/exports/paperkeep.sqlite');
    expect([answer.status, (await jsonOf(answer)).detail]).toEqual([
      404,
      expect.stringContaining('switched downloads on'),
    ]);
    expect((await jsonOf(ask('/exports.json'))).files[0].url).toBeNull();
    expect(await (await ask('/exports')).text()).not.toContain('download>');
  });

  it('is a redirect where the store has signed URLs', async () => {
    const link = async (path: string, name: string) => `https://elsewhere.example/${path}?as=${name}`;
    const { ask } = await aSite({}, { link });
    const answer = await ask('/exports/csv/papers/month=2025-01/part.csv', { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location'), answer.headers.get('cache-control')]).toEqual([
      302,
      'https://elsewhere.example/csv/papers/month=2025-01/part.csv?as=csv_papers_month=2025-01_part.csv',
      'no-store',
    ]);
  });
});
