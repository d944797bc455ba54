import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { getRequestListener } from '@hono/node-server';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../shared/lib/log.ts';
import type { Instant } from '../../shared/lib/time.ts';
import { createMcpEndpoint } from '../../shared/mcp/http.ts';
import { createApp } from '../../shared/web/app.ts';
import { run } from '../cli/run.ts';
import { saveDay } from '../cli/saved.ts';
import { anArchive, papers, seen } from '../query/archive.ts';
import { pythonHome } from '../support/packages.ts';

/** The server as real programs meet it: a process on stdin and stdout, and a port. */

const PROGRAM = resolve('functions/cli/paperkeep.ts');
const PACKAGES = ['mcp==2.3.0'];
const HOME = pythonHome('mcp', PACKAGES);
const SCRIPT = `
import asyncio, json, sys
from mcp import Client, StdioServerParameters
async def ask(server, day):
    async with Client(server) as client:
        tools = await client.list_tools()
        answer = await client.call_tool('list_papers', {'list': 'daily', 'day': day})
        refused = await client.call_tool('get_paper', {'id': 'x'})
        return {
            'tools': len(tools.tools),
            'ids': [paper['id'] for paper in answer.structured_content['papers']],
            'refused': refused.is_error and refused.content[0].text,
        }
async def main():
    command, url = json.loads(sys.argv[1]), sys.argv[2]
    stdio = StdioServerParameters(command=command[0], args=command[1:])
    print(json.dumps([await ask(stdio, '2026-03-03'), await ask(url, '2025-01-08')]))
asyncio.run(main())
`;

describe('the MCP server of the program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paperkeep-mcp-'));
  const data = join(folder, 'data');
  const command = [process.execPath, PROGRAM, 'mcp', '--data', data];
  let ids: string[] = [];
  beforeAll(async () => {
    const saved = saveDay(folder, '2026-03-03T12:00:00Z' as Instant);
    await run(['import', saved, '--data', data], {});
    const { out } = await run(['show', 'daily', '2026-03-03', '--json', '--data', data], {});
    ids = JSON.parse(out).papers.map(({ id }: { id: string }) => id);
    expect(ids.length).toBeGreaterThan(3);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

  it('answers the official TypeScript client on stdin and stdout, and ends with its input', async () => {
    const transport = new StdioClientTransport({ command: process.execPath, args: command.slice(1) });
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(transport);
    const { structuredContent } = await client.callTool({ name: 'list_papers', arguments: { day: '2026-03-03' } });
    expect((structuredContent as { papers: { id: string }[] }).papers.map(({ id }) => id)).toEqual(ids);
    const { pid } = transport;
    await client.close();
    expect(() => process.kill(pid as number, 0)).toThrow('ESRCH');
  }, 60_000);

  describe('asked by Python', () => {
    let missing: string | null = null;
    let server: Server;
    beforeAll(async () => {
      missing = await HOME.install();
      const context = await anArchive([seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1], [2]))]);
      const site = createApp({
        context,
        archive: async () => context.archive,
        mcp: async () => createMcpEndpoint(context, '1'),
        log: silentLog,
        versions: { paperkeep: '1', node: '24', schema: 1, parsers: {} },
      });
      server = createServer(getRequestListener(site.fetch));
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    }, 180_000);
    afterAll(() => new Promise((done) => server.close(done).closeAllConnections()));

    it('answers the official Python client, on stdin and stdout and over HTTP', async (context) => {
      if (missing !== null) context.skip(`${PACKAGES.join()} cannot be installed: ${missing}`);
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
      const { stdout } = await promisify(execFile)(HOME.python, ['-c', SCRIPT, JSON.stringify(command), url]);
      const refused = 'id must be an arXiv id like 2501.04519, or its arXiv or Hugging Face URL';
      expect(JSON.parse(stdout)).toEqual([
        { tools: 9, ids, refused },
        { tools: 9, ids: ['2501.00001', '2501.00002'], refused },
      ]);
    }, 60_000);
  });
});
