import { describe, expect, it } from 'vitest';
import { newestPeriod, Subscription } from '../../shared/digest/subscription.ts';
import { addSeconds } from '../../shared/lib/time.ts';
import { instant } from '../support/build.ts';

const parse = (given: object) => Subscription.safeParse({ address: 'me@example.org', ...given });

describe('A subscription', () => {
  it('is daily, at 8:00 UTC and follows everything unless it says otherwise', () => {
    expect(parse({}).data).toEqual({
      address: 'me@example.org',
      cadence: 'daily',
      follow: ['all'],
      minUpvotes: 0,
      zone: 'UTC',
      hour: 8,
      off: null,
    });
  });

  it('keeps names as slugs, phrases as they are, and each follow once', () => {
    const follow = [
      'keyword:Long Reading',
      'keyword:long-reading',
      'phrase: A  Phrase: of words ',
      'author:Émile Zola',
    ];
    expect(parse({ follow }).data?.follow).toEqual([
      'keyword:long-reading',
      'phrase:A Phrase: of words',
      'author:emile-zola',
    ]);
  });

  it.each([
    [{ follow: ['everything'] }, /^must be all, /],
    [{ follow: ['all:x'] }, /^must be all, /],
    [{ follow: ['keyword:'] }, /^must be all, /],
    [{ follow: ['phrase:…'] }, /^must be all, /],
    [{ follow: [`phrase:${'a'.repeat(10_000)}`] }, /^must not name more than 300 characters/],
    [{ follow: Array.from({ length: 51 }, (_, n) => `keyword:k${n}`) }, /^must not be more than 50/],
    [{ cadence: 'hourly' }, /^must be daily or weekly/],
    [{ zone: 'Mars/Olympus' }, /^must be a time zone/],
    [{ hour: '24' }, /^must be an hour/],
    [{ hour: '' }, /^must be an hour/],
    [{ minUpvotes: '-1' }, /^must be a whole number/],
    [{ address: 'me' }, /^must be one mail address/],
  ])('is refused with %j, and says why', (given, message) => {
    expect(parse(given).error?.issues[0]?.message).toMatch(message);
  });
});

describe('The newest period of a subscription', () => {
  const period = (cadence: 'daily' | 'weekly', zone: string, hour: number, now: string) =>
    newestPeriod({ cadence, zone, hour }, instant(now));

  it('is the day whose hour has come, in the time zone of the subscriber', () => {
    expect(period('daily', 'UTC', 8, '2025-01-08T07:59:59Z')).toBe('2025-01-07');
    expect(period('daily', 'UTC', 8, '2025-01-08T08:00:00Z')).toBe('2025-01-08');
    expect(period('daily', 'Asia/Tokyo', 8, '2025-01-07T23:00:00Z')).toBe('2025-01-08');
    expect(period('daily', 'America/Los_Angeles', 8, '2025-01-08T15:59:59Z')).toBe('2025-01-07');
    expect(period('daily', 'Asia/Kathmandu', 0, '2025-01-07T18:15:00Z')).toBe('2025-01-08');
  });

  it('is the week whose Monday and hour have come', () => {
    expect(period('weekly', 'UTC', 8, '2025-01-06T07:00:00Z')).toBe('2025-W01');
    expect(period('weekly', 'UTC', 8, '2025-01-06T08:00:00Z')).toBe('2025-W02');
    expect(period('weekly', 'UTC', 8, '2025-01-12T23:00:00Z')).toBe('2025-W02');
    expect(period('weekly', 'UTC', 8, '2026-12-28T09:00:00Z')).toBe('2026-W53');
  });

  it('counts 29 February of a leap year as a day', () => {
    expect(period('daily', 'Europe/Berlin', 0, '2024-02-28T23:00:00Z')).toBe('2024-02-29');
    expect(period('daily', 'Europe/Berlin', 0, '2024-02-29T23:00:00Z')).toBe('2024-03-01');
  });

  it.each([
    ['an hour is left out', '2025-03-29T12:00:00Z', ['2025-03-29', '2025-03-30', '2025-03-31']],
    ['an hour comes twice', '2025-10-25T12:00:00Z', ['2025-10-25', '2025-10-26', '2025-10-27']],
  ])('comes once for each day where %s, at every hour of the day', (_, from, days) => {
    for (let hour = 0; hour < 24; hour += 1) {
      const seen = Array.from({ length: 3 * 24 * 4 }, (_, quarter) =>
        period('daily', 'Europe/Berlin', hour, addSeconds(instant(from), quarter * 900)),
      );
      expect(seen).toEqual(seen.toSorted());
      expect([...new Set(seen)]).toEqual(expect.arrayContaining(days));
    }
  });
});
