import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatDateRange,
  formatDay,
  formatDecimal,
  formatDuration,
  formatLongDay,
  formatPercent,
  formatPeriod,
  formatRate,
  formatTime,
  formatTimeOn,
} from '../../shared/lib/format.ts';

describe('dates as text', () => {
  it('are in UTC, and long days have their weekday', () => {
    expect(formatTime('2025-01-08T18:12:03Z')).toBe('8 Jan 2025, 18:12 UTC');
    expect(formatLongDay('2025-01-08')).toBe('Wednesday, 8 January 2025');
    expect(formatLongDay('2023-12-31')).toBe('Sunday, 31 December 2023');
  });

  it('leave out the date of a time on the day that the page names', () => {
    expect(formatTimeOn('2025-01-08', '2025-01-08T18:12:03Z')).toBe('18:12 UTC');
    expect(formatTimeOn('2025-01-08', '2025-01-09T18:12:03Z')).toBe('9 Jan 2025, 18:12 UTC');
  });

  it('return text that is not a date as it is', () => {
    expect(formatTime('yesterday')).toBe('yesterday');
    expect(formatDay('2025-02-30')).toBe('2025-02-30');
    expect(formatLongDay('2025-02-30')).toBe('2025-02-30');
    expect(formatPeriod('week', '2025-W53')).toBe('2025-W53');
  });

  it('name a range, with its year once where both ends share it', () => {
    expect(formatDateRange('2025-01-08', '2025-01-08')).toBe('8 Jan 2025');
    expect(formatDateRange('2025-01-08', '2025-01-14')).toBe('8 Jan to 14 Jan 2025');
    expect(formatDateRange('2024-12-30', '2025-01-05')).toBe('30 Dec 2024 to 5 Jan 2025');
    expect([formatPeriod('week', '2025-W02'), formatPeriod('month', '2025-01')]).toEqual([
      'Week 2 of 2025',
      'January 2025',
    ]);
  });
});

describe('numbers as text', () => {
  it('have separators and the right plural', () => {
    expect(formatCount(1, 'paper')).toBe('1 paper');
    expect(formatCount(1204, 'entry', 'entries')).toBe('1,204 entries');
    expect(formatDecimal(1204.56)).toBe('1,204.6');
  });

  it('choose minutes, hours or days for a duration', () => {
    expect([0, 1 / 60, 1.5, 23.93, 48, 24 * 6.5, 24 * 365].map(formatDuration)).toEqual([
      '0 minutes',
      '1 minute',
      '90 minutes',
      '23.9 hours',
      '48 hours',
      '6.5 days',
      '365 days',
    ]);
  });

  it('give a rate its sign and two digits', () => {
    expect([0, 2.0921, -0.04166, 12.6, 1234.5].map(formatRate)).toEqual(['±0', '+2.1', '-0.042', '+13', '+1,235']);
  });

  it.each([
    [0, '0%'],
    [0.00123, '0.12%'],
    [0.0512, '5.12%'],
    [0.3333, '33.3%'],
    [1, '100.0%'],
    [null, null],
  ])('write the share %s as %s', (share, text) => expect(formatPercent(share)).toBe(text));
});
