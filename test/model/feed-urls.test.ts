import { describe, expect, it } from 'vitest';
import type { Day } from '../../shared/lib/time.ts';
import {
  dailyApiPath,
  dayPagePath,
  FEED_ORIGIN,
  parseFeedDate,
  parseListUrl,
  searchPath,
  TRENDING_PATH,
} from '../../shared/model/feed-urls.ts';

const DAY = '2025-01-08' as Day;

describe('the URLs of the feed', () => {
  it.each([
    [dailyApiPath(DAY), { kind: 'daily', date: DAY }],
    [dailyApiPath(DAY, { limit: 100, number: 2 }), { kind: 'daily', date: DAY }],
    [dayPagePath(DAY), { kind: 'daily', date: DAY }],
    [TRENDING_PATH, { kind: 'trending' }],
    [searchPath('world models & co'), { kind: 'watched', query: 'world models & co' }],
  ])('are recognised as the list that they were built for: %s', (path, list) => {
    expect(parseListUrl(FEED_ORIGIN + path)).toEqual(list);
  });

  it('ask for a page of a day with its limit and its number', () => {
    expect(dailyApiPath(DAY, { limit: 100, number: 2 })).toBe('/api/daily_papers?date=2025-01-08&limit=100&p=2');
  });

  it.each([
    '/papers',
    '/papers/',
    '/papers?utm_source=mail',
    '/papers?q=',
    '/api/daily_papers',
    '/api/daily_papers?limit=9',
  ])('name no day where the newest is asked for: %s', (path) => {
    expect(parseListUrl(FEED_ORIGIN + path)).toEqual({ kind: 'daily', date: null });
  });

  it.each(['/papers/date/2025-01-08/', '/papers?date=2025-01-08', '/api/daily_papers/?date=2025-01-08'])(
    'have older and longer spellings: %s',
    (path) => {
      expect(parseListUrl(FEED_ORIGIN + path)).toEqual({ kind: 'daily', date: DAY });
    },
  );

  it.each([
    'https://www.huggingface.co',
    'http://hf.co',
    'http://127.0.0.1:4711',
    'http://localhost:80',
    'http://[::1]:80',
  ])('may have the host %s', (origin) => {
    expect(parseListUrl(`${origin}/papers/trending`)).toEqual({ kind: 'trending' });
  });

  it.each([
    `${FEED_ORIGIN}/papers/2501.00001`,
    `${FEED_ORIGIN}/papers/date/2025-01-08/more`,
    `${FEED_ORIGIN}/papers/week/2025-W02`,
    `${FEED_ORIGIN}/api/daily_papers?week=2025-W02`,
    `${FEED_ORIGIN}/api/daily_papers?date=2025-01-08&submitter=someone`,
    'https://example.org/papers/trending',
    'ftp://huggingface.co/papers/trending',
    'urn:pageinfo:x',
    'papers/trending',
  ])('do not include %s', (url) => {
    expect(parseListUrl(url)).toBeNull();
  });

  it('name a day by itself or by a full time', () => {
    expect(['2025-01-08', '2025-01-08T00:00:00.000Z', '2025-01-07T23:30:00-01:00'].map(parseFeedDate)).toEqual([
      DAY,
      DAY,
      DAY,
    ]);
    expect(['2025-02-30', 'today', ''].map(parseFeedDate)).toEqual([null, null, null]);
  });
});
