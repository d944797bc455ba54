import { afterAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../shared/lib/log.ts';
import { CATCH_ALL_ROUTE } from '../../shared/names.ts';
import { createApp } from '../../shared/web/app.ts';
import { anArchive } from '../query/archive.ts';
import { someCaptures } from '../web/site.ts';
import { allOf, removeOutput, templatesOf } from './stacks.ts';

afterAll(removeOutput);

const { service } = templatesOf();
const routeKeys = allOf(service, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => String(Properties.RouteKey));
const limits: Record<string, { ThrottlingRateLimit: number }> = allOf(service, 'AWS::ApiGatewayV2::Stage')[0]?.[1]
  .Properties.RouteSettings;

/** The route that an HTTP API chooses for a path: an exact one, else the longest that ends with a greedy parameter. */
function findRoute(path: string): string {
  const paths = routeKeys.map((key) => key.slice('ANY '.length));
  const greedy = paths.filter((route) => {
    const prefix = /^(.*\/)\{\w+\+\}$/.exec(route)?.[1];
    return prefix !== undefined && path.startsWith(prefix) && path.length > prefix.length;
  });
  const found = paths.includes(path) ? path : greedy.sort((a, b) => b.length - a.length)[0];
  return `ANY ${found}`;
}

/** What AWS documents neither way: whether the route is chosen before or after the path is decoded. The function gets it decoded. */
const routers: readonly (readonly [string, (path: string) => string])[] = [
  ['decodes first', (path) => findRoute(decodeURIComponent(path))],
  ['decodes last', findRoute],
];

const slow = [
  '/captures',
  '/captures.csv',
  '/movers.json?list=trending',
  '/search.csv?q=tea',
  '/top.bib',
  '/top/year/2025.csv',
  '/authors/ada-tester.json',
];
const encode = (letter: string) => `%${letter.charCodeAt(0).toString(16)}`;
const inFirstFolder = (change: (name: string) => string) => (path: string) =>
  path.replace(/^\/(\w+)/, (_, name: string) => `/${change(name)}`);
const spellings: readonly (readonly [string, (path: string) => string])[] = [
  ['written plainly', (path) => path],
  ['with an encoded letter', inFirstFolder((name) => encode(name.slice(0, 1)) + name.slice(1))],
  ['with every letter encoded', inFirstFolder((name) => [...name].map(encode).join(''))],
  ['encoded twice', inFirstFolder((name) => encode(name.slice(0, 1)).replace('%', '%25') + name.slice(1))],
  ['with doubled slashes', (path) => `/${path}`],
  ['in capitals', inFirstFolder((name) => name.toUpperCase())],
  ['through a folder above', (path) => `/x/..${path}`],
  ['through an encoded folder above', (path) => `/x/%2e%2e${path}`],
];

describe.each(routers)('A router that %s', (_, route) => {
  it.each(spellings)('limits every slow address %s, or the site does not answer it there', async (_, spell) => {
    const { archive, ...context } = await anArchive(someCaptures);
    const site = createApp({
      context,
      archive: async () => archive,
      log: silentLog,
      versions: { paperkeep: '0.0.0', node: '24.0.0', schema: 1, parsers: {} },
      isUnlimited: (env) => (env as { routeKey: string }).routeKey === `ANY ${CATCH_ALL_ROUTE}`,
    });
    let limited = 0;
    for (const address of slow) {
      const [path = '', query] = address.split('?');
      const spelt = spell(path);
      const routeKey = route(spelt);
      limited += limits[routeKey] ? 1 : 0;
      if (limits[routeKey]) continue;
      const url = `https://site.example${decodeURIComponent(spelt)}${query ? `?${query}` : ''}`;
      const response = await site.request(url, {}, { routeKey });
      expect([308, 404]).toContain(response.status);
      if (response.status === 308)
        expect(limits[findRoute(response.headers.get('location')?.split('?')[0] ?? '')]).toBeDefined();
    }
    if (spell('/a') === '/a') expect(limited).toBe(slow.length);
  });
});

describe('The limits of slow routes', () => {
  it('are two requests a second together', () => {
    const sum = Object.values(limits).reduce((rates, { ThrottlingRateLimit }) => rates + ThrottlingRateLimit, 0);
    expect(sum).toBeCloseTo(2);
  });
});
