import { describe, expect, it } from 'vitest';
import { startOfDay } from '../../shared/lib/time.ts';
import { upvotesAtAge, upvotesPerCapture } from '../../shared/model/upvotes.ts';
import { day, instant } from '../support/build.ts';

const FROM = startOfDay(day('2025-01-08'));
const at = (...times: string[]) => times.map((time) => instant(`2025-01-${time}:00Z`));

describe('votes over the captures of a list', () => {
  it('hold from where they change, and are unknown before that and where a step is null', () => {
    expect(upvotesPerCapture([1, 5, 3, null, 4, 7], 6)).toEqual([null, 5, 5, null, 7, 7]);
    expect(upvotesPerCapture([], 2)).toEqual([null, null]);
  });
});

describe('votes at an age', () => {
  it('are those of the nearest capture', () => {
    const times = at('08T04:30', '08T05:50', '08T06:20');
    expect(upvotesAtAge(times, [0, 1, 1, 2, 2, 3], FROM, 6)).toEqual({ upvotes: 2, readAt: times[1] });
  });

  it('are those of the earlier of two captures that are equally near', () => {
    const times = at('08T05:40', '08T06:20');
    expect(upvotesAtAge(times, [0, 1, 1, 2], FROM, 6)).toEqual({ upvotes: 1, readAt: times[0] });
  });

  it('come from a capture within a sixth of the age, that far included', () => {
    const far = at('10T08:00');
    expect(upvotesAtAge(far, [0, 9], FROM, 48)).toEqual({ upvotes: 9, readAt: far[0] });
    expect(upvotesAtAge(at('10T08:01'), [0, 9], FROM, 48)).toBeNull();
    expect(upvotesAtAge(at('09T16:00'), [0, 9], FROM, 48)).toMatchObject({ upvotes: 9 });
    expect(upvotesAtAge(at('09T15:59'), [0, 9], FROM, 48)).toBeNull();
  });

  it('come from a capture within an hour at young ages', () => {
    expect(upvotesAtAge(at('08T03:00'), [0, 9], FROM, 2)).toMatchObject({ upvotes: 9 });
    expect(upvotesAtAge(at('08T03:01'), [0, 9], FROM, 2)).toBeNull();
  });

  it('are always known from 3 days on where there is a visit a day', () => {
    const daily = Array.from({ length: 20 }, (_, n) => instant(`2025-01-${String(n + 8).padStart(2, '0')}T17:00:00Z`));
    for (let age = 72; age <= 14 * 24; age++)
      expect([age, upvotesAtAge(daily, [0, 1], FROM, age)]).not.toEqual([age, null]);
  });

  it('are those of the next nearest capture where the nearest has no upvotes', () => {
    const times = at('08T05:30', '08T06:00', '08T06:50');
    expect(upvotesAtAge(times, [0, 4, 1, null, 2, 5], FROM, 6)).toEqual({ upvotes: 4, readAt: times[0] });
  });

  it('are unknown where no capture had upvotes', () => {
    expect(upvotesAtAge([], [], FROM, 6)).toBeNull();
    expect(upvotesAtAge(at('08T06:00'), [], FROM, 6)).toBeNull();
  });
});
