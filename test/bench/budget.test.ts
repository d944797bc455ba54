import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MONTH_DOLLARS, PRICES, REPLAY_DOLLARS } from '../../functions/cli/aws/prices.ts';
import type { Day } from '../../shared/lib/time.ts';
import { deployment, type Units } from './bill.ts';

/**
 * The units of one day of the schedule, the third of an archive, as they were when this was written. They are the bill: a change that
 * asks more of AWS is meant to be seen here. 15 % are left for lists that grow or shrink with the sample.
 */
const MEASURED = {
  visits: 69,
  puts: 70,
  lists: 94,
  gets: 70,
  messages: 69,
  collectRuns: 24,
  recordRuns: 70,
  nightRuns: 1,
  writeUnits: 1096,
  readUnits: 1741,
  tableOperations: 1015,
  tableBytes: 190_441,
  archiveBytes: 1_576_333,
  logBytes: 55_629,
} as const satisfies Partial<Units>;

describe('a day of the schedule', () => {
  const workspace = deployment();
  let day: Units;
  beforeAll(async () => {
    await workspace.live('2026-01-05' as Day, 2);
    await workspace.units();
    await workspace.live('2026-01-07' as Day, 1);
    day = await workspace.units();
  });
  afterAll(() => workspace.close());

  it.each(Object.entries(MEASURED) as [keyof typeof MEASURED, number][])(
    'asks AWS for no more %s than %d',
    (unit, of) => {
      expect(day[unit]).toBeLessThanOrEqual(Math.ceil(of * 1.15));
      // a count that fell that far counts something else
      expect(day[unit]).toBeGreaterThan(of * 0.5);
    },
  );

  it('is what the owner is told that it costs', async () => {
    const { writeUnits, readUnits, puts, lists, gets } = day;
    const requests = writeUnits * PRICES.writeUnit + readUnits * PRICES.readUnit + (puts + lists) * PRICES.put;
    expect((requests + gets * PRICES.get) * 31).toBeLessThan(MONTH_DOLLARS);
    const [, told] = /on average \| \$[\d.]+ \| \*\*\$([\d.]+)\*\*/.exec(readFileSync('docs/cost.md', 'utf8')) ?? [];
    expect(Number(told)).toBeGreaterThan(0);
    expect(Number(told)).toBeLessThanOrEqual(MONTH_DOLLARS);
    expect(MONTH_DOLLARS).toBeLessThanOrEqual(0.5);
  });

  it('can be read again for what the owner is told', async () => {
    await workspace.replay('2026-01-06' as Day);
    const { writeUnits, readUnits, gets } = await workspace.units();
    expect(gets).toBeGreaterThan(40);
    expect(writeUnits * PRICES.writeUnit + readUnits * PRICES.readUnit + gets * PRICES.get).toBeLessThan(
      REPLAY_DOLLARS * gets,
    );
  });
});
