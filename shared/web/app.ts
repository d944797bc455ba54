import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { SnapshotStore } from '../archive/store.ts';
import { errorMessage } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { hasUsableCapture } from '../table/calendar.ts';
import { isPreflight } from './access.ts';
import { EXPORTS_PATH, serveExportFile } from './export-files.ts';
import { renderProblemPage } from './pages/problem.ts';
import { HttpProblem, notFound, responseTooLarge } from './problem.ts';
import { createResponseCache } from './response-cache.ts';
import type { RawParameters, ResponseFormat, Route, SiteContext } from './route.ts';
import { routes } from './routes.ts';
import { icon } from './static/icon.ts';
import { styleSheet } from './static/style.ts';

/** What can be sent at once: the most bytes, and how many of them a body of a type (`text/csv; charset=utf-8`) takes up at most. */
export type ResponseLimit = { readonly largest: number; bytesOf(body: string, type: string): number };

/** What the site needs. The snapshots are opened when one is downloaded: no other answer looks at them. Without `sending` an answer may have any size. */
export type AppDeps = SiteContext & {
  readonly archive: () => Promise<SnapshotStore>;
  readonly sending?: ResponseLimit;
  readonly log: Log;
};

/** What may stand behind a path: formats of answers, and the feeds, which no answer has yet. */
const ENDINGS = ['.feed.json', '.json', '.csv', '.bib', '.atom', '.warc.gz'] as const;
const TYPES: Record<ResponseFormat, string> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  bib: 'application/x-bibtex; charset=utf-8',
  'warc.gz': 'application/warc',
};

/** How the `:id` of old papers is matched: it holds a slash. */
const ID = ':id{[^/]+(?:/[0-9]{7}(?:v[0-9]+)?)?}';

/** Only so much of an address is said back in an error. */
const SAID_BACK = 200;

/** The site and API over one archive. Answers with `app.fetch(request)`; knows neither port nor cloud. */
export function createApp(deps: AppDeps): Hono {
  const { context, log } = deps;
  const once = createResponseCache(context);
  let begun = false;
  /** What is there stays, so it is asked only until there is something. */
  const hasBegun = async () => {
    begun ||= await hasUsableCapture(context.table);
    return begun;
  };
  const app = new Hono({ getPath: (request) => pathOf(request.url).path });

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
      xFrameOptions: 'DENY',
    }),
  );
  app.use(async (c, next) => {
    if (isPreflight(c))
      c.res = c.body(null, 204, { 'access-control-allow-methods': METHODS, 'access-control-allow-headers': ALLOWED });
    else await next();
    c.header('access-control-allow-origin', '*');
    c.header('access-control-expose-headers', 'etag, link');
    c.header('x-robots-tag', 'noindex');
    if (context.sample) c.header('cache-control', 'no-store');
  });

  const files: Readonly<Record<string, readonly [body: () => string | Promise<string>, type: string]>> = {
    '/style.css': [() => styleSheet, 'text/css; charset=utf-8'],
    '/icon.svg': [() => icon, 'image/svg+xml'],
    '/robots.txt': [() => 'User-agent: *\nDisallow: /\n', 'text/plain; charset=utf-8'],
    '/openapi.json': [openApiOf(deps), TYPES.json],
  };
  for (const [address, [body, type]] of Object.entries(files)) {
    const { path, ending } = pathOf(`http://any${address}`);
    app.get(path, async (c) => {
      if (pathOf(c.req.url).ending !== ending) throw await noPage(c);
      return send(c, await body(), { type, maxAge: 3600 });
    });
    app.all(path, refuseMethod);
  }
  for (const route of routes) {
    const path = route.path.replace(':id', ID);
    app.get(path, async (c) => {
      const format = await formatOf(c, route);
      const given = { ...queryOf(c), ...c.req.param() };
      // an archive without a capture shows nothing that the next second may not change
      const keepable = await hasBegun();
      const reply = await once(c.req.url, async () => {
        const made = await route.reply(deps, given, format, nextUrl(c));
        return { ...made, etag: etagOf(made.body) };
      });
      if (reply.next) c.header('link', `<${reply.next}>; rel="next"`);
      const said = { type: TYPES[format], maxAge: keepable ? reply.maxAge : 0, status: reply.status };
      const bytes = deps.sending?.bytesOf(reply.body, said.type) ?? 0;
      if (deps.sending && bytes > deps.sending.largest)
        throw responseTooLarge(bytes, deps.sending.largest, route.params);
      return format === 'warc.gz' ? download(c, reply.body, said) : send(c, reply.body, { ...said, etag: reply.etag });
    });
    app.all(path, refuseMethod);
    if (path === '/') continue;
    app.get(`${path}/`, withoutSlash);
    app.all(`${path}/`, refuseMethod);
  }
  app.get(`${EXPORTS_PATH}*`, async (c) => {
    const answer = await serveExportFile(deps, c.req.raw);
    if (answer) return answer;
    throw await noPage(c);
  });
  app.all(`${EXPORTS_PATH}*`, refuseMethod);
  app.all('*', async (c) => {
    throw await noPage(c);
  });
  app.onError((error, c) => {
    const refusal =
      error instanceof HttpProblem
        ? error
        : new HttpProblem(500, 'Failed', 'this answer failed; the archive is not harmed');
    if (refusal !== error)
      log.warn('answer failed', { path: c.req.path.slice(0, SAID_BACK), why: errorMessage(error) });
    const { problem } = refusal;
    const { ending } = pathOf(c.req.url);
    const asPage = ending === '' && (c.req.header('accept') ?? '').includes('text/html');
    c.header('cache-control', 'no-store');
    if (problem.status === 405) c.header('allow', METHODS);
    c.status(problem.status as 400);
    return asPage
      ? c.body(renderProblemPage(problem, context.sample), { headers: { 'content-type': TYPES.html } })
      : c.body(JSON.stringify({ ...problem, sample: context.sample }), {
          headers: { 'content-type': 'application/problem+json' },
        });
  });

  const noPage = (c: Context) =>
    notFound(context, `there is no page at ${new URL(c.req.url).pathname.slice(0, SAID_BACK)}`);

  async function formatOf(c: Context, { formats }: Route): Promise<ResponseFormat> {
    const { ending } = pathOf(c.req.url);
    const format = (ending.slice(1) || 'html') as ResponseFormat;
    if (formats.includes(format)) return format;
    throw await notFound(context, `this page is not given as ${ending}`);
  }

  /** A snapshot as a file: never shown by a browser, always saved. */
  async function download(c: Context, key: string, said: Said): Promise<Response> {
    const name = key.slice('raw/'.length).replaceAll('/', '_');
    const archive = await deps.archive();
    if (archive.link) {
      c.header('cache-control', 'no-store');
      return c.redirect(await archive.link(key, name), 302);
    }
    const bytes = await archive.get(key);
    if (!bytes) throw await notFound(context, `the snapshot ${key} is not in the archive`);
    c.header('content-disposition', `attachment; filename="${name}"`);
    return send(c, new Uint8Array(bytes), said);
  }
  return app;
}

/** The OpenAPI document. Nothing else needs the schemas of the answers, so what makes it is loaded when it is asked for. */
const openApiOf =
  ({ versions, context }: SiteContext) =>
  async () =>
    JSON.stringify((await import('./openapi.ts')).createOpenApi(versions.paperkeep, context.sample));

const METHODS = 'GET, HEAD';
/** Headers that pages of other sites may send; the asterisk is all but `authorization` (Fetch standard, CORS protocol). */
const ALLOWED = '*, authorization';

function refuseMethod({ req: { method } }: Context): never {
  throw new HttpProblem(405, 'Method not allowed', `${method} is not answered here: the archive is read with GET`);
}

/** To the same page without the slash that its address ends in. Only addresses of ours come here, so it leads nowhere else. */
function withoutSlash(c: Context): Response {
  const { pathname, search } = new URL(c.req.url);
  c.header('cache-control', 'public, max-age=3600');
  return c.redirect(pathname.slice(0, -1) + search, 308);
}

/** A path without the ending that names a format; the front page's data are at `/index.json`. */
function pathOf(url: string): { path: string; ending: string } {
  const { pathname } = new URL(url);
  if (pathname === '/index.json') return { path: '/', ending: '.json' };
  const ending = ENDINGS.find((end) => pathname.endsWith(end) && !pathname.endsWith(`/${end}`)) ?? '';
  return { path: pathname.slice(0, pathname.length - ending.length), ending };
}

/** The query's parameters; empty ones, as a form sends what was left blank, count as left out. */
function queryOf(c: Context): RawParameters {
  const given = Object.entries(c.req.queries()).map(
    ([name, values]) => [name, values.filter((value) => value !== '')] as const,
  );
  return Object.fromEntries(given.map(([name, values]) => [name, values.length > 1 ? values : values[0]]));
}

const nextUrl = (c: Context) => (cursor: string | null) => {
  if (cursor === null) return null;
  const url = new URL(c.req.url);
  url.searchParams.set('cursor', cursor);
  return url.href;
};

/** What goes with a body: its type, for how many seconds others may keep it (0: not at all), its status (200 when absent), its ETag where that is known. */
type Said = { readonly type: string; readonly maxAge: number; readonly status?: number; readonly etag?: string };

const etagOf = (body: string | Uint8Array): string =>
  `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;

/** Sends a body with its ETag, or 304 when the asker has it. */
function send(
  c: Context,
  body: string | Uint8Array<ArrayBuffer>,
  { type, maxAge, status = 200, etag = etagOf(body) }: Said,
): Response {
  c.header('etag', etag);
  c.header('cache-control', maxAge > 0 ? `public, max-age=${maxAge}` : 'no-store');
  const known = c.req.header('if-none-match')?.split(',') ?? [];
  if (
    status === 200 &&
    known.map((tag) => tag.trim()).some((tag) => tag === '*' || tag === etag || `W/${tag}` === etag)
  )
    return c.body(null, 304);
  return c.body(body, status as 200, { 'content-type': type });
}
