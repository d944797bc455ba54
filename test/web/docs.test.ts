import { execFile, spawnSync } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { createAdaptorServer } from '@hono/node-server';
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

  it('shows what the document has between backticks as code', async () => {
    const $ = await read(await aSite());
    expect($('#search, .operation').text()).not.toContain('`');
    expect($('.operation td code, .operation > p code').length).toBeGreaterThan(3);
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

  const lacking = ['curl', 'python3'].filter((program) => spawnSync(program, ['--version']).status !== 0).join();

  it.skipIf(lacking)(
    `prints code that gets the same answer in three languages${lacking && ` (skipped: ${lacking})`}`,
    async () => {
      const site = await aSite();
      const server = createAdaptorServer({
        fetch: (request) =>
          site(request.url.slice(new URL(request.url).origin.length), { headers: { host: new URL(request.url).host } }),
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      try {
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const $ = load(await (await fetch(`${url}/docs`)).text());
        const snippets = $('.operation:not(:contains(/-/health)) details')
          .get()
          .map(
            (details) =>
              $(details)
                .find('pre')
                .get()
                .map((code) => $(code).text()) as [string, string, string],
          );
        expect(snippets.length).toBeGreaterThan(25);
        const run = async (program: string, args: readonly string[]) =>
          JSON.parse(`[${(await promisify(execFile)(program, args, { maxBuffer: 64_000_000 })).stdout}]`);
        const [byCurl, byPython, byScript] = await Promise.all([
          run('sh', ['-ec', snippets.map(([curl]) => curl.replace('curl', 'curl --fail --silent')).join('\necho ,\n')]),
          run('python3', [
            '-c',
            snippets.map(([, python]) => `${python}\nprint(json.dumps(answer))`).join("\nprint(',')\n"),
          ]),
          run(process.execPath, [
            '--input-type=module',
            '-e',
            snippets
              .map(([, , script]) => `{ ${script}\nconsole.log(JSON.stringify(answer)); }`)
              .join("\nconsole.log(',');\n"),
          ]),
        ]);
        expect(byPython).toEqual(byCurl);
        expect(byScript).toEqual(byCurl);
      } finally {
        server.close();
      }
    },
  );

  it('has no examples while the archive is empty', async () => {
    const $ = await read(await aSite([]));
    expect($('.operation').length).toBeGreaterThan(20);
    expect($('.operation > p > a')).toHaveLength(0);
  });
});
