import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import type { SnapshotStore } from '../../shared/archive/store.ts';
import { type Log, silentLog } from '../../shared/lib/log.ts';
import type { Capture } from '../../shared/model/capture.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import { ProblemAnswer } from '../../shared/query/problem.schema.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import { type AppDeps, createApp } from '../../shared/web/app.ts';
import { routes } from '../../shared/web/routes.ts';
import { anArchive, papers, refused, seen } from '../query/archive.ts';
import { aPaper, day } from '../support/build.ts';
import { JsonFeed } from '../support/json-feed.ts';

/** The site over an archive, asked by path; every answer that is data is held against its schema. */
export type Asked = (path: string, init?: RequestInit) => Promise<Response>;

const VERSIONS = { paperkeep: '0.0.0', node: '24.0.0', schema: 1, parsers: { daily: 1 } };

/** A site over captures; asks it and validates what comes back. */
export async function aSite(captures: readonly Capture[] = someCaptures, sample = false): Promise<Asked> {
  return siteOver(await anArchive(captures, '2025-01-20T12:00:00Z', sample));
}

/** A site over an archive that is there. */
export function siteOver(
  context: QueryContext & { readonly archive: SnapshotStore } & Pick<
      AppDeps,
      'exports' | 'watched' | 'indexing' | 'publicUrl' | 'collects'
    >,
  log: Log = silentLog,
): Asked {
  const { exports, archive, watched, publicUrl, indexing = false, collects = false } = context;
  const site = createApp({
    context,
    subscriptions: async () => openSqliteTable(':memory:'),
    archive: async () => archive,
    indexing,
    collects,
    publicUrl,
    log,
    versions: VERSIONS,
    ...(exports && { exports }),
    ...(watched && { watched }),
  });
  return async (path, init) => {
    const headers = new Headers(init?.headers);
    if (!headers.has('host')) headers.set('host', 'localhost');
    const answer = await site.request(path, { ...init, headers });
    await validate(path, answer.clone());
    return answer;
  };
}

/** The pages that are too large: those of more than 60 kB, or 15 kB compressed. */
export async function findLargePages(ask: Asked, paths: readonly string[]): Promise<string[]> {
  const large: string[] = [];
  for (const path of paths) {
    const html = await (await ask(path)).text();
    const [bytes, compressed] = [Buffer.byteLength(html), gzipSync(html).length];
    if (bytes > 60_000 || compressed > 15_000) large.push(`${path}: ${bytes} bytes, ${compressed} compressed`);
  }
  return large;
}

async function validate(path: string, answer: Response): Promise<void> {
  const type = answer.headers.get('content-type') ?? '';
  const text = await answer.text();
  if (text === '' || !type.includes('json')) return;
  if (type === 'application/problem+json') {
    expect(ProblemAnswer.parse(JSON.parse(text)).status).toBe(answer.status);
    return;
  }
  if (type.startsWith('application/feed+json')) {
    JsonFeed.parse(JSON.parse(text));
    return;
  }
  const { pathname } = new URL(path, 'http://localhost');
  if (pathname === '/openapi.json' || pathname.startsWith('/exports/')) return;
  const bare = pathname === '/index.json' ? '/' : decodeURIComponent(pathname.replace(/\.json$/, ''));
  const route = routes.find(({ question: { path } }) => patternOf(path).test(bare));
  if (!route) throw new Error(`no route is known for ${path}`);
  (await route.question.answer()).parse(JSON.parse(text));
}

/** Matches the addresses of a route without their query. */
export const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(/:(\w+)/g, (_, name) => (name === 'id' ? '[^/]+(?:/\\d{7}(?:v\\d+)?)?' : '[^/]+'))}$`);

/** The JSON of an answer. */
export const jsonOf = async (answer: Response | Promise<Response>) => (await answer).json() as Promise<Body>;
// biome-ignore lint/suspicious/noExplicitAny: the shape was held against its schema; tests look at single fields
type Body = any;

/** Lists of every kind: captured, empty, failed; papers with old ids, with text a spreadsheet would run, on several lists. */
export const someCaptures: readonly Capture[] = [
  seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3], [2, 2])),
  seen('daily 2025-01-08', '2025-01-08T12:00:00Z', papers([2, 9], [1, 4, { title: '=SUM(A1) & <b>tea</b>, "hot"' }])),
  seen('daily 2025-01-11', '2025-01-11T06:00:00Z', []),
  refused('daily 2025-01-12', '2025-01-12T06:00:00Z'),
  seen('daily 2025-01-20', '2025-01-20T11:00:00Z', papers([5, 1, { listedOn: day('2025-01-20') }])),
  seen('trending 2025-01-20', '2025-01-20T11:00:00Z', [
    aPaper({ id: 'cs/0301012', keywords: null, organization: null }),
    ...papers([1, 30]).map((paper) => ({ ...paper, rank: 2 })),
  ]),
  seen('watched:tea 2025-01-20', '2025-01-20T00:00:00Z', papers([2, 9])),
];
