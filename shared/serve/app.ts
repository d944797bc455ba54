import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { messageOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import { bibOf, type Citable } from '../render/bib.ts';
import { csvOf } from '../render/csv.ts';
import { problemPage } from '../render/problem.ts';
import { styleSheet } from '../render/style.ts';
import type { SnapshotStore } from '../snapshot/store.ts';
import { openApi } from './openapi.ts';
import { Refusal } from './problem.ts';
import { type Format, type Reply, type Route, routes, type Site, type Table } from './routes.ts';

/** What the site needs. */
export type SiteDeps = Site & { readonly snapshots: SnapshotStore; readonly log: Log };

const ENDINGS = ['.json', '.csv', '.bib', '.warc.gz'] as const;
const TYPES: Record<Format, string> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  bib: 'application/x-bibtex; charset=utf-8',
};

/** How the `:id` of old papers is matched: it holds a slash. */
const ID = ':id{[^/]+(?:/[0-9]{7}(?:v[0-9]+)?)?}';

/** The site and API over one archive. Answers with `app.fetch(request)`; knows neither port nor cloud. */
export function makeSite(deps: SiteDeps): Hono {
  const { archive } = deps;
  const app = new Hono({ getPath: (request) => pathOf(new URL(request.url)).path });

  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        scriptSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      strictTransportSecurity: false,
      crossOriginResourcePolicy: 'cross-origin',
      referrerPolicy: 'no-referrer',
    }),
  );
  app.use(async (c, next) => {
    await next();
    c.header('access-control-allow-origin', '*');
    c.header('access-control-expose-headers', 'etag, link');
    c.header('x-robots-tag', 'noindex');
    if (archive.sample) c.header('cache-control', 'no-store');
  });

  app.get('/style.css', (c) => send(c, styleSheet, 'text/css; charset=utf-8', 3600));
  app.get('/robots.txt', (c) => send(c, 'User-agent: *\nDisallow: /\n', 'text/plain; charset=utf-8', 3600));
  app.get('/openapi', (c) => send(c, JSON.stringify(openApi(deps.versions.paperkeep)), TYPES.json, 3600));
  for (const route of routes) {
    app.get(route.path.replace(':id', ID), async (c) => {
      if (pathOf(new URL(c.req.url)).ending === '.warc.gz') return download(c, deps, route);
      const format = formatOf(c, route);
      const reply = await route.reply(deps, { ...queryOf(c), ...c.req.param() }, format, nextUrl(c));
      const next = format === 'json' ? (reply.body as { next?: string | null }).next : null;
      if (next) c.header('link', `<${next}>; rel="next"`);
      return send(c, textOf(reply, format), TYPES[format], reply.maxAge, reply.status);
    });
  }
  app.all('*', (c) => {
    const { method } = c.req;
    if (method === 'OPTIONS')
      return c.body(null, 204, { 'access-control-allow-methods': 'GET, HEAD', 'access-control-allow-headers': '*' });
    if (method !== 'GET')
      throw new Refusal(405, 'Method not allowed', `${method} is not answered here: the archive is read with GET`);
    throw new Refusal(404, 'Not found', `there is no page at ${c.req.path}`);
  });
  app.onError((error, c) => {
    const refusal =
      error instanceof Refusal ? error : new Refusal(500, 'Failed', 'this answer failed; the archive is not harmed');
    if (refusal !== error) deps.log.warn('answer failed', { path: c.req.path, why: messageOf(error) });
    const { problem } = refusal;
    const asPage = pathOf(new URL(c.req.url)).ending === '' && (c.req.header('accept') ?? '').includes('text/html');
    c.header('cache-control', 'no-store');
    if (asPage)
      return c.body(problemPage(problem, archive.sample), problem.status as 400, { 'content-type': TYPES.html });
    return c.body(JSON.stringify({ ...problem, sample: archive.sample }), problem.status as 400, {
      'content-type': 'application/problem+json',
    });
  });
  return app;
}

/** The query's parameters; empty ones, as a form sends what was left blank, are left out. */
const queryOf = (c: Context): Record<string, string> =>
  Object.fromEntries(Object.entries(c.req.query()).filter(([, value]) => value !== ''));

/** A path without the ending that names a format. */
function pathOf({ pathname }: URL): { path: string; ending: string } {
  const ending = ENDINGS.find((end) => pathname.endsWith(end)) ?? '';
  const path = pathname.slice(0, pathname.length - ending.length);
  return { path: path === '/index' && ending === '.json' ? '/' : path === '' ? '/' : path, ending };
}

function formatOf(c: Context, { formats }: Route): Format {
  const { path, ending } = pathOf(new URL(c.req.url));
  const format = (ending.slice(1) || 'html') as Format;
  if (formats.includes(format)) return format;
  throw new Refusal(404, 'Not found', `${path} is not given as ${ending}`);
}

const nextUrl = (c: Context) => (cursor: string | null) => {
  if (cursor === null) return null;
  const url = new URL(c.req.url);
  url.searchParams.set('cursor', cursor);
  return url.href;
};

function textOf({ body }: Reply, format: Format): string {
  if (format === 'html') return body as string;
  if (format === 'csv') return csvOf((body as Table).columns, (body as Table).rows);
  if (format === 'bib') return bibOf(body as readonly Citable[]);
  return JSON.stringify(body);
}

/** Sends a body with its ETag, or 304 when the asker has it. */
function send(c: Context, body: string, type: string, maxAge: number, status = 200): Response {
  const etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  c.header('etag', etag);
  c.header('cache-control', maxAge > 0 ? `public, max-age=${maxAge}` : 'no-store');
  c.header('vary', 'accept');
  const known = c.req
    .header('if-none-match')
    ?.split(',')
    .map((tag) => tag.trim());
  if (status === 200 && known?.some((tag) => tag === '*' || tag === etag || `W/${tag}` === etag))
    return c.body(null, 304);
  return c.body(body, status as 200, { 'content-type': type });
}

/** A snapshot as a file: never shown by a browser, always saved. */
async function download(c: Context, { archive, snapshots, versions }: SiteDeps, route: Route): Promise<Response> {
  if (!route.path.startsWith('/captures/:'))
    throw new Refusal(404, 'Not found', `${c.req.path} is not given as .warc.gz`);
  const { body } = await route.reply({ archive, versions }, c.req.param(), 'json', () => null);
  const { key } = body as { key: string };
  const bytes = await snapshots.get(key);
  if (!bytes) throw new Refusal(404, 'Not found', `the snapshot ${key} is not in the archive`);
  const name = key.slice('raw/'.length).replaceAll('/', '_');
  return c.body(new Uint8Array(bytes), 200, {
    'content-type': 'application/warc',
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'public, max-age=3600',
  });
}
