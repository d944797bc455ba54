import { describe, expect, it } from 'vitest';
import {
  addDays,
  addSeconds,
  compactInstant,
  countDays,
  type Day,
  eachDay,
  endOfDay,
  type Instant,
  LAST_DAY,
  parseDay,
  parseInstant,
  secondsBetween,
  startOfDay,
} from '../../shared/lib/time.ts';

describe('instants', () => {
  it('are read with any offset and any fraction, to the second', () => {
    expect(parseInstant('2025-01-08T06:15:00Z')).toBe('2025-01-08T06:15:00Z');
    expect(parseInstant('2025-01-08T01:15:00.999-05:00')).toBe('2025-01-08T06:15:00Z');
    expect(parseInstant('20250108T061500Z')).toBe('2025-01-08T06:15:00Z');
  });

  it.each(['2025-02-30T00:00:00Z', '2025-01-08', '2025-01-08T24:00:00Z', '2025-01-08T06:15:00', 'now', ''])(
    'are refused when they do not exist: %s',
    (text) => expect(parseInstant(text)).toBeNull(),
  );

  it('have offsets of up to 23:59 and no others', () => {
    expect(parseInstant('2025-01-08T00:00:00-23:59')).toBe('2025-01-08T23:59:00Z');
    expect(parseInstant('2025-01-08T23:59:00+2359')).toBe('2025-01-08T00:00:00Z');
    for (const offset of ['+24:00', '-24:00', '+00:60', '+99:99', '-9999'])
      expect(parseInstant(`2025-01-08T00:00:00${offset}`)).toBeNull();
  });

  it('are added and subtracted in seconds', () => {
    const at = parseInstant('2024-12-31T23:59:59Z');
    if (!at) throw new Error('unreadable');
    expect(addSeconds(at, 1)).toBe('2025-01-01T00:00:00Z');
    expect(secondsBetween(at, addSeconds(at, -5))).toBe(-5);
    expect(compactInstant(at)).toBe('20241231T235959Z');
  });
});

describe('days', () => {
  it('are all that the calendar has, and no others', () => {
    const twoDigits = (count: number) => Array.from({ length: count }, (_, n) => String(n).padStart(2, '0'));
    const given = ['2023', '2024'].flatMap((year) =>
      twoDigits(14).flatMap((month) => twoDigits(33).map((day) => `${year}-${month}-${day}`)),
    );
    expect(given.filter((text) => parseDay(text) !== null)).toEqual(eachDay('2023-01-01' as Day, '2024-12-31' as Day));
  });

  it.each(['2025-02-30', '2025-13-01', '2025-1-8', '0000-01-01', '2026-W54', '2025-01-08T00:00:00Z'])(
    'are refused when the calendar does not have them: %s',
    (text) => expect(parseDay(text)).toBeNull(),
  );

  it('are counted and formatted as Date does, leap years and the days before the first included', () => {
    const epoch = '1970-01-01' as Day;
    for (const start of ['0999-12-01', '1000-01-01', '1900-02-27', '2024-02-27', '9999-11-30']) {
      const first = Date.parse(start) / 86_400_000;
      for (let day = first; day < first + 32; day++) {
        const text = new Date(day * 86_400_000).toISOString();
        expect(addDays(epoch, day)).toBe(text.slice(0, 10));
        expect(countDays(epoch, text.slice(0, 10) as Day)).toBe(day);
        expect(secondsBetween(startOfDay(epoch), `${text.slice(0, 10)}T13:14:15Z` as Instant)).toBe(
          day * 86_400 + (13 * 60 + 14) * 60 + 15,
        );
      }
    }
  });

  it('are those of all years with four digits, from the year 1000', () => {
    for (const text of ['1000-01-01', '2999-12-31', '3000-01-01', '9999-12-31']) expect(parseDay(text)).toBe(text);
    for (const text of ['0999-12-31', '3000-02-29', '10000-01-01', '+09999-01-01']) expect(parseDay(text)).toBeNull();
  });

  it('end at 9999-12-31: a later result becomes that day', () => {
    expect(addDays(LAST_DAY, 1)).toBe('9999-12-31');
    expect(addSeconds(endOfDay(LAST_DAY), 1)).toBe('9999-12-31T23:59:59Z');
    expect(parseInstant('9999-12-31T23:59:59-01:00')).toBe('9999-12-31T23:59:59Z');
  });

  it('are counted across months and leap years', () => {
    const day = parseDay('2024-02-28');
    if (!day) throw new Error('unreadable');
    expect(addDays(day, 2)).toBe('2024-03-01');
    expect(countDays(day, addDays(day, -3))).toBe(-3);
    expect(eachDay(day, addDays(day, 2))).toEqual(['2024-02-28', '2024-02-29', '2024-03-01']);
    expect(eachDay(day, addDays(day, -1))).toEqual([]);
  });
});
