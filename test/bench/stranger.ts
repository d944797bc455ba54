import { lambdaResponseLimit } from '../../functions/query/response-limit.ts';
import { RESERVED_CONCURRENCY } from '../../infra/config.ts';
import { ROUTES, SLOW_RATE, SLOW_ROUTES, THROTTLE } from '../../infra/constructs/query.ts';
import { PRICES } from '../../shared/aws/prices.ts';
import { silentLog } from '../../shared/lib/log.ts';
import { addDays, type Day, type Instant, startOfDay } from '../../shared/lib/time.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import { HOUR_DOLLARS, priceOf, UNRECORDED_DOLLARS } from '../../shared/web/allowance.ts';
import { createApp } from '../../shared/web/app.ts';
import { routes } from '../../shared/web/routes.ts';
import { catalogOf } from '../support/catalog.ts';
import { createMemoryArchive } from '../support/snapshots.ts';
import { ASSUMED } from './assumed.ts';
import { countOperations } from './counting.ts';
import { amount, money } from './measure.ts';
import { itemsOfDays } from './years.ts';

/** What a response takes: kB as sent, compressed only for {@link PAGES}. */
export type Taken = { readonly address: string; readonly kb: number; readonly readUnits: number };

/** The pages that a reader opens most, which stand for all of them in docs/aws/scale.md. */
const PAGES: readonly string[] = ['/', '/daily/:day', '/trending', '/papers/:id'];

/** The last day of the archive that is measured, which has the days of a year. */
const LAST = '2026-07-29' as Day;
const EXAMPLES: Readonly<Record<string, string>> = {
  ...{ list: 'daily', day: LAST, time: '20260729T060000Z', week: '2026-W30', month: '2026-07', year: '2026' },
  slug: 'ada-author-1',
};
const QUERIES: Readonly<Record<string, string>> = {
  '/movers': `list=daily&from=${startOfDay(addDays(LAST, -364))}&to=${startOfDay(LAST)}`,
  '/top': `from=${addDays(LAST, -364)}&to=${LAST}`,
  '/coverage': `from=${addDays(LAST, -364)}&to=${LAST}`,
  '/captures': `from=${addDays(LAST, -364)}&to=${LAST}&limit=500`,
  '/new': `since=${startOfDay(addDays(LAST, -364))}&limit=500`,
  '/search': 'q=model&limit=500',
  '/compare': 'topics=keyword-1,keyword-2,keyword-3',
};

/** Asks an archive of a year for every route in every format, then for the usual pages compressed, and counts what each response takes. */
export async function measureRoutes(): Promise<{ readonly all: readonly Taken[]; readonly pages: readonly Taken[] }> {
  const items = itemsOfDays(addDays(LAST, -364), LAST);
  const stored = openSqliteTable(':memory:');
  await stored.putMany(items);
  const { table, takeOperations } = countOperations(stored);
  const clock = () => `${LAST}T23:30:00Z` as Instant;
  const catalog = catalogOf(stored, clock);
  await catalog();
  let bytes = 0;
  const site = createApp({
    context: { table, catalog, clock, sample: false },
    archive: async () => createMemoryArchive(),
    limit: lambdaResponseLimit,
    log: silentLog,
    versions: { paperkeep: '0.0.0', node: '24.0.0', schema: 1, parsers: {} },
    allowance: {
      check: async () => {},
      charge: async (sent) => {
        bytes = sent;
      },
    },
  });
  const id = items.find(({ pk }) => pk.startsWith('PAPER#'))?.pk.slice('PAPER#'.length) ?? '';
  const take = async (path: string, format: string, headers: Record<string, string> = {}): Promise<Taken> => {
    const named = path.replaceAll(/:(\w+)/g, (_, name) => (name === 'id' ? id : (EXAMPLES[name] ?? '')));
    const address =
      path === '/' && format === 'json' ? '/index.json' : `${named}${format === 'html' ? '' : `.${format}`}`;
    takeOperations();
    await site.request(QUERIES[path] ? `${address}?${QUERIES[path]}` : address, { headers });
    return { address, kb: bytes / 1000, readUnits: takeOperations().readUnits };
  };
  const all: Taken[] = [];
  const pages: Taken[] = [];
  for (const { question, formats } of routes) for (const format of formats) all.push(await take(question.path, format));
  for (const path of PAGES) pages.push(await take(path, 'html', { 'accept-encoding': 'gzip' }));
  await stored.close();
  return { all, pages };
}

/** The most that a day can cost where strangers ask for what they like, as fast as the site lets them, in dollars. */
export function worstDay(mostReadUnits: number): { readonly requests: number; readonly responses: number } {
  const { refusalBytes, refusalSeconds, timeoutSeconds, endsAnHour } = ASSUMED;
  const logBytes = ASSUMED.logBytesARun + ASSUMED.siteLogBytes;
  const bursts = [...SLOW_ROUTES.values()].reduce((sum, burst) => sum + burst, ROUTES.length * THROTTLE.burstLimit);
  const asked = (ROUTES.length * THROTTLE.rateLimit + SLOW_RATE) * 86_400 + bursts;
  const request =
    PRICES.apiRequest +
    PRICES.invocation +
    (logBytes / 1e9) * (PRICES.logGb + PRICES.logStoredGb) +
    priceOf({ bytes: refusalBytes, readUnits: 0, gbSeconds: refusalSeconds });
  const largest = priceOf({
    bytes: lambdaResponseLimit.largest,
    readUnits: mostReadUnits,
    gbSeconds: timeoutSeconds,
  });
  const beyond = largest + UNRECORDED_DOLLARS * (1 + endsAnHour);
  return { requests: asked * request, responses: 24 * (HOUR_DOLLARS + RESERVED_CONCURRENCY.query * beyond) };
}

/** What a stranger can cost in a day, and the responses that take most. */
export function describeStranger(all: readonly Taken[], mostReadUnits: number): string {
  const { requests, responses } = worstDay(mostReadUnits);
  const price = ({ kb, readUnits }: Taken) =>
    priceOf({ bytes: kb * 1000, readUnits, gbSeconds: ASSUMED.requestSeconds });
  const dearest = all.toSorted((a, b) => price(b) - price(a)).slice(0, 8);
  return [
    '| a day of strangers, over all routes | at most |',
    '|---|---|',
    `| requests at the throttle, refused ones included | ${money(requests)} |`,
    `| what their responses send, read and compute | ${money(responses)} |`,
    `| sum | ${money(requests + responses)} |`,
    '',
    '| the most expensive responses of an archive of a year | kB | read units | for a dollar |',
    '|---|---|---|---|',
    ...dearest.map(
      (one) => `| \`${one.address}\` | ${amount(one.kb)} | ${amount(one.readUnits)} | ${amount(1 / price(one))} |`,
    ),
  ].join('\n');
}
