import { PRICES } from '../../functions/cli/aws/prices.ts';
import { RESERVED_CONCURRENCY } from '../../infra/config.ts';

/** What a request and a visit take: assumed as in test/bench/cost.ts, and none of it was measured in AWS. */
const REQUEST = { readUnits: 20, kb: 40, seconds: 0.3 } as const;
const VISIT = { seconds: 3, writeUnits: 17, kb: 100 } as const;
/** Visits a day: `daily` with its older days and `trending`, as test/bench/budget.test.ts counts them, and each watched list once. */
const VISITS_A_DAY = 69;
/** The part of the requests that a CDN answers itself. */
const HIT_RATE = 0.9;
const [DAYS, SECONDS] = [365 / 12, (365 / 12) * 86_400];

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;

/** The price of a month of requests that reach the site, without the traffic to the internet. */
const functionsPrice = (rate: number): number =>
  rate *
  SECONDS *
  (PRICES.apiRequest + PRICES.invocation + REQUEST.seconds * PRICES.gbSecond + REQUEST.readUnits * PRICES.readUnit);

/** The table of docs/aws/scale.md by requests a second. */
export function describeRequests(): string {
  const rows = [1, 10, 100].map((rate) => {
    const busy = rate * REQUEST.seconds;
    const out = (rate * SECONDS * REQUEST.kb * PRICES.outGb) / 1e6;
    return `| ${rate} | ${busy.toFixed(1)} of ${RESERVED_CONCURRENCY.query} | ${dollars(functionsPrice(rate))} | ${dollars(out)} | ${dollars(functionsPrice(rate * (1 - HIT_RATE)))} |`;
  });
  return [
    '| requests a second | executions at once | functions and reads, a month | data to the internet | functions and reads behind a CDN |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** The table of docs/aws/scale.md by lists. */
export function describeLists(): string {
  const rows = [2, 20, 50].map((lists) => {
    const watched = lists - 2;
    const month = (VISITS_A_DAY + watched) * DAYS;
    return `| ${lists} | ${VISITS_A_DAY + watched} | ${watched * VISIT.seconds} s | ${dollars(month * (VISIT.writeUnits * PRICES.writeUnit + PRICES.put))} | ${((month * 12 * VISIT.kb) / 1e6).toFixed(1)} GB |`;
  });
  return [
    '| lists | visits a day | visits to all watched lists take | writes, a month | archive, a year |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
