import { gunzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { type APIGatewayProxyResult, handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import { describe, expect, it } from 'vitest';
import { lambdaResponseLimit } from '../../functions/query/response-limit.ts';
import { silentLog } from '../../shared/lib/log.ts';
import { createApp } from '../../shared/web/app.ts';
import { anArchive, seen } from '../query/archive.ts';
import { aPaper, day } from '../support/build.ts';
import { httpRequest } from './events.ts';

/** Lambda's own limit, as its error names it. */
const LAMBDA = 6_291_556;

/** What a function gives back for a site's answer, and how many bytes Lambda counts. */
async function given(site: Hono, path: string, query = '', headers: Record<string, string> = {}) {
  const event = httpRequest(path, query, headers) as unknown as LambdaEvent;
  const answer = (await handle(site)(event, {} as LambdaContext)) as APIGatewayProxyResult;
  return { ...answer, carried: Buffer.byteLength(JSON.stringify(answer)) };
}

describe('The response limit of Lambda', () => {
  it.each([
    ['text/csv; charset=utf-8', '"a ""quoted"" title"\r\n'],
    ['application/json; charset=utf-8', '{"title":"Δ long 長い"}'],
    ['text/html; charset=utf-8', '<p>\u0007</p>\n'],
    ['application/x-bibtex; charset=utf-8', '@misc{a, title = {長い}}\n'],
  ])('counts a body of %s within 500 bytes of what Lambda sends', async (type, line) => {
    const body = line.repeat(300_000);
    const site = new Hono().get('*', (c) => c.body(body, 200, { 'content-type': type }));
    const { carried } = await given(site, '/');
    const counted = lambdaResponseLimit.bytesOf(Buffer.from(body), type);
    expect(counted).toBeLessThan(carried);
    expect(counted).toBeGreaterThan(carried - 500);
  });

  it('allows a body of exactly that size', async () => {
    const context = await anArchive([]);
    const versions = { paperkeep: '0', node: '24', schema: 1, parsers: {} };
    const deps = { context, archive: async () => context.archive, log: silentLog, versions };
    const { length } = await (await createApp(deps).request('/-/versions.json')).text();
    const statusAt = async (largest: number) => {
      const limit = { largest, bytesOf: (body: Buffer) => body.length, bytesOfFile: (bytes: number) => bytes };
      return (await createApp({ ...deps, limit }).request('/-/versions.json')).status;
    };
    expect([await statusAt(length), await statusAt(length - 1)]).toEqual([200, 400]);
  });

  it('never counts a body as smaller than it is', () => {
    for (const body of ['', 'a', '\u0007'.repeat(1000), '長'.repeat(1000), '😀"'.repeat(1000)])
      for (const type of ['text/csv', 'application/x-bibtex'])
        expect(lambdaResponseLimit.bytesOf(Buffer.from(body), type)).toBeGreaterThanOrEqual(Buffer.byteLength(body));
  });

  it('makes a deployed site refuse a larger response, with its size and the parameters that make it smaller', async () => {
    const abstract = 'A study of "long" tables. '.repeat(1000);
    const captures = ['2025-01-08', '2025-01-09'].map((on, week) => {
      const rows = Array.from({ length: 120 }, (_, at) =>
        aPaper({ id: `2501.0${week}${100 + at}`, rank: at + 1, abstract, listedOn: day(on) }),
      );
      return seen(`daily ${on}`, `${on}T12:00:00Z`, rows);
    });
    const context = await anArchive(captures, '2025-01-20T12:00:00Z');
    const versions = { paperkeep: '0', node: '24', schema: 1, parsers: {} };
    const deps = { context, archive: async () => context.archive, log: silentLog, versions };
    const site = createApp({ ...deps, limit: lambdaResponseLimit });
    expect((await given(createApp(deps), '/search.csv')).carried).toBeGreaterThan(LAMBDA);

    const refused = await given(site, '/search.csv');
    expect(refused).toMatchObject({ statusCode: 400, headers: { 'content-type': 'application/problem+json' } });
    expect(JSON.parse(refused.body)).toMatchObject({
      title: 'Too large',
      detail: expect.stringMatching(
        /^this answer has 7\.\d MB, and 6\.0 MB can be sent at once: ask for less with from and to$/,
      ),
      errors: [{ parameter: 'from' }, { parameter: 'to' }],
    });
    const since = JSON.parse((await given(site, '/new.csv', 'since=2025-01-01')).body);
    expect(since.errors).toEqual([{ parameter: 'since', detail: 'leaves too much' }]);

    // the same text, compressed, is far smaller
    const packed = await given(site, '/search.csv', '', { 'accept-encoding': 'gzip' });
    expect(packed).toMatchObject({ statusCode: 200, isBase64Encoded: true, headers: { 'content-encoding': 'gzip' } });
    expect(gunzipSync(Buffer.from(packed.body, 'base64')).length).toBeGreaterThan(6_000_000);
    expect(packed.carried).toBeLessThan(LAMBDA);
    expect((await given(site, '/search.csv', '', { 'accept-encoding': 'gzip;q=0, br' })).statusCode).toBe(400);

    const narrowed = await given(site, '/search.csv', 'from=2025-01-09');
    expect(narrowed.statusCode).toBe(200);
    expect(narrowed.carried).toBeLessThan(LAMBDA);
    expect((await given(site, '/search.bib')).statusCode).toBe(200);
  });
});
