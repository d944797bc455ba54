import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { systemClock } from '../../shared/lib/time.ts';

/** An object: its bytes, and when it was put, as S3 says it (`2025-01-08T06:15:00.000Z`). */
type S3Object = { readonly bytes: Uint8Array; readonly at: string };

/**
 * How a request fails: an error of S3 (`503 SlowDown`), `reset` the connection is lost before anything is done, `unanswered` after it was
 * done, `cut` half of the answer comes, `altered` the bytes on their way, to S3 or from there.
 */
type S3Fault = `${number} ${string}` | 'reset' | 'unanswered' | 'cut' | 'altered';

/** The one bucket of the double. */
export const BUCKET = 'snapshots';

/** Our stand-in for S3 on this machine, with one bucket that is addressed by path. Signatures are not checked. */
export type S3Double = {
  readonly endpoint: string;
  /** What the bucket holds, by key. */
  readonly objects: Map<string, S3Object>;
  /** Every request so far, oldest first: `GET /snapshots?list-type=2…` and its headers. */
  readonly asked: { readonly what: string; readonly headers: IncomingHttpHeaders }[];
  /** Makes the next requests fail that way, one by default. */
  fail(fault: S3Fault, times?: number): void;
  stop(): Promise<void>;
};

/** Starts an empty one on a free loopback port; a page of a listing holds `pageSize` entries, 1,000 by default as in S3. */
export async function startS3(pageSize = 1000): Promise<S3Double> {
  const objects = new Map<string, S3Object>();
  const asked: S3Double['asked'] = [];
  let faults: S3Fault[] = [];

  const server = createServer(async (request, response) => {
    asked.push({ what: `${request.method} ${request.url}`, headers: request.headers });
    const sent = await buffer(request);
    const fault = faults.shift();
    const [status = '', code = ''] = fault?.split(' ') ?? [];
    if (fault === 'reset') return request.socket.destroy();
    if (code) return give(response, refusal(Number(status), code));
    const answer = carryOut(request, fault === 'altered' ? altered(sent) : sent);
    if (fault === 'unanswered') return request.socket.destroy();
    const { body } = answer;
    if (fault === 'altered' && answer.status === 200) return give(response, { ...answer, body: altered(body) });
    if (fault !== 'cut') return give(response, answer);
    response.writeHead(answer.status, { 'content-length': body.length });
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  });

  function carryOut(request: IncomingMessage, sent: Buffer): Answer {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://double.invalid');
    const [, bucket, ...rest] = decodeURIComponent(pathname).split('/');
    const key = rest.join('/');
    if (bucket !== BUCKET) return refusal(404, 'NoSuchBucket');
    if (key === '') return listing(objects, searchParams, pageSize);
    const there = objects.get(key);
    if (request.method === 'PUT') {
      const { 'x-amz-checksum-sha256': checksum, 'if-none-match': ifNoneMatch } = request.headers;
      if (checksum !== undefined && checksum !== sha256(sent)) return refusal(400, 'BadDigest');
      if (there && ifNoneMatch === '*') return refusal(412, 'PreconditionFailed');
      objects.set(key, { bytes: sent, at: systemClock().replace('Z', '.000Z') });
      return { status: 200, body: Buffer.alloc(0) };
    }
    if (request.method === 'DELETE') {
      objects.delete(key);
      return { status: 204, body: Buffer.alloc(0) };
    }
    if (!there) return refusal(404, 'NoSuchKey');
    const body = Buffer.from(there.bytes);
    const etag = `"${sha256(body)}"`;
    if (request.headers['if-none-match'] === etag) return { status: 304, body: Buffer.alloc(0), headers: { etag } };
    return { status: 200, body, headers: { etag, 'x-amz-checksum-sha256': sha256(body) } };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    asked,
    fail(fault, times = 1) {
      faults = Array<S3Fault>(times).fill(fault);
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

type Answer = { readonly status: number; readonly body: Buffer; readonly headers?: Record<string, string> };

const give = (response: ServerResponse, { status, body, headers }: Answer): void =>
  void response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');
const altered = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte)));
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const xml = (status: number, inner: string): Answer => ({ status, body: Buffer.from(`<?xml version="1.0"?>${inner}`) });
const refusal = (status: number, code: string): Answer =>
  xml(status, `<Error><Code>${code}</Code><Message>${code}, says the double</Message></Error>`);

/** Order of keys in S3: UTF-8 bytes. */
const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** ListObjectsV2: keys and, with a delimiter, folders, of which each counts as one. */
function listing(objects: ReadonlyMap<string, S3Object>, query: URLSearchParams, pageSize: number): Answer {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter');
  const token = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString();
  const nameOf = (key: string): string => {
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    return end < 0 ? key : key.slice(0, end + 1);
  };
  const keys = [...objects.keys()].filter(
    (key) => key.startsWith(prefix) && compare(key, query.get('start-after') ?? '') > 0,
  );
  const names = [...new Set(keys.map(nameOf))].sort(compare).filter((name) => compare(name, token) > 0);
  const page = names.slice(0, Math.min(pageSize, Number(query.get('max-keys') ?? pageSize)));
  const entries = page.map((name) => {
    const object = delimiter && name !== prefix && name.endsWith(delimiter) ? undefined : objects.get(name);
    if (!object) return `<CommonPrefixes><Prefix>${escaped(name)}</Prefix></CommonPrefixes>`;
    const { bytes, at } = object;
    return `<Contents><Key>${escaped(name)}</Key><LastModified>${at}</LastModified><Size>${bytes.length}</Size></Contents>`;
  });
  const isCut = page.length < names.length;
  const next = Buffer.from(page.at(-1) ?? '').toString('base64');
  const more = isCut ? `<NextContinuationToken>${next}</NextContinuationToken>` : '';
  return xml(200, `<ListBucketResult><IsTruncated>${isCut}</IsTruncated>${more}${entries.join('')}</ListBucketResult>`);
}
