import { describe, expect, it } from 'vitest';
import { addDays, addSeconds, dayOf, type Instant } from '../../shared/lib/time.ts';
import { day } from '../support/build.ts';
import { createCaptures, recordAll, seeded } from './captures.ts';
import { mailThrough } from './mailing.ts';

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
describe('Three weeks of mail to ten kinds of subscribers', () => {
  // over changes of clocks in both directions, and over a leap day
  it.each(['2025-03-15', '2025-10-12', '2024-02-15'])(
    'from %s brings each the right papers, none twice and none missed, although captures are recorded late and imported',
    async (begin) => {
      const first = day(begin);
      const captures = createCaptures(first, 21, seeded(Date.parse(begin)));
      // one capture is recorded two hours after it was taken, and the captures of two days are imported three days later
      const late = captures.find(({ list, at }) => list === 'daily' && dayOf(at) === addDays(first, 9));
      const imported = captures.filter(({ at }) => [addDays(first, 11), addDays(first, 12)].includes(dayOf(at)));
      const knownAt = (capture: (typeof captures)[number]): Instant =>
        capture === late
          ? addSeconds(capture.at, 7200)
          : imported.includes(capture)
            ? addSeconds(capture.at, 3 * 86_400)
            : capture.at;
      const { messages, sent } = await mailThrough({
        kinds: KINDS,
        first,
        days: 21,
        captures,
        knownAt,
        record: recordAll,
      });
      expect(messages).toBeGreaterThan(80);
      expect([...sent.values()].every((matches) => matches.size > 3)).toBe(true);
    },
    180_000,
  );
});
