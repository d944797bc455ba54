import { createHash, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

/** The name of the cookie that opens pages. */
const COOKIE = 'paperkeep';
/** How long the cookie lasts, in seconds: half a year. */
const COOKIE_SECONDS = 180 * 86_400;
/** What needs no token: health, the rules for robots, and the pages of subscriptions, whose links hold a token of their own. */
const OPEN = /^\/(?:-\/health(?:\.json)?|robots\.txt|subscriptions\/[^/]+)$/;
/** Formats for programs, which keep no cookie and send the key each time. */
const FOR_PROGRAMS = /\.(?:json|csv|bib|md|txt|atom|gz)$/;

/** True for a CORS preflight, which never carries a token. */
const isPreflight = ({ req }: Context): boolean =>
  req.method === 'OPTIONS' && req.header('access-control-request-method') !== undefined;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Puts a site behind a token. Programs send it as `Authorization: Bearer`, feed readers as `?key=`, people once as `?key=` on a page, which
 * sets a cookie (of the token's digest, so that the browser does not store the token). Others get a 401 problem. Health and CORS preflights
 * are open. Shared caches may not keep what is answered.
 */
export function requireToken(site: Hono, token: string): Hono {
  const expected = digest(token);
  const cookie = digest(`cookie ${token}`).toString('base64url');
  const isToken = (given: string | undefined) => given !== undefined && timingSafeEqual(digest(given), expected);
  const isCookie = (given: string | undefined) => given !== undefined && timingSafeEqual(digest(given), digest(cookie));
  const guarded = new Hono();
  guarded.all('*', async (c) => {
    const url = new URL(c.req.url);
    const key = url.searchParams.get('key') ?? undefined;
    const bearer = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const wantsPage = (c.req.header('accept') ?? '').includes('text/html') && !FOR_PROGRAMS.test(url.pathname);
    if (isToken(key) && wantsPage) return setCookieAndRedirect(c, url, cookie);
    if (OPEN.test(url.pathname) || isPreflight(c)) return site.fetch(c.req.raw);
    if (!isToken(bearer) && !isToken(key) && !isCookie(getCookie(c, COOKIE))) return respondUnauthorized(c);
    const response = await site.fetch(c.req.raw);
    const cacheControl = response.headers
      .get('cache-control')
      ?.replace('public', 'private')
      .replace(/, s-maxage=\d+/, '');
    const headers = new Headers(response.headers);
    if (cacheControl) headers.set('cache-control', cacheControl);
    return new Response(response.body, { status: response.status, headers });
  });
  return guarded;
}

const REFUSED = 'this archive is behind a token: open a page with ?key=…, or send Authorization: Bearer …';

const respondUnauthorized = (c: Context): Response =>
  c.body(JSON.stringify({ type: 'about:blank', title: 'Unauthorized', status: 401, detail: REFUSED }), 401, {
    'content-type': 'application/problem+json',
    'www-authenticate': 'Bearer realm="paperkeep"',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
  });

/** Sets the cookie and redirects to the page without the key, so that the key is neither bookmarked nor sent as a referrer. */
function setCookieAndRedirect(c: Context, url: URL, cookie: string): Response {
  url.searchParams.delete('key');
  setCookie(c, COOKIE, cookie, {
    httpOnly: true,
    secure: url.protocol === 'https:',
    sameSite: 'Lax',
    path: '/',
    maxAge: COOKIE_SECONDS,
  });
  c.header('cache-control', 'no-store');
  c.header('referrer-policy', 'no-referrer');
  // `//elsewhere` would be another host
  return c.redirect(`${url.pathname.replace(/^\/+/, '/')}${url.search}`, 303);
}
