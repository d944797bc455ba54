import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { requireToken } from '../../shared/web/access.ts';

const TOKEN = 'a long secret';

/** A site that answers everything with what it was asked, as if others might keep it; behind the token. */
function guarded(): Hono {
  const site = new Hono();
  site.all('*', (c) =>
    c.text(`shown ${new URL(c.req.url).pathname}`, 200, { 'cache-control': 'public, max-age=60, s-maxage=60' }),
  );
  return requireToken(site, TOKEN);
}
const ask = (path: string, headers: Record<string, string> = {}) =>
  guarded().request(`https://papers.example.org${path}`, { headers });
const PAGE = { accept: 'text/html,application/xhtml+xml' };

describe('an archive behind a token', () => {
  it('answers a program that sends the token', async () => {
    const answer = await ask('/daily.json', { authorization: `Bearer ${TOKEN}` });
    expect([answer.status, await answer.text()]).toEqual([200, 'shown /daily.json']);
  });

  it('answers a feed reader that sends the token in the URL, every time, whatever it accepts', async () => {
    for (const headers of [{}, PAGE]) {
      const answer = await ask(`/daily.atom?key=${encodeURIComponent(TOKEN)}`, headers);
      expect([answer.status, answer.headers.get('set-cookie')]).toEqual([200, null]);
    }
  });

  it('turns the token in the URL into a cookie for a person, and redirects to the page without it', async () => {
    const first = await ask(`/papers/2501.04519?at=x&key=${encodeURIComponent(TOKEN)}`, PAGE);
    expect([first.status, first.headers.get('location')]).toEqual([303, '/papers/2501.04519?at=x']);
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/Secure/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(decodeURIComponent(cookie)).not.toContain(TOKEN);
    expect(first.headers.get('referrer-policy')).toBe('no-referrer');

    const then = await ask('/papers/2501.04519', { ...PAGE, cookie: cookie.split(';')[0] ?? '' });
    expect(then.status).toBe(200);
  });

  it('redirects to no other site, whatever the path', async () => {
    const answer = await ask(`//elsewhere.example.org/x?key=${encodeURIComponent(TOKEN)}`, PAGE);
    expect(answer.headers.get('location')).toBe('/elsewhere.example.org/x');
  });

  it.each<[string, string, Record<string, string>]>([
    ['nothing', '/', {}],
    ['nothing, to a page', '/', PAGE],
    ['a wrong key', '/daily.json?key=a%20long%20secre', {}],
    ['a wrong key, to a page', '/?key=wrong', PAGE],
    ['an empty key', '/?key=', PAGE],
    ['a wrong bearer', '/daily.json', { authorization: 'Bearer wrong' }],
    ['the token by another scheme', '/daily.json', { authorization: `Basic ${TOKEN}` }],
    ['the token as the cookie', '/', { cookie: `paperkeep=${encodeURIComponent(TOKEN)}` }],
    ['a wrong cookie', '/', { cookie: 'paperkeep=wrong' }],
  ])('shows nothing to a client that sends %s', async (_, path, headers) => {
    const answer = await ask(path, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({ title: 'Unauthorized', status: 401 });
  });

  it.each(['/-/health', '/-/health.json', '/robots.txt'])('shows %s without a token', async (path) => {
    expect((await ask(path)).status).toBe(200);
  });

  it.each(['/-/health/x', '/-/versions', '/-/healthy', '/x/-/health'])(
    'does not show %s without a token',
    async (path) => {
      expect((await ask(path)).status).toBe(401);
    },
  );

  it('answers the preflight request of a browser, and nothing more, without a token', async () => {
    const asks = { origin: 'https://reader.example.org', 'access-control-request-method': 'GET' };
    const statusOf = async (method: string, headers: Record<string, string>) =>
      (await guarded().request('https://papers.example.org/daily.json', { method, headers })).status;
    expect(await statusOf('OPTIONS', asks)).toBe(200);
    expect(await statusOf('OPTIONS', { origin: asks.origin })).toBe(401);
    expect(await statusOf('GET', asks)).toBe(401);
    expect(await statusOf('POST', asks)).toBe(401);
  });

  it('lets no shared cache store its responses', async () => {
    const answer = await ask('/daily.json', { authorization: `Bearer ${TOKEN}` });
    expect(answer.headers.get('cache-control')).toBe('private, max-age=60');
  });
});
