import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureKey } from '../../../shared/archive/keys.ts';
import type { SnapshotStore } from '../../../shared/archive/store.ts';
import { parseSnapshot, readSnapshot } from '../../../shared/archive/warc/read-snapshot.ts';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import type { Capture } from '../../../shared/model/capture.ts';
import { aCapture, anExchange, anUnanswered, anyCapture, serializeCapture, utf8 } from '../captures.ts';

const textOf = async (capture: Capture) => gunzipSync(await serializeCapture(capture)).toString('latin1');

/** Where the gzip members of a snapshot begin. */
function beginnings(bytes: Uint8Array): number[] {
  const view = Buffer.from(bytes);
  const found: number[] = [];
  for (let at = view.indexOf('1f8b08000000000000ff', 0, 'hex'); at >= 0; ) {
    found.push(at);
    at = view.indexOf('1f8b08000000000000ff', at + 1, 'hex');
  }
  return found;
}

describe('a snapshot', () => {
  it('is read back as exactly the capture that was written', async () => {
    await fc.assert(
      fc.asyncProperty(anyCapture, async (capture) => {
        expect((await parseSnapshot(await serializeCapture(capture))).capture).toStrictEqual(capture);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same bytes whenever the same capture is written', async () => {
    await fc.assert(
      fc.asyncProperty(anyCapture, async (capture) => {
        const once = await serializeCapture(capture);
        expect(Buffer.from(await serializeCapture(structuredClone(capture))).equals(once)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('is read and written as the first version of this program did', async () => {
    const capture = aCapture({
      exchanges: [
        anExchange(),
        anExchange({ status: 429, headers: [], sent: null, body: utf8('slow down'), cut: true }),
      ],
    });
    const first = readFileSync(new URL('../first-version.warc.gz', import.meta.url));
    expect((await parseSnapshot(first)).capture).toStrictEqual(capture);
    expect(await textOf(capture)).toBe(gunzipSync(first).toString('latin1'));
  });

  it('is a gzip member per record: warcinfo, then each response and its request', async () => {
    const capture = aCapture({
      exchanges: [anExchange(), anExchange({ sent: null }), anExchange({ status: null, headers: [] })],
    });
    const bytes = await serializeCapture(capture);
    const ends = [...beginnings(bytes).slice(1), bytes.length];
    const types = beginnings(bytes).map((at, index) => {
      const record = gunzipSync(bytes.subarray(at, ends[index])).toString('latin1');
      return /^WARC\/1\.1\r\nWARC-Type: (\w+)\r\n/.exec(record)?.[1];
    });
    expect(types).toEqual(['warcinfo', 'response', 'request', 'response', 'resource', 'request']);
  });

  it('records the reason where a request got no response', async () => {
    const text = await textOf(aCapture({ exchanges: [anUnanswered()] }));
    expect(text).toMatch(
      /WARC-Type: metadata\r\n.*\r\nWARC-Target-URI: https:\/\/huggingface\.co\/api\/.*\r\n\r\nunanswered: no answer: connect ECONNREFUSED 127\.0\.0\.1:1\r\n.*WARC-Type: request\r\n/s,
    );
  });

  it('can be read again with the largest body that may be imported', async () => {
    const capture = aCapture({ exchanges: [anExchange({ body: new Uint8Array(64_000_000) })] });
    expect((await parseSnapshot(await serializeCapture(capture))).capture.exchanges[0]?.body.length).toBe(64_000_000);
  });

  it('names the media type of a payload of which nothing else is known', async () => {
    const typeOf = async (body: string) => {
      const exchange = anExchange({ status: null, headers: [], sent: null, body: utf8(body) });
      return /resource.*?\r\nContent-Type: ([^\r]+)/s.exec(await textOf(aCapture({ exchanges: [exchange] })))?.[1];
    };
    expect(await typeOf(' [1]')).toBe('application/json');
    expect(await typeOf('\n{}')).toBe('application/json');
    expect(await typeOf('<!doctype html>')).toBe('text/html');
    expect(await typeOf('Daily Papers')).toBe('text/plain');
    expect(await typeOf('')).toBe('text/plain');
  });

  it('never holds a credential, neither sent nor received', async () => {
    const secret: [string, string][] = ['Authorization', 'cookie', 'Set-Cookie', 'proxy-authorization'].map((name) => [
      name,
      'hf_secret',
    ]);
    const exchange = anExchange();
    const leaky = {
      ...exchange,
      headers: [...secret, ...exchange.headers],
      sent: [...secret, ...(exchange.sent ?? [])],
    };
    expect(await textOf(aCapture({ exchanges: [leaky] }))).not.toContain('hf_secret');
    expect((await parseSnapshot(await serializeCapture(aCapture({ exchanges: [leaky] })))).capture).toStrictEqual(
      aCapture(),
    );
  });

  it.each([
    ['a line end in a header', { headers: [['a', 'b\r\nc: d']] as [string, string][] }],
    ['a character that is no byte', { headers: [['a', '…']] as [string, string][] }],
    ['a header without a name', { sent: [['', 'b']] as [string, string][] }],
    ['a URL with a blank', { url: 'https://huggingface.co/a b' }],
    ['text that is not a URL', { url: 'papers' }],
    ['a status of two digits', { status: 20 }],
    ['a line end in why nothing answered', { unanswered: 'lost\r\nfound' }],
    ['headers without a status', { status: null, headers: [['etag', 'x']] as [string, string][] }],
  ])('is not written for %s', async (_, change) => {
    await expect(serializeCapture(aCapture({ exchanges: [anExchange(change)] }))).rejects.toThrow(RangeError);
  });
});

describe('a damaged snapshot', () => {
  const capture = aCapture({
    exchanges: [anExchange(), anExchange({ url: 'https://huggingface.co/papers/trending' })],
  });
  const damage = { name: 'PaperkeepError', code: 'SNAPSHOT_DAMAGED' };

  it('is detected wherever a byte is changed', async () => {
    const bytes = await serializeCapture(capture);
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = 0xff - (flipped[at] ?? 0);
      await expect(parseSnapshot(flipped), `byte ${at}`).rejects.toMatchObject(damage);
    }
  });

  it('is detected wherever the file is cut off', async () => {
    const bytes = await serializeCapture(capture);
    for (let length = 0; length < bytes.length; length += 1) {
      await expect(parseSnapshot(bytes.subarray(0, length)), `${length} bytes`).rejects.toMatchObject(damage);
    }
  });

  it('is detected before a record fills the memory', async () => {
    const huge = await serializeCapture(aCapture({ exchanges: [anExchange({ body: new Uint8Array(130_000_000) })] }));
    const message = expect.stringMatching(/a record is larger than 128 MB/);
    await expect(parseSnapshot(huge)).rejects.toMatchObject({ ...damage, message });
  });

  it('is detected when a record is missing, repeated or moved', async () => {
    const bytes = await serializeCapture(capture);
    const starts = beginnings(bytes);
    const members = starts.map((at, index) => bytes.subarray(at, starts[index + 1]));
    const others = [
      ...members.map((_, left) => members.filter((_, index) => index !== left)),
      ...members.map((member) => [...members, member]),
      members.toReversed(),
      [members[0], ...members.slice(3), ...members.slice(1, 3)],
      members.slice(0, 3),
    ];
    for (const other of others) {
      await expect(parseSnapshot(Buffer.concat(other as Uint8Array[]))).rejects.toMatchObject(damage);
    }
  });

  it('is detected in the decompressed file by its digests', async () => {
    const plain = gunzipSync(await serializeCapture(capture));
    expect((await parseSnapshot(plain)).capture).toStrictEqual(capture);
    const changed = Buffer.from(plain.toString('latin1').replace('"upvotes":3', '"upvotes":4'), 'latin1');
    await expect(parseSnapshot(changed)).rejects.toMatchObject({
      ...damage,
      message: expect.stringContaining('digest'),
    });
  });

  it.each(['WARC-Payload-Digest', 'WARC-Block-Digest'])('is detected by its %s alone', async (name) => {
    const plain = gunzipSync(await serializeCapture(capture)).toString('latin1');
    const response = plain.indexOf('WARC-Type: response');
    const digest = plain.indexOf(`${name}: sha256:`, response) + `${name}: sha256:`.length;
    const changed = plain.slice(0, digest) + (plain[digest] === '0' ? '1' : '0') + plain.slice(digest + 1);
    await expect(parseSnapshot(Buffer.from(changed, 'latin1'))).rejects.toMatchObject({
      ...damage,
      message: expect.stringContaining('the digest of the response of'),
    });
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['text', utf8('[]')],
    ['gzip of something else', gzipSync('[]')],
  ])('is not read from %s', async (_, bytes) => {
    await expect(parseSnapshot(bytes)).rejects.toMatchObject(damage);
  });
});

describe('reading a snapshot from a store', () => {
  const holding = (key: string, bytes: Uint8Array): SnapshotStore => ({
    url: 'file:somewhere',
    putIfAbsent: () => Promise.reject(new Error('not asked')),
    get: (asked) => Promise.resolve(asked === key ? bytes : null),
    async *list() {},
    touched: () => Promise.resolve([]),
  });

  it('gives the snapshot of a key', async () => {
    const capture = aCapture();
    const key = captureKey(capture);
    const bytes = await serializeCapture(capture);
    expect(await readSnapshot(holding(key, bytes), key)).toStrictEqual({ key, bytes, capture });
  });

  it('says which snapshot is missing', async () => {
    const key = captureKey(aCapture());
    await expect(readSnapshot(holding('', new Uint8Array()), key)).rejects.toMatchObject({
      code: 'SNAPSHOT_MISSING',
      message: `${key} is not in file:somewhere`,
    });
  });

  it('refuses another capture than its key says, and says whose it is', async () => {
    const key = captureKey(aCapture());
    const other = aCapture({ list: 'trending' });
    const error = await readSnapshot(holding(key, await serializeCapture(other)), key).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(PaperkeepError);
    expect(error).toMatchObject({
      code: 'SNAPSHOT_DAMAGED',
      message: expect.stringContaining(captureKey(other)),
    });
  });

  it('names the snapshot that is damaged', async () => {
    const key = captureKey(aCapture());
    await expect(readSnapshot(holding(key, utf8('junk')), key)).rejects.toMatchObject({
      code: 'SNAPSHOT_DAMAGED',
      message: expect.stringContaining(key),
    });
  });
});
