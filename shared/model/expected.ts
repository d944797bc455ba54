/** What papers of earlier lists had at an age: the rules of the expected-upvotes curve. */
import { ageToleranceSeconds } from './upvotes.ts';

/** The ages in hours at which a curve has points. */
export const EXPECTED_AGES_HOURS = [
  1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 24, 30, 36, 48, 60, 72, 96, 120, 168, 240, 336,
] as const;
/** A curve of a day is made from the daily lists of so many days before it. */
export const EXPECTED_DAYS = 90;
/** A point of fewer papers is not known: it would say more about those papers than about what to expect. */
export const EXPECTED_MIN_PAPERS = 100;

/** The upvotes that papers had at one age. */
export type ExpectedPoint = {
  readonly papers: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
};

/**
 * Quartiles by linear interpolation between the two nearest values, the usual definition; null without values.
 *
 * @param papers How many papers had each number of upvotes. Windows of 90 days hold few different numbers: this is faster than sorting.
 */
export function quartiles(papers: ReadonlyMap<number, number>): ExpectedPoint | null {
  const counted = [...papers].sort(([a], [b]) => a - b);
  const total = counted.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  const valueAt = (place: number): number => {
    let left = place;
    for (const [upvotes, count] of counted) {
      if (left < count) return upvotes;
      left -= count;
    }
    return Number.NaN;
  };
  const at = (share: number): number => {
    const place = share * (total - 1);
    const [below, above] = [valueAt(Math.floor(place)), valueAt(Math.ceil(place))];
    return below + (above - below) * (place % 1);
  };
  return { papers: total, q1: at(0.25), median: at(0.5), q3: at(0.75) };
}

/** The two ages of the curve that an age is between, the same one twice where it is one of them; null outside the curve. */
export function neighbouringAges(ageHours: number): readonly [below: number, above: number] | null {
  const above = EXPECTED_AGES_HOURS.find((age) => age >= ageHours);
  const below = EXPECTED_AGES_HOURS.findLast((age) => age <= ageHours);
  return above === undefined || below === undefined ? null : [below, above];
}

/**
 * The expected upvotes at an age: linear between two known points of the curve. Where only one of the two is known, its value if the age is
 * as near to it as a reading must be (`ageToleranceSeconds`); else null.
 *
 * @param medianAt The median at an age of the curve, null where it is not known.
 */
export function expectedAtAge(medianAt: (ageHours: number) => number | null, ageHours: number): number | null {
  const [below, above] = neighbouringAges(ageHours) ?? [null, null];
  if (below === null) return null;
  const [low, high] = [medianAt(below), medianAt(above)];
  if (low !== null && high !== null)
    return below === above ? low : low + ((high - low) * (ageHours - below)) / (above - below);
  const [value, age] = low === null ? [high, above] : [low, below];
  return Math.abs(ageHours - age) * 3600 <= ageToleranceSeconds(age) ? value : null;
}
