import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRICES } from '../../shared/aws/prices.ts';
import { silentLog } from '../../shared/lib/log.ts';
import { addSeconds } from '../../shared/lib/time.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import {
  type Allowance,
  addSpending,
  countReadUnits,
  createAllowance,
  HOUR_DOLLARS,
  priceOf,
  SLOW_DOLLARS,
  UNRECORDED_DOLLARS,
} from '../../shared/web/allowance.ts';
import { createApp } from '../../shared/web/app.ts';
import { HttpProblem } from '../../shared/web/problem.ts';
import { routes } from '../../shared/web/routes.ts';
import { anArchive } from '../query/archive.ts';
import { instant } from '../support/build.ts';
import { someCaptures } from './site.ts';

const NOON = instant('2025-01-20T12:00:00Z');
/** The most that a response may cost here: 6 MB, 2,000 read units and 10 s of 1 GB. */
const LARGEST = { bytes: 6_000_000, readUnits: 2_000, gbSeconds: 10 };

/** A table with a clock that can be moved, and processes that share the allowance in it. */
function shared(writes = { count: 0 }) {
  const clock = { now: NOON };
  const stored = openSqliteTable(':memory:');
  const table: typeof stored = {
    ...stored,
    put(item, condition) {
      writes.count += 1;
      return stored.put(item, condition);
    },
  };
  const readUnits = countReadUnits();
  const start = () => createAllowance({ table, clock: () => clock.now, memoryGb: 1, readUnits });
  const charge = (allowance: Allowance, { bytes, readUnits: units, gbSeconds }: typeof LARGEST) => {
    readUnits.add(units);
    return allowance.charge(bytes, gbSeconds);
  };
  return { clock, start, charge };
}

const isAdmitted = (allowance: Allowance, isSlow = false): Promise<boolean> =>
  allowance.check(isSlow).then(
    () => true,
    () => false,
  );

describe('The price of a response', () => {
  it('counts what is sent, read and computed, and each further half megabyte as a request to the API', () => {
    expect(priceOf({ bytes: 1e9, readUnits: 0, gbSeconds: 0 })).toBeCloseTo(0.09 + 1907 * PRICES.apiRequest, 9);
    expect(priceOf({ bytes: 0, readUnits: 1e6, gbSeconds: 0 })).toBeCloseTo(0.125);
    expect(priceOf({ bytes: 0, readUnits: 0, gbSeconds: 1e6 })).toBeCloseTo(13.3334);
  });
});

describe('Spending', () => {
  it('adds up within an hour and begins at nothing in the next', () => {
    const first = { hour: '2025-01-20T12', dollars: 0.01 };
    expect(addSpending(first, { ...first, dollars: 0.02 }).dollars).toBeCloseTo(0.03);
    const next = { hour: '2025-01-20T13', dollars: 0.02 };
    expect(addSpending(first, next)).toEqual(next);
  });
});

describe('The allowance of an hour', () => {
  it('is never exceeded by more than each process has not recorded and one response of each, whatever is asked', async () => {
    const usage = fc.record({
      bytes: fc.integer({ min: LARGEST.bytes / 2, max: LARGEST.bytes }),
      readUnits: fc.nat(LARGEST.readUnits),
      gbSeconds: fc.double({ min: 0, max: LARGEST.gbSeconds, noNaN: true }),
    });
    // processes that are asked at the same moment, whether one of them ends first, and the seconds until the next moment
    const moment = fc.record({
      asked: fc.uniqueArray(fc.nat(3), { minLength: 1 }),
      ends: fc.option(fc.nat(3)),
      isSlow: fc.boolean(),
      usage,
      seconds: fc.nat(25),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { minLength: 150, maxLength: 250 }), async (moments) => {
        const { clock, start, charge } = shared();
        const processes = Array.from({ length: 4 }, start);
        const hours = new Map<string, { spent: number; ended: number }>();
        for (const { asked, ends, isSlow, usage: taken, seconds } of moments) {
          const hour = clock.now.slice(0, 13);
          const of = hours.get(hour) ?? { spent: 0, ended: 0 };
          hours.set(hour, of);
          if (ends !== null) {
            processes[ends] = start();
            of.ended += 1;
          }
          const all = asked.map((at) => processes[at] as Allowance);
          const admitted = await Promise.all(all.map((one) => isAdmitted(one, isSlow)));
          for (const one of all.filter((_, at) => admitted[at])) {
            await charge(one, taken);
            of.spent += priceOf(taken);
          }
          clock.now = addSeconds(clock.now, seconds);
        }
        // otherwise the limit is not tried
        expect(Math.max(...[...hours.values()].map(({ spent }) => spent))).toBeGreaterThan(SLOW_DOLLARS);
        for (const { spent, ended } of hours.values())
          expect(spent).toBeLessThanOrEqual(
            HOUR_DOLLARS + 4 * (UNRECORDED_DOLLARS + priceOf(LARGEST)) + ended * UNRECORDED_DOLLARS,
          );
      }),
      { numRuns: 40 },
    );
  });

  it('lets a reader open a thousand pages and take a year as a table, for one write per 50 millionths of a dollar', async () => {
    const writes = { count: 0 };
    const { start, charge } = shared(writes);
    const allowance = start();
    const page = { bytes: 15_000, readUnits: 120, gbSeconds: 0.3 };
    for (let at = 0; at < 1_000; at += 1) {
      await allowance.check(false);
      await charge(allowance, page);
    }
    await allowance.check(true);
    await charge(allowance, LARGEST);
    expect(writes.count).toBeLessThanOrEqual((1_000 * priceOf(page) + priceOf(LARGEST)) / UNRECORDED_DOLLARS);
  });

  it('keeps half of it for pages when slow addresses have spent the other half, and begins again with the hour', async () => {
    const { clock, start, charge } = shared();
    const [one, other] = [start(), start()];
    clock.now = instant('2025-01-20T12:59:30Z');
    for (let spent = 0; spent < SLOW_DOLLARS; spent += priceOf(LARGEST)) await charge(one, LARGEST);
    // a process that starts now knows what the others spent
    for (const process of [one, other, start()])
      expect([await isAdmitted(process, true), await isAdmitted(process)]).toEqual([false, true]);
    for (let spent = 0; spent < SLOW_DOLLARS; spent += priceOf(LARGEST)) await charge(other, LARGEST);
    const refusal = await start()
      .check(false)
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(HttpProblem);
    expect(refusal).toMatchObject({
      problem: {
        status: 429,
        detail: 'this site has answered as much as its owner pays for in an hour: ask again at 13:00 UTC',
      },
      headers: { 'retry-after': '30' },
    });
    clock.now = addSeconds(clock.now, 30);
    for (const process of [one, other]) expect(await isAdmitted(process, true)).toBe(true);
  });
});

/** A site whose allowance is spent by a page or by slow addresses, and what reads its table. */
async function spentSite(spent: 'all' | 'slow') {
  const { archive, table, ...context } = await anArchive(someCaptures);
  let reads = 0;
  const countRead = <T>(answer: T): T => {
    reads += 1;
    return answer;
  };
  const counted: typeof table = {
    ...table,
    get: (...args) => countRead(table.get(...args)),
    range: (...args) => countRead(table.range(...args)),
  };
  const charges: { bytes: number; seconds: number }[] = [];
  const site = createApp({
    context: { ...context, table: counted },
    archive: async () => archive,
    log: silentLog,
    versions: { paperkeep: '0.0.0', node: '24.0.0', schema: 1, parsers: {} },
    allowance: {
      async check(isSlow) {
        if (spent === 'all' || isSlow)
          throw new HttpProblem(429, 'Too many requests', 'spent', { 'retry-after': '60' });
      },
      async charge(bytes, seconds) {
        charges.push({ bytes, seconds });
      },
    },
  });
  return { site, charges, reads: () => reads };
}

describe('A site whose allowance is spent', () => {
  it('refuses every address at once, as a problem with the time to wait, and reads and charges nothing', async () => {
    const { site, charges, reads } = await spentSite('all');
    for (const path of ['/', '/daily.json', '/style.css', '/nowhere', '/exports/x']) {
      const response = await site.request(path);
      expect([response.status, response.headers.get('retry-after')]).toEqual([429, '60']);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect([response.headers.get('cache-control'), response.headers.get('x-content-type-options')]).toEqual([
        'no-store',
        'nosniff',
      ]);
    }
    expect([charges, reads()]).toEqual([[], 0]);
  });

  it('shows a reader a page that says so and offers no page that it refuses', async () => {
    const { site } = await spentSite('all');
    const response = await site.request('/', { headers: { accept: 'text/html' } });
    expect([response.status, response.headers.get('content-type')]).toEqual([429, 'text/html; charset=utf-8']);
    const page = await response.text();
    expect(page).toContain('<h1>Too many requests</h1>\n  <p class="lede">Spent.</p>');
    expect(page).not.toContain('Try <a');
  });

  it('charges what it sends, compressed where the client takes that', async () => {
    const { site, charges } = await spentSite('slow');
    const plain = await site.request('/daily/2025-01-08.json');
    expect((await plain.arrayBuffer()).byteLength).toBe(charges[0]?.bytes);
    await site.request('/daily/2025-01-08.json', { headers: { 'accept-encoding': 'gzip' } });
    expect(charges[1]?.bytes).toBeLessThan(charges[0]?.bytes ?? 0);
    expect(charges).toHaveLength(2);
  });
});

const slow = [
  '/captures',
  '/captures.csv',
  '/movers.json?list=trending',
  '/search.csv?q=tea',
  '/top.bib',
  '/top/year/2025.csv',
  '/top/month/2025-01.csv',
  '/daily.atom',
  '/trending.feed.json',
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
  ['with a slash at the end', (path) => path.replace(/(?=\?|$)/, '/')],
  ['in capitals', inFirstFolder((name) => name.toUpperCase())],
  ['through a folder above', (path) => `/x/..${path}`],
  ['through an encoded folder above', (path) => `/x/%2e%2e${path}`],
];
/** What AWS documents neither way: whether the function gets a path decoded. */
const routers: readonly (readonly [string, (path: string) => string])[] = [
  ['decodes first', decodeURIComponent],
  ['decodes last', (path) => path],
];

describe.each(routers)('Behind a router that %s', (_, route) => {
  it.each(spellings)('every slow address %s shares one limit, or is not answered there', async (_, spell) => {
    const { site } = await spentSite('slow');
    for (const address of slow) {
      const [path = '', query] = address.split('?');
      const url = `https://site.example${route(spell(path))}${query ? `?${query}` : ''}`;
      const { status, headers } = await site.request(url);
      // a redirect leads to the plain spelling
      expect([308, 404, 429], address).toContain(status);
      if (status === 308) expect((await site.request(headers.get('location') ?? '')).status).toBe(429);
      if (spell('/a') === '/a') expect(status, address).toBe(429);
    }
  });
});

describe('The cost class of a route', () => {
  const slowOf = (path: string) =>
    routes.filter(({ question }) => question.path === path).flatMap(({ formats, isSlow }) => formats.filter(isSlow));

  it('makes feeds and whole lists of many papers slow, and pages and the list of a day fast', () => {
    expect(slowOf('/daily')).toEqual(['atom', 'feed.json']);
    expect(slowOf('/daily/:day')).toEqual([]);
    expect(slowOf('/top/month/:month')).toEqual(['csv', 'bib']);
    expect(slowOf('/movers')).toEqual(['html', 'json', 'csv']);
  });
});
