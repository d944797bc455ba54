import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Context, Hono } from 'hono';
import { COMPRESSIBLE_CONTENT_TYPE_REGEX, compress } from 'hono/compress';
import { cors } from 'hono/cors';
import { etag } from 'hono/etag';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { SnapshotStore } from '../archive/store.ts';
import { errorMessage } from '../lib/errors.ts';
import { lazyAsync } from '../lib/lazy.ts';
import type { Log } from '../lib/log.ts';
import type { QueryContext, SiteContext } from '../query/context.ts';
import { NotFoundError } from '../query/errors.ts';
import { EXPORTS_PATH } from '../query/exports.ts';
import type { Problem } from '../query/problem.schema.ts';
import type { RawParameters } from '../query/question.ts';
import { hasUsableCapture } from '../table/calendar.ts';
import { readOnce } from '../table/read-once.ts';
import type { TableStore } from '../table/store.ts';
import type { Allowance } from './allowance.ts';
import { respondWithDownload, type ServedExports, serveExportFile } from './downloads.ts';
import { siteOrigin } from './origin.ts';
import { addAbsoluteLinks } from './pages/page.ts';
import { renderProblemPage } from './pages/problem.ts';
import { fileTooLargeError, HttpProblem, responseTooLargeError, toHttpError, toProblem } from './problem.ts';
import { createResponseCache } from './response-cache.ts';
import { type Addresses, CONTENT_TYPES, type ResponseFormat, type Route } from './route.ts';
import { routes } from './routes.ts';
import { securityHeaders } from './security-headers.ts';
import { createSiteFiles } from './site-files.ts';
import { addSubscriptionRoutes } from './subscriptions.ts';

/**
 * The largest body that can be sent, in bytes, and how many bytes a text of a type (`text/csv; charset=utf-8`), or a file or compressed text of
 * some bytes, takes at most.
 */
export type ResponseLimit = {
  readonly largest: number;
  bytesOfFile(bytes: number): number;
  bytesOf(body: Buffer, type: string): number;
};

/** What the site needs. Stores are opened when a request first reads from them. */
export type AppDeps = {
  readonly context: QueryContext;
  readonly versions: SiteContext['versions'];
  readonly watched?: QueryContext['watched'];
  readonly collects?: SiteContext['collects'];
  /** The site's own address, which absolute links begin with; without it they begin with the one that the client used. */
  readonly publicUrl?: string | undefined;
  /** Opens the Model Context Protocol server at `/mcp`; absent where the server has none. */
  readonly mcp?: () => Promise<(request: Request) => Promise<Response>>;
  readonly archive: () => Promise<SnapshotStore>;
  /** The exports, and whether the site gives their files; absent when the site has no exports. */
  readonly exports?: ServedExports;
  /** The subscriptions; absent while mail is off. */
  readonly subscriptions?: (() => Promise<TableStore>) | undefined;
  /** Whether search engines may list the site; absent: no. */
  readonly indexing?: boolean;
  /** Without it an answer may have any size. */
  readonly limit?: ResponseLimit;
  readonly log: Log;
  /** What responses may cost; absent where they cost nothing. */
  readonly allowance?: Allowance;
};

/** What may follow a path: the formats of answers. */
const ENDINGS = ['.feed.json', '.json', '.csv', '.bib', '.md', '.atom', '.warc.gz'] as const;
const isCompressible = (type: string): boolean =>
  COMPRESSIBLE_CONTENT_TYPE_REGEX.test(type) || type.startsWith('application/x-bibtex');

/** How the `:id` of a paper is matched: that of an old one holds a slash. */
const ID = ':id{[^/]+(?:/[0-9]{7}(?:v[0-9]+)?)?}';

/** The most characters of a path that an error or the log repeats. */
const MAX_REPEATED = 200;

/** The site and API over one archive. Answers with `app.fetch(request)`; knows neither port nor cloud. */
export function createApp(deps: AppDeps): Hono {
  const {
    log,
    limit,
    allowance,
    exports,
    versions,
    watched,
    publicUrl,
    subscriptions,
    collects = false,
    indexing = false,
  } = deps;
  const { table, sample } = deps.context;
  const context: SiteContext = {
    ...deps.context,
    versions,
    sendsMail: subscriptions !== undefined,
    collects,
    ...(watched && { watched }),
    ...(exports && {
      exports: {
        manifest: async () => (await import('../export/store.ts')).readExportManifest(await exports.store()),
        downloads: exports.downloads,
      },
    }),
  };
  const originOf = (c: Context): string => siteOrigin(c.req.raw.headers, publicUrl);
  const cached = createResponseCache(context);
  let hasCaptures = false;
  const app = new Hono({ getPath: (request) => parsePath(request.url).path });

  const { mcp } = deps;
  // before the middleware, which would wait for the end of a stream
  if (mcp) app.all('/mcp', async (c) => (await mcp())(c.req.raw));
  if (allowance)
    app.use(async (c, next) => {
      const started = performance.now();
      await next();
      if (c.res.status === 429) return;
      const { byteLength: bytes } = await c.res.clone().arrayBuffer();
      const ms = Math.round(performance.now() - started);
      log.info('answered', { path: c.req.path.slice(0, MAX_REPEATED), status: c.res.status, bytes, ms });
      await allowance.charge(bytes, ms / 1000);
    });
  app.use(
    compress({ encoding: 'gzip', contentTypeFilter: isCompressible }),
    securityHeaders,
    async (c, next) => {
      await next();
      // neither by `c.header` nor by Hono's middleware, which copy a finished response with its body
      const { headers } = c.res;
      if (!indexing || sample) headers.set('x-robots-tag', 'noindex');
      if (sample) headers.set('cache-control', 'no-store');
      if (isCompressible(headers.get('content-type') ?? '')) headers.set('vary', 'Accept-Encoding');
      headers.set('access-control-allow-origin', '*');
      headers.set('access-control-expose-headers', 'etag,link,accept-ranges,content-range');
    },
    etag({ weak: true }),
    (c, next) => (c.req.method === 'OPTIONS' ? answerPreflight(c, next) : next()),
    methodNotAllowed({
      app,
      onMethodNotAllowed: ({ req }) => {
        const detail = `${req.method} is not answered here: the archive is read with GET`;
        throw new HttpProblem(405, 'Method not allowed', detail, { allow: METHODS.join(', ') });
      },
    }),
    async (_, next) => {
      await allowance?.check(false);
      await next();
    },
  );

  for (const [address, [body, type]] of Object.entries(createSiteFiles(context, indexing))) {
    const { path, ending } = parsePath(`http://localhost${address}`);
    app.get(path, async (c) => {
      if (parsePath(c.req.url).ending !== ending) throw noPageError(c);
      const sent = await body(originOf(c));
      const headers = { 'content-type': type, 'cache-control': cacheControl(3600), etag: weakEtag(sent) };
      return c.body(sent, 200, headers);
    });
  }
  for (const route of routes) {
    const path = route.question.path.replace(':id', ID);
    app.get(path, async (c) => {
      const format = formatOf(c, route);
      if (route.isSlow(format)) await allowance?.check(true);
      // an archive without a capture has no answer that may not change in the next second
      hasCaptures ||= await hasUsableCapture(table);
      const origin = originOf(c);
      const addresses: Addresses = { origin, next: (cursor) => nextReference(c, cursor) };
      const reply = await cached(`${origin} ${c.req.url}`, async () => {
        const reading = { ...context, table: readOnce(table) };
        const { body, ...rest } = await route.reply(reading, { ...readQuery(c), ...c.req.param() }, format, addresses);
        // as bytes, since text would be encoded anew each time it is sent
        const bytes = Buffer.from(format === 'html' ? addAbsoluteLinks(body, origin, new URL(c.req.url)) : body);
        return { ...rest, body: bytes, packed: lazyAsync(() => promisify(gzip)(bytes)), etag: weakEtag(bytes) };
      });
      if (reply.next) c.header('link', `<${reply.next}>; rel="next"`);
      c.header('cache-control', cacheControl(hasCaptures ? reply.maxAge : 0));
      if (reply.location !== null) return c.redirect(reply.location, 302);
      const type = CONTENT_TYPES[format];
      if (format === 'warc.gz') return download(c, String(reply.body));
      // packed here and not by Hono's middleware, which packs a cached body anew for each request
      const packed = acceptsGzip(c) && reply.body.length >= LEAST_PACKED ? await reply.packed() : null;
      const bytes = (packed ? limit?.bytesOfFile(packed.length) : limit?.bytesOf(reply.body, type)) ?? 0;
      if (limit && bytes > limit.largest) throw responseTooLargeError(bytes, limit.largest, route.question.parameters);
      const headers = { 'content-type': type, etag: reply.etag, ...(packed && { 'content-encoding': 'gzip' }) };
      return c.body(packed ?? reply.body, reply.status as 200, headers);
    });
    if (path !== '/') app.get(`${path}/`, redirectWithoutSlash);
  }
  app.get(`${EXPORTS_PATH}*`, async (c) => {
    const response = exports && (await serveExportFile(exports, c.req.raw));
    if (response) return response;
    throw noPageError(c);
  });
  if (subscriptions) addSubscriptionRoutes(app, subscriptions, sample);
  app.notFound(async (c) => respondWithProblem(c, (await toProblem(noPageError(c), table)) as Problem));
  app.onError(async (thrown, c) => {
    const error = toHttpError(thrown);
    const problem = await toProblem(error, table).catch(() => null);
    if (problem) return respondWithProblem(c, problem, error instanceof HttpProblem ? error.headers : {});
    log.warn('answer failed', { path: c.req.path.slice(0, MAX_REPEATED), why: errorMessage(error) });
    const detail = 'this answer failed; the archive is not harmed';
    return respondWithProblem(c, { type: 'about:blank', title: 'Failed', status: 500, detail });
  });

  function respondWithProblem(c: Context, problem: Problem, headers = {}): Response {
    const isPage = parsePath(c.req.url).ending === '' && (c.req.header('accept') ?? '').includes('text/html');
    const body = isPage ? renderProblemPage(problem, sample) : JSON.stringify({ ...problem, sample });
    return c.body(body, problem.status as 400, {
      'content-type': isPage ? CONTENT_TYPES.html : 'application/problem+json',
      'cache-control': 'no-store',
      ...headers,
    });
  }

  /** A snapshot as a file, which a browser saves and never shows. */
  async function download(c: Context, key: string): Promise<Response> {
    const name = key.slice('raw/'.length).replaceAll('/', '_');
    const archive = await deps.archive();
    const bytes = await archive.get(key);
    if (!bytes) throw new NotFoundError('NOT_CAPTURED', `the snapshot ${key} is not in the archive`);
    const response = await respondWithDownload(c.req.raw, {
      name,
      type: CONTENT_TYPES['warc.gz'],
      bytes: bytes.length,
      // the key stands for the bytes
      etag: `"${name}"`,
      cacheControl: cacheControl(3600),
      open: async (range) => new Uint8Array(bytes).slice(range?.first, range ? range.last + 1 : undefined),
    });
    const sent = limit?.bytesOfFile(Number(response.headers.get('content-length'))) ?? 0;
    if (limit && sent > limit.largest) throw fileTooLargeError(bytes.length);
    return response;
  }

  return app;
}

/** Bodies of fewer bytes are sent as they are, as Hono's middleware does. */
const LEAST_PACKED = 1024;

const METHODS = ['GET', 'HEAD'];
// the asterisk means all headers but `authorization` (Fetch standard, CORS protocol)
const answerPreflight = cors({ allowMethods: METHODS, allowHeaders: ['*', 'authorization'] });

/** `s-maxage` is what a CDN in front of the site obeys (docs/aws/scale.md). */
const cacheControl = (maxAge: number): string =>
  maxAge > 0 ? `public, max-age=${maxAge}, s-maxage=${maxAge}` : 'no-store';

/** Made here, since Hono's middleware would copy the body first: a sixth of the time of a day's JSON. */
const weakEtag = (body: string | Uint8Array): string => `W/"${hash('sha1', body)}"`;

const acceptsGzip = (c: Context): boolean => /\bgzip\b(?!\s*;\s*q=0)/i.test(c.req.header('accept-encoding') ?? '');

const noPageError = (c: Context): NotFoundError =>
  new NotFoundError('NO_PAGE', `there is no page at ${new URL(c.req.url).pathname.slice(0, MAX_REPEATED)}`);

function formatOf(c: Context, { formats }: Route): ResponseFormat {
  const { ending } = parsePath(c.req.url);
  const format = (ending.slice(1) || (formats.includes('html') ? 'html' : 'json')) as ResponseFormat;
  if (formats.includes(format)) return format;
  throw new NotFoundError('NO_PAGE', `this page is not given as ${ending}`);
}

/** Redirects to the same page without the slash at the end. Only paths of routes arrive here, so it leads to no other host. */
function redirectWithoutSlash(c: Context): Response {
  const { pathname, search } = new URL(c.req.url);
  c.header('cache-control', cacheControl(3600));
  return c.redirect(pathname.slice(0, -1) + search, 308);
}

/** A path without the ending that names a format; the front page's data are at `/index.json`. */
function parsePath(url: string): { path: string; ending: string } {
  const { pathname } = new URL(url);
  if (pathname === '/index.json') return { path: '/', ending: '.json' };
  const ending = ENDINGS.find((end) => pathname.endsWith(end) && !pathname.endsWith(`/${end}`)) ?? '';
  return { path: pathname.slice(0, pathname.length - ending.length), ending };
}

/** The query's parameters. Empty ones, which a form sends for a field left blank, are left out. */
function readQuery(c: Context): RawParameters {
  const given = Object.entries(c.req.queries()).map(
    ([name, values]) => [name, values.filter((value) => value !== '')] as const,
  );
  return Object.fromEntries(given.map(([name, values]) => [name, values.length > 1 ? values : values[0]]));
}

/** The address of the next page, relative to this one: `?q=a&cursor=…`. */
function nextReference(c: Context, cursor: string): string {
  const { searchParams } = new URL(c.req.url);
  searchParams.set('cursor', cursor);
  return `?${searchParams}`;
}
