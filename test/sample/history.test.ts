import { describe, expect, it } from 'vitest';
import { addDays, dayOf, type Instant, parseInstant, startOfDay } from '../../shared/lib/time.ts';
import { sampleDays, simulatedFailureAt } from '../../shared/sample/calendar.ts';
import { type SampleVisit, sampleVisits } from '../../shared/sample/history.ts';

const MOMENTS = ['2026-11-20T15:20:00Z', '2026-11-23T00:00:00Z', '2026-03-01T23:59:59Z', '2027-01-06T06:30:00Z'].map(
  (text) => parseInstant(text) ?? ('' as Instant),
);

const of = (visits: SampleVisit[], source: string) => visits.filter(({ listDay }) => listDay.list === source);

describe.each(MOMENTS)('the visits that make a history, at %s', (now) => {
  const visits = sampleVisits(now);

  it('are few enough for seconds, in time order, none in the future, none twice', () => {
    expect(visits.length).toBeGreaterThan(260);
    expect(visits.length).toBeLessThanOrEqual(350);
    const times = visits.map(({ at }) => at);
    expect(times).toEqual(times.toSorted());
    expect(times.every((at) => at <= now)).toBe(true);
    expect(new Set(visits.map(({ listDay, at }) => `${listDay.list} ${listDay.day} ${at}`)).size).toBe(visits.length);
  });

  it('include every finished day at its end, at the age of two days and, when old enough, settled', () => {
    const daily = of(visits, 'daily');
    for (const day of sampleDays(now).slice(0, -1)) {
      const times = daily.filter(({ listDay }) => listDay.day === day).map(({ at }) => at);
      expect(times).toContain(startOfDay(addDays(day, 1)));
      if (addDays(day, 2) <= dayOf(now)) expect(times).toContain(startOfDay(addDays(day, 2)));
      const settled = addDays(day, 14);
      if (settled < dayOf(now)) expect(times.some((at) => at >= startOfDay(settled))).toBe(true);
    }
  });

  it('include the undated lists on the day of the visit', () => {
    for (const { listDay, at } of visits) if (listDay.list !== 'daily') expect(listDay.day).toBe(dayOf(at));
    expect(of(visits, 'trending').length).toBeGreaterThan(110);
    expect(of(visits, 'watched:agents').length).toSatisfy((count: number) => count === 13 || count === 14);
  });

  it('include an hour that failed and one that was cut', () => {
    const troubles = new Set(visits.map(({ at }) => simulatedFailureAt(at)));
    expect([...troubles].toSorted()).toEqual(['cut', 'failing', null]);
  });
});
