import { createHash, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

/** Name of the cookie that pages are opened with. */
const COOKIE = 'paperkeep';
/** How long a browser stays let in, in seconds: half a year. */
const LASTS_SECONDS = 180 * 86_400;
/** What is open to all: whether the archive lives, and what robots may do. */
const OPEN = /^\/(?:-\/health(?:\.json)?|robots\.txt)$/;
/** Answers for programs, which keep no cookie: they bring the key each time. */
const FOR_PROGRAMS = /\.(?:json|csv|bib|atom|gz)$/;

/** True for what a browser asks before it reads from another site with a header of its own. It never brings a token along. */
export const isPreflight = ({ req }: Context): boolean =>
  req.method === 'OPTIONS' && req.header('access-control-request-method') !== undefined;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Lets in only who brings the token: programs as `Authorization: Bearer`, feed readers as `?key=`, people once as `?key=` on a page,
 * which becomes a cookie (of the token's digest, so that it is not in the browser). Everyone else gets a 401 problem. Health is open,
 * and what a browser asks before it brings the token: the answer shows nothing. No cache between may keep what is answered.
 */
export function requireToken(site: Hono, token: string): Hono {
  const expected = digest(token);
  const cookie = digest(`cookie ${token}`).toString('base64url');
  const is = (given: string | undefined) => given !== undefined && timingSafeEqual(digest(given), expected);
  const isCookie = (given: string | undefined) => given !== undefined && timingSafeEqual(digest(given), digest(cookie));
  const guarded = new Hono();
  guarded.all('*', async (c) => {
    const url = new URL(c.req.url);
    const key = url.searchParams.get('key') ?? undefined;
    const bearer = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const wantsPage = (c.req.header('accept') ?? '').includes('text/html') && !FOR_PROGRAMS.test(url.pathname);
    if (is(key) && wantsPage) return letIn(c, url, cookie);
    if (OPEN.test(url.pathname) || isPreflight(c)) return site.fetch(c.req.raw);
    if (!is(bearer) && !is(key) && !isCookie(getCookie(c, COOKIE))) return refuse(c);
    const answer = await site.fetch(c.req.raw);
    const kept = answer.headers.get('cache-control')?.replace('public', 'private');
    const headers = new Headers(answer.headers);
    if (kept) headers.set('cache-control', kept);
    return new Response(answer.body, { status: answer.status, headers });
  });
  return guarded;
}

const REFUSED = 'this archive is behind a token: open a page with ?key=…, or send Authorization: Bearer …';

const refuse = (c: Context): Response =>
  c.body(JSON.stringify({ type: 'about:blank', title: 'Unauthorized', status: 401, detail: REFUSED }), 401, {
    'content-type': 'application/problem+json',
    'www-authenticate': 'Bearer realm="paperkeep"',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
  });

/** Sets the cookie and leads to the same page without the key, so that it is neither bookmarked nor sent on. */
function letIn(c: Context, url: URL, cookie: string): Response {
  url.searchParams.delete('key');
  setCookie(c, COOKIE, cookie, {
    httpOnly: true,
    secure: url.protocol === 'https:',
    sameSite: 'Lax',
    path: '/',
    maxAge: LASTS_SECONDS,
  });
  c.header('cache-control', 'no-store');
  c.header('referrer-policy', 'no-referrer');
  // `//elsewhere` would be another host
  return c.redirect(`${url.pathname.replace(/^\/+/, '/')}${url.search}`, 303);
}
