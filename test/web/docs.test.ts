import { load } from 'cheerio/slim';
import { describe, expect, it } from 'vitest';
import { createOpenApi } from '../../shared/web/openapi.ts';
import { aSite } from './site.ts';

const read = async (site: Awaited<ReturnType<typeof aSite>>) => load(await (await site('/docs')).text());

describe('The page about the API', () => {
  it('describes every operation of the OpenAPI document, with its parameters', async () => {
    const $ = await read(await aSite());
    const { paths } = await createOpenApi('0.0.0', false);
    for (const [path, { get }] of Object.entries(paths)) {
      const operation = $(`#${get.operationId}`);
      expect(operation.find('h3').text()).toBe(path);
      expect(
        operation
          .find('tbody th')
          .get()
          .map((cell) => $(cell).text()),
      ).toEqual((get.parameters ?? []).map(({ name }) => name));
    }
  });

  it('links examples that the site answers with data, and shows their URL in three languages', async () => {
    const site = await aSite();
    const $ = await read(site);
    const links = $('.operation > p > a')
      .get()
      .map((link) => $(link).attr('href') ?? '');
    expect(links).toEqual(expect.arrayContaining(['/daily/2025-01-20.json', '/papers/2501.00005.json']));
    for (const link of links) {
      const { status } = await site(link);
      expect([link, status === 200 || (link === '/-/health.json' && status === 503)]).toEqual([link, true]);
    }
    expect(
      $('#daily pre')
        .get()
        .map((code) => $(code).text().includes('/daily.json')),
    ).toEqual([true, true, true]);
  });

  it('has no examples while the archive is empty', async () => {
    const $ = await read(await aSite([]));
    expect($('.operation').length).toBeGreaterThan(20);
    expect($('.operation > p > a')).toHaveLength(0);
  });
});
