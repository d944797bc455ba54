import { describe, expect, it } from 'vitest';
import { openCatalog } from '../../shared/catalog/sqlite.ts';
import { openPlanner, type PlannedMessage } from '../../shared/digest/digest.ts';
import { toMatches } from '../../shared/digest/selection.ts';
import { beginMessage, endMessage, listSubscriptions, putKnown, putSubscription } from '../../shared/digest/store.ts';
import { newestPeriod, Subscription } from '../../shared/digest/subscription.ts';
import { addDays, addSeconds, type Day, dayOf, type Instant } from '../../shared/lib/time.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import { day } from '../support/build.ts';
import { createCaptures, recordAll, seeded } from './captures.ts';
import { expectedMatches } from './expected.ts';

/** Ten kinds of subscribers. */
const KINDS = [
  {},
  { cadence: 'weekly' },
  { minUpvotes: 40 },
  { follow: ['keyword:tables'], zone: 'Asia/Tokyo' },
  { follow: ['phrase:long reading', 'phrase:patient search'], zone: 'America/Los_Angeles', hour: 20 },
  { follow: ['author:emile-zola'], hour: 0 },
  { follow: ['organization:acme'], minUpvotes: 20, zone: 'Europe/Berlin', hour: 2 },
  { follow: ['entered-trending'], zone: 'Asia/Kathmandu', hour: 23 },
  { follow: ['code-appeared'], cadence: 'weekly', zone: 'Europe/Berlin', hour: 2 },
  { follow: ['keyword:agents', 'entered-trending', 'code-appeared', 'all'], minUpvotes: 5 },
];
/** Hours between two runs. */
const STEP = 6;
const idsOf = ({ selection }: PlannedMessage): string[] =>
  selection.papers.flatMap(({ reasons }) => reasons.map(({ follow, paper }) => `${follow} ${paper.id}`)).sort();

describe('Three weeks of mail to ten kinds of subscribers', () => {
  // over changes of clocks in both directions, and over a leap day
  it.each(['2025-03-15', '2025-10-12', '2024-02-15'])(
    'from %s brings each the right papers, none twice and none missed, although captures are recorded late and imported',
    async (begin) => {
      const first = day(begin);
      const captures = createCaptures(first, 21, seeded(Date.parse(begin)));
      const table = openSqliteTable(':memory:');
      const subscriptions = openSqliteTable(':memory:');
      const catalog = async () => openCatalog(':memory:', table.url);
      const everyone = KINDS.map((kind, at) => Subscription.parse({ address: `kind${at}@example.org`, ...kind }));
      for (const one of everyone) await putSubscription(subscriptions, one);

      // one capture is recorded two hours after it was taken, and the captures of two days are imported three days later
      const late = captures.find(({ list, at }) => list === 'daily' && dayOf(at) === addDays(first, 9));
      const imported = captures.filter(({ at }) => [addDays(first, 11), addDays(first, 12)].includes(dayOf(at)));
      const knownAt = (capture: (typeof captures)[number]): Instant =>
        capture === late
          ? addSeconds(capture.at, 7200)
          : imported.includes(capture)
            ? addSeconds(capture.at, 3 * 86_400)
            : capture.at;

      const sent = new Map<string, Set<string>>(everyone.map(({ address }) => [address, new Set()]));
      const periods = new Set<string>();
      const started = new Set<string>();
      let messages = 0;
      for (let hour = 12; hour < 21 * 24; hour += STEP) {
        const now = addSeconds(`${first}T00:30:00Z` as Instant, hour * 3600);
        const today: Day = dayOf(now);
        const before = addSeconds(now, -STEP * 3600);
        await recordAll(
          table,
          captures.filter((capture) => knownAt(capture) <= now && (hour === 12 || knownAt(capture) > before)),
        );
        const known = captures.filter((capture) => knownAt(capture) <= now);
        const plan = await openPlanner(
          { context: { table, catalog, clock: () => now, sample: false }, subscriptions, isPast: false },
          await listSubscriptions(subscriptions),
        );
        for (const subscription of everyone) {
          const { address, cadence } = subscription;
          const mine = sent.get(address) as Set<string>;
          const period = `${address} ${newestPeriod(subscription, now)}`;
          const planned = await plan(subscription);
          expect(planned === null).toBe(periods.has(period));
          if (!planned) continue;
          const matches = expectedMatches(known, subscription, today);
          if (!started.has(address)) {
            started.add(address);
            const from = addDays(today, cadence === 'daily' ? -1 : -7);
            // what is older at the first run for a subscriber counts as known
            for (const [match, on] of matches) if (on < from) mine.add(match);
          }
          expect(idsOf(planned)).toEqual([...matches.keys()].filter((match) => !mine.has(match)).sort());
          for (const [condition, papers] of planned.selection.known)
            await putKnown(subscriptions, planned.id, condition, papers);
          if (planned.selection.papers.length === 0) continue;
          const reasons = planned.selection.papers.flatMap((paper) => paper.reasons);
          const message = { period: planned.period, at: now, matches: toMatches(reasons) };
          expect(await beginMessage(subscriptions, planned.id, message)).toBe(true);
          await endMessage(subscriptions, planned.id, message, 'sent');
          for (const match of idsOf(planned)) mine.add(match);
          periods.add(period);
          messages += 1;
        }
      }
      expect(messages).toBeGreaterThan(80);
      expect([...sent.values()].every((matches) => matches.size > 3)).toBe(true);
      await table.close();
      await subscriptions.close();
    },
    180_000,
  );
});
