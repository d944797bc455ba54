import { expect, it } from 'vitest';
import { PaperkeepError } from '../../shared/lib/errors.ts';
import { anArchive } from '../query/archive.ts';
import { jsonOf, siteOver, someCaptures } from './site.ts';

it('While the search index is being built, pages that need it say how far it is, and all others answer', async () => {
  const context = await anArchive(someCaptures);
  const catalog = async () => {
    throw new PaperkeepError({ code: 'CATALOG_BUILDING', message: 'the search index is being built: 40 %' });
  };
  const ask = siteOver({ ...context, catalog });
  const search = await ask('/search.json?q=tea');
  expect([search.status, search.headers.get('retry-after'), search.headers.get('cache-control')]).toEqual([
    503,
    '10',
    'no-store',
  ]);
  expect(await jsonOf(search)).toMatchObject({ status: 503, detail: 'the search index is being built: 40 %' });
  const page = await ask('/top', { headers: { accept: 'text/html' } });
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '10']);
  expect(await page.text()).toContain('The search index is being built: 40 %');
  expect((await ask('/daily/2025-01-08.json')).status).toBe(200);
});
