import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedAtAge, quartiles } from '../../shared/model/expected.ts';

/** A curve of these points. */
const curve = (points: Readonly<Record<number, number>>) => (ageHours: number) =>
  expectedAtAge((age) => points[age] ?? null, ageHours);

describe('quartiles', () => {
  it('of an even number of values lie between two of them', () => {
    expect(
      quartiles(
        new Map([
          [1, 1],
          [2, 1],
          [3, 1],
          [10, 1],
        ]),
      ),
    ).toEqual({ papers: 4, q1: 1.75, median: 2.5, q3: 4.75 });
  });

  it('are those of the sorted values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 40 }), { minLength: 1 }), (values) => {
        const counts = new Map<number, number>();
        for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
        const sorted = values.toSorted((a, b) => a - b);
        const middle = [sorted[Math.floor((values.length - 1) / 2)], sorted[Math.ceil((values.length - 1) / 2)]] as [
          number,
          number,
        ];
        expect(quartiles(counts)).toMatchObject({ papers: values.length, median: (middle[0] + middle[1]) / 2 });
      }),
    );
  });

  it('are unknown where no reading exists', () => {
    expect(quartiles(new Map())).toBeNull();
  });
});

describe('expected upvotes at an age', () => {
  it('are the value of a point of the curve, and linear between two', () => {
    const expected = curve({ 24: 10, 30: 16 });
    expect([expected(24), expected(25), expected(30)]).toEqual([10, 11, 16]);
  });

  it('are the value of the one point that is known within a sixth of its age, and unknown farther away', () => {
    const expected = curve({ 24: 10 });
    expect([expected(24), expected(28), expected(28.1)]).toEqual([10, 10, null]);
    expect([expected(23), expected(20.5)]).toEqual([10, null]);
  });

  it('are the value of the one point that is known within an hour, where a sixth of its age is less', () => {
    const expected = curve({ 4: 3 });
    expect([expected(3.1), expected(5), expected(5.1)]).toEqual([3, 3, null]);
  });

  it('do not skip an unknown point between two known ones', () => {
    expect(curve({ 24: 10, 36: 20 })(30)).toBeNull();
  });

  it('are unknown before the first hour and after 14 days', () => {
    const expected = curve({ 1: 1, 336: 20 });
    expect([expected(0.9), expected(1), expected(336), expected(336.1)]).toEqual([null, 1, 20, null]);
  });
});
