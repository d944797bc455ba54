import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMcpEndpoint } from '../../shared/mcp/http.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import { anArchive, papers, seen } from '../query/archive.ts';
import { day } from '../support/build.ts';

const NOW = '2025-01-20T12:00:00Z';
const ORIGIN = 'http://papers.example';
const captures = [
  seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3], [2, 2])),
  seen('daily 2025-01-08', '2025-01-08T12:00:00Z', papers([2, 9], [1, 4])),
  seen(
    'trending 2025-01-20',
    '2025-01-20T11:00:00Z',
    papers(
      ...Array.from(
        { length: 60 },
        (_, at) =>
          [
            at + 1,
            100 - at,
            {
              abstract: 'It is made up. '.repeat(100),
              authors: Array(9).fill('Ada Example'),
              listedOn: day('2025-01-08'),
            },
          ] as const,
      ),
    ),
  ),
  seen('watched:tea 2025-01-20', '2025-01-20T07:00:00Z', papers([2, 9])),
];

/** A client of the archive, connected as `version` says: by the newest protocol, or by the one before. */
async function connect(context: QueryContext, mode: 'auto' | 'legacy' = 'auto'): Promise<Client> {
  const endpoint = createMcpEndpoint(context, '1.2.3');
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${ORIGIN}/mcp`), {
      fetch: (url, init) => endpoint(new Request(url, init)),
    }),
  );
  return client;
}

describe('the MCP server', () => {
  let context: QueryContext;
  let client: Client;
  beforeAll(async () => {
    context = await anArchive(captures, NOW);
    client = await connect(context);
  });
  afterAll(() => client.close());

  // biome-ignore lint/suspicious/noExplicitAny: the client holds answers against their schemas; tests look at single fields
  const call = async (name: string, args: Record<string, unknown> = {}): Promise<any> =>
    (await client.callTool({ name, arguments: args })).structuredContent;
  const refusal = async (name: string, args: Record<string, unknown>) => {
    const { isError, content } = await client.callTool({ name, arguments: args });
    return [isError, (content as { text: string }[])[0]?.text];
  };

  it('has the tools that the interface names, each with a title, marked as only reading, with plain objects as answers', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'list_papers',
      'get_paper',
      'paper_history',
      'movers',
      'top_papers',
      'search_papers',
      'topic_trend',
      'new_papers',
      'coverage',
    ]);
    for (const { title, description, annotations, inputSchema, outputSchema } of tools) {
      expect(title).toMatch(/^[A-Z]/);
      expect(description?.length).toBeGreaterThan(20);
      expect(annotations).toMatchObject({ title, readOnlyHint: true });
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(outputSchema).toMatchObject({ type: 'object' });
      for (const key of ['anyOf', 'oneOf', 'allOf', '$ref']) expect(outputSchema).not.toHaveProperty(key);
    }
  });

  it('says who it is and how to read its answers', () => {
    expect(client.getServerVersion()).toMatchObject({ name: 'paperkeep', version: '1.2.3' });
    expect(client.getInstructions()).toContain('null is unknown');
  });

  it('lists the papers of a day, also as it was known at a time', async () => {
    const ids = ({ papers }: { papers: { id: string }[] }) => papers.map(({ id }) => id);
    expect(ids(await call('list_papers', { list: 'daily', day: '2025-01-08' }))).toEqual(['2501.00002', '2501.00001']);
    expect(ids(await call('list_papers', { day: '2025-01-08', at: '2025-01-08T07:00:00Z' }))).toEqual([
      '2501.00001',
      '2501.00002',
    ]);
    expect(ids(await call('list_papers'))).toEqual(['2501.00002', '2501.00001']);
    expect(ids(await call('list_papers', { list: 'watched:tea' }))).toEqual(['2501.00002']);
  });

  it('says of a day that was not captured that it is missing, with no papers', async () => {
    expect(await call('list_papers', { day: '2025-01-09' })).toMatchObject({
      coverage: { status: 'missing' },
      papers: [],
    });
  });

  it('gives a long list in parts, each of them under 20,000 tokens, with at most five authors named', async () => {
    const seenIds: string[] = [];
    for (let skip = 0; skip < 60; ) {
      const response = await client.callTool({ name: 'list_papers', arguments: { list: 'trending', skip } });
      expect(JSON.stringify(response).length / 3).toBeLessThan(20_000);
      // biome-ignore lint/suspicious/noExplicitAny: as above
      const { papers, omitted, total } = response.structuredContent as any;
      expect([total, papers[0].authors]).toEqual([60, [...Array(5).fill('Ada Example'), 'and 4 more']]);
      const left = 60 - skip - papers.length;
      if (left > 0) expect(omitted[1]).toMatch(`the last ${left} of ${60 - skip} papers: ask for the rest with skip`);
      seenIds.push(...papers.map(({ id }: { id: string }) => id));
      skip += papers.length;
    }
    expect(new Set(seenIds).size).toBe(60);
  });

  it('answers every tool with data and the same as text', async () => {
    for (const [name, args] of [
      ['get_paper', { id: '2501.00001' }],
      ['paper_history', { id: '2501.00001' }],
      ['movers', { list: 'daily', from: '2025-01-08T06:00:00Z', to: '2025-01-08T12:00:00Z' }],
      ['top_papers', { from: '2025-01-01', limit: 2 }],
      ['search_papers', { q: 'paper', limit: 2 }],
      ['topic_trend', { topic: 'tables' }],
      ['topic_trend', { topic: '"made up"' }],
      ['new_papers', { limit: 2 }],
      ['coverage', { list: 'daily' }],
    ] as const) {
      const { content, structuredContent, isError } = await client.callTool({ name, arguments: args });
      expect([name, isError ?? false]).toEqual([name, false]);
      expect(JSON.parse((content as { text: string }[])[0]?.text ?? '')).toEqual(structuredContent);
      expect(structuredContent).toMatchObject({ sample: false, omitted: [] });
    }
  });

  it('keeps the newest days of a calendar that is too long', async () => {
    const { days, omitted, to } = await call('coverage', { from: '2020-01-01', to: '2025-01-20' });
    expect(days.at(-1).day).toBe(to);
    expect(omitted).toEqual([expect.stringMatching(/^the first \d+ of 1847 days: /)]);
  });

  it('takes the URL of a paper for its id', async () => {
    const id = 'https://huggingface.co/papers/2501.00001';
    expect((await call('get_paper', { id })).paper.id).toBe('2501.00001');
    expect((await call('paper_history', { id: 'https://arxiv.org/abs/2501.00001v2' })).id).toBe('2501.00001');
  });

  it('goes on where a page ended, by its cursor', async () => {
    const first = await call('search_papers', { q: 'paper', limit: 2 });
    const second = await call('search_papers', { q: 'paper', limit: 2, cursor: first.next });
    expect(second.papers).toHaveLength(2);
    expect(second.papers[0].id).not.toBe(first.papers[0].id);
  });

  it('gives pages of twenty unless more are asked for', async () => {
    expect((await call('search_papers', { q: 'paper' })).papers).toHaveLength(20);
    expect((await call('top_papers', { list: 'trending', from: '2025-01-20' })).papers).toHaveLength(20);
  });

  it('tells the model what is wrong with a call, in a result', async () => {
    expect(await refusal('get_paper', {})).toEqual([
      true,
      'id must be an arXiv id like 2501.04519, or its arXiv or Hugging Face URL',
    ]);
    expect(await refusal('get_paper', { id: '2501.99999' })).toEqual([
      true,
      'paper 2501.99999 was never seen on any list',
    ]);
    expect(await refusal('list_papers', { day: '2025-02-30', list: 'weekly' })).toEqual([
      true,
      'list must be daily, trending or watched:<slug>; day must be a day of the calendar, YYYY-MM-DD',
    ]);
    expect(await refusal('get_paper', { paper: '2501.00001' })).toEqual([true, 'get_paper has no paper; it has id']);
    expect(await refusal('list_papers', { list: 'watched:coffee' })).toEqual([
      true,
      'no search is watched or archived under the name coffee',
    ]);
  });

  it('takes null and an empty text for a parameter that is left out', async () => {
    expect((await call('list_papers', { day: null, at: '' })).day).toBe('2025-01-08');
  });

  it('serves clients of the protocol before the newest, too', async () => {
    const legacy = await connect(context, 'legacy');
    expect((await legacy.listTools()).tools).toHaveLength(9);
    expect((await legacy.callTool({ name: 'coverage', arguments: {} })).structuredContent).toMatchObject({
      list: 'daily',
    });
    await legacy.close();
  });

  it('refuses pages of other sites, also under a name that leads to this machine, and serves its own', async () => {
    const endpoint = createMcpEndpoint(context, '1', 'https://papers.example.org');
    const statusFrom = async (origin: string | null, site = ORIGIN) => {
      const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
      const request = new Request(`${site}/mcp`, {
        method: 'POST',
        headers: origin ? { ...headers, origin } : headers,
        body,
      });
      return (await endpoint(request)).status;
    };
    expect([
      await statusFrom('http://evil.example'),
      await statusFrom('http://evil.example', 'http://evil.example'),
      await statusFrom('null'),
      await statusFrom('https://papers.example.org'),
      await statusFrom('http://localhost:3000'),
      await statusFrom(null),
    ]).toEqual([403, 403, 403, 200, 200, 200]);
  });

  it('answers GET and DELETE, which need a session, with 405', async () => {
    const endpoint = createMcpEndpoint(context, '1');
    for (const method of ['GET', 'DELETE'])
      expect([method, (await endpoint(new Request(`${ORIGIN}/mcp`, { method }))).status]).toEqual([method, 405]);
  });
});
