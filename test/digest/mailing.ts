import { expect } from 'vitest';
import { openCatalog } from '../../shared/catalog/sqlite.ts';
import { openPlanner, type PlannedMessage } from '../../shared/digest/digest.ts';
import { toMatches } from '../../shared/digest/selection.ts';
import { beginMessage, endMessage, listSubscriptions, putKnown, putSubscription } from '../../shared/digest/store.ts';
import { newestPeriod, Subscription } from '../../shared/digest/subscription.ts';
import { addDays, addSeconds, type Day, dayOf, type Instant } from '../../shared/lib/time.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import type { TableStore } from '../../shared/table/store.ts';
import type { ShownCapture } from './captures.ts';
import { expectedMatches } from './expected.ts';

/** Hours between two runs. */
const STEP = 6;
const idsOf = ({ selection }: PlannedMessage): string[] =>
  selection.papers.flatMap(({ reasons }) => reasons.map(({ follow, paper }) => `${follow} ${paper.id}`)).sort();

/** Days of captures, and who gets mail of them. */
type Mailing<C extends ShownCapture> = {
  readonly kinds: readonly object[];
  readonly first: Day;
  readonly days: number;
  readonly captures: readonly C[];
  /** When a capture is recorded. */
  readonly knownAt: (capture: C) => Instant;
  readonly record: (table: TableStore, captures: readonly C[]) => Promise<void>;
};

/**
 * Mails to each kind of subscriber through some days, and expects of each message exactly what was not sent before. Returns what was sent
 * to each, and the number of messages.
 */
export async function mailThrough<C extends ShownCapture>({
  kinds,
  first,
  days,
  captures,
  knownAt,
  record,
}: Mailing<C>) {
  const table = openSqliteTable(':memory:');
  const subscriptions = openSqliteTable(':memory:');
  const catalog = async () => openCatalog(':memory:', table.url);
  const everyone = kinds.map((kind, at) => Subscription.parse({ address: `kind${at}@example.org`, ...kind }));
  for (const one of everyone) await putSubscription(subscriptions, one);
  const sent = new Map<string, Set<string>>(everyone.map(({ address }) => [address, new Set()]));
  const periods = new Set<string>();
  const started = new Set<string>();
  let messages = 0;
  for (let hour = 12; hour < days * 24; hour += STEP) {
    const now = addSeconds(`${first}T00:30:00Z` as Instant, hour * 3600);
    const today: Day = dayOf(now);
    const before = addSeconds(now, -STEP * 3600);
    await record(
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
  await table.close();
  await subscriptions.close();
  return { messages, sent };
}
