import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createAdaptorServer } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenApi } from '../../shared/web/openapi.ts';
import { pythonHome } from '../support/packages.ts';
import { aSite } from './site.ts';

const run = promisify(execFile);
const HOME = pythonHome('openapi', ['openapi-spec-validator==0.9.0', 'openapi-python-client==0.29.1']);
const missing = await HOME.install();
const why = missing ? ` (skipped, no Python packages: ${missing})` : '';

/** Asks a site for a list and a paper by the generated client, and prints a value of each. */
const SCRIPT = `
import json, sys
from paperkeep_client import Client
from paperkeep_client.api.lists import daily_day
from paperkeep_client.api.papers import papers_id
import datetime
client = Client(base_url=sys.argv[1])
papers = daily_day.sync(datetime.date(2025, 1, 8), client=client).papers
paper = papers_id.sync(papers[0].id, client=client).paper
json.dump([papers[0].title, paper.title], sys.stdout)
`;

describe.skipIf(missing !== null)(`Python tools for OpenAPI${why}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'paperkeep-openapi-'));
  const file = join(folder, 'openapi.json');
  beforeAll(async () => writeFileSync(file, JSON.stringify(await createOpenApi('0.0.0', false))));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('find nothing wrong with the document', async () => {
    const { stdout } = await run(HOME.python, ['-m', 'openapi_spec_validator', file]);
    expect(stdout).toContain(': OK');
  }, 60_000);

  it('generate a client that reads a list and a paper from the site', async () => {
    const site = await aSite();
    const server = createAdaptorServer({ fetch: (request) => site(new URL(request.url).pathname) });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    try {
      const client = join(folder, 'client');
      const generate = ['generate', '--path', file, '--output-path', client, '--meta', 'none'];
      await run(HOME.python, ['-m', 'openapi_python_client', ...generate]);
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { stdout } = await run(HOME.python, ['-c', SCRIPT.replaceAll('paperkeep_client', 'client'), url], {
        env: { ...process.env, PYTHONPATH: folder },
      });
      const [listed, shown] = JSON.parse(stdout) as string[];
      expect(listed).toBeTruthy();
      expect(shown).toBe(listed);
    } finally {
      server.close();
    }
  }, 120_000);
});
