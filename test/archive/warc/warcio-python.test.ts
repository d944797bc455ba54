import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pythonHome } from '../../support/packages.ts';
import { aCapture, anExchange, anUnanswered, serializeCapture, utf8 } from '../captures.ts';

const run = promisify(execFile);

const VERSION = '1.7.5';
/** The warcio of Python, independent of the one for Node. */
const HOME = pythonHome('warcio', [`warcio==${VERSION}`]);

describe('the warcio of Python', () => {
  let missing: string | null = null;
  let folder = '';
  beforeAll(async () => {
    missing = await HOME.install();
    folder = await mkdtemp(join(tmpdir(), 'paperkeep-warc-'));
  }, 180_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const warcio = async (...args: string[]) => (await run(HOME.python, ['-m', 'warcio.cli', ...args])).stdout;

  it('finds nothing wrong with a snapshot, and lists its URLs', async (context) => {
    if (missing !== null) context.skip(`warcio ${VERSION} for Python cannot be had: ${missing}`);
    const exchanges = [
      anExchange(),
      anExchange({ status: 429, headers: [], body: utf8('slow down') }),
      anExchange({ url: 'https://huggingface.co/papers/date/2025-01-08', body: utf8('<html>'), cut: true, sent: null }),
      anExchange({ url: 'https://huggingface.co/papers/trending', status: null, headers: [], sent: null }),
      anUnanswered(),
      anExchange({ status: 204, body: new Uint8Array(), headers: [['x-latin', 'caf\u00e9']] }),
    ];
    const file = join(folder, 'snapshot.warc.gz');
    await writeFile(file, await serializeCapture(aCapture({ exchanges, imported: true })));
    expect(await warcio('check', file)).toBe('');
    const checked = await warcio('check', '--verbose', file);
    expect(checked.match(/digest pass/g)).toHaveLength(1 + exchanges.length + 4);

    const index = await warcio('index', '--fields', 'warc-type,warc-target-uri,warc-truncated,http:status', file);
    const lines = index
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const [daily, trending] = [exchanges[0]?.url, 'https://huggingface.co/papers/trending'];
    expect(lines).toEqual([
      { 'warc-type': 'warcinfo' },
      { 'warc-type': 'response', 'warc-target-uri': daily, 'http:status': '200' },
      { 'warc-type': 'request', 'warc-target-uri': daily },
      { 'warc-type': 'response', 'warc-target-uri': daily, 'http:status': '429' },
      { 'warc-type': 'request', 'warc-target-uri': daily },
      {
        'warc-type': 'response',
        'warc-target-uri': 'https://huggingface.co/papers/date/2025-01-08',
        'warc-truncated': 'disconnect',
        'http:status': '200',
      },
      { 'warc-type': 'resource', 'warc-target-uri': trending },
      { 'warc-type': 'metadata', 'warc-target-uri': daily },
      { 'warc-type': 'request', 'warc-target-uri': daily },
      { 'warc-type': 'response', 'warc-target-uri': daily, 'http:status': '204' },
      { 'warc-type': 'request', 'warc-target-uri': daily },
    ]);
  });

  it('reports a payload that was changed, so that its silence means something', async (context) => {
    if (missing !== null) context.skip(`warcio ${VERSION} for Python cannot be had: ${missing}`);
    const plain = gunzipSync(await serializeCapture(aCapture()));
    const file = join(folder, 'changed.warc');
    await writeFile(file, plain.toString('latin1').replace('"upvotes":3', '"upvotes":4'), 'latin1');
    await expect(warcio('check', file)).rejects.toMatchObject({ stdout: expect.stringContaining('digest failed') });
  });
});
