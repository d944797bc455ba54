import { type Instant, secondsBetween } from '../lib/time.ts';

/**
 * Expands a paper's upvotes to one value for each capture of its list; null where it was not listed or the feed did not say.
 *
 * @param votes Pairs of the number of a capture and the upvotes from that capture on.
 * @param captures How many captures the list has.
 * @example
 * upvotesPerCapture([0, 5, 2, 9], 4); // [5, 5, 9, 9]
 */
export function upvotesPerCapture(votes: readonly (number | null)[], captures: number): (number | null)[] {
  const each: (number | null)[] = Array.from({ length: captures }, () => null);
  for (let pair = 0; pair < votes.length; pair += 2) each.fill(votes[pair + 1] ?? null, votes[pair] as number);
  return each;
}

/** Upvotes in a capture, and when it was taken. */
export type UpvoteReading = { readonly upvotes: number; readonly readAt: Instant };

/**
 * How many seconds a capture may be away from an age to give the upvotes at that age: a sixth of the age, at least an hour.
 * Of daily visits one is always within 12 hours, a sixth of 3 days; of hourly visits one is always within the hour.
 */
export const ageToleranceSeconds = (ageHours: number): number => Math.max(1, ageHours / 6) * 3600;

/** Upvotes or stars gained from the first to the last reading; null unless both are known and the paper was seen in two captures. */
export const knownGain = (first: number | null, last: number | null, captures: number): number | null =>
  captures > 1 && first !== null && last !== null ? last - first : null;

/**
 * Finds the capture with a number of upvotes that is nearest to an age, of two equally near the earlier; null where none is within
 * `ageToleranceSeconds`.
 *
 * @param seconds When the captures of the list were taken, in seconds, oldest first.
 * @param votes The paper's pairs, as for `upvotesPerCapture`.
 * @param startAge The age of the paper, in seconds, at the moment that `seconds` count from.
 */
export function captureNearAge(
  seconds: readonly number[],
  votes: readonly (number | null)[],
  ageHours: number,
  startAge = 0,
): { readonly upvotes: number; readonly capture: number } | null {
  const wanted = ageHours * 3600 - startAge;
  const tolerance = ageToleranceSeconds(ageHours);
  let [nearest, nearestUpvotes, distance] = [-1, 0, Number.POSITIVE_INFINITY];
  for (let pair = 0; pair < votes.length; pair += 2) {
    const upvotes = votes[pair + 1] ?? null;
    if (upvotes === null) continue;
    const end = Math.min(votes[pair + 2] ?? seconds.length, seconds.length);
    for (let capture = votes[pair] as number; capture < end; capture++) {
      const away = Math.abs((seconds[capture] as number) - wanted);
      if (away <= tolerance && away < distance) [nearest, nearestUpvotes, distance] = [capture, upvotes, away];
    }
  }
  return nearest < 0 ? null : { upvotes: nearestUpvotes, capture: nearest };
}

/**
 * The upvotes of a paper at an age, from the capture that `captureNearAge` finds.
 *
 * @param times The captures of the list, oldest first.
 * @param from When the age is 0.
 */
export function upvotesAtAge(
  times: readonly Instant[],
  votes: readonly (number | null)[],
  from: Instant,
  ageHours: number,
): UpvoteReading | null {
  const near = captureNearAge(
    times.map((at) => secondsBetween(from, at)),
    votes,
    ageHours,
  );
  return near && { upvotes: near.upvotes, readAt: times[near.capture] as Instant };
}

/** The upvotes in the first capture with a number; null where none has one. Takes what `upvotesAtAge` takes. */
export function firstUpvotes(times: readonly Instant[], votes: readonly (number | null)[]): UpvoteReading | null {
  for (let pair = 0; pair < votes.length; pair += 2) {
    const upvotes = votes[pair + 1] ?? null;
    const readAt = times[votes[pair] as number];
    if (upvotes !== null && readAt !== undefined) return { upvotes, readAt };
  }
  return null;
}

/** The reading nearest to a moment, of two equally near the earlier, or null if there is no such thing. */
export function nearestReading(wanted: Instant, readings: readonly UpvoteReading[]): UpvoteReading | null {
  const away = ({ readAt }: UpvoteReading) => Math.abs(secondsBetween(readAt, wanted));
  const nearer = (a: UpvoteReading, b: UpvoteReading) =>
    away(a) < away(b) || (away(a) === away(b) && a.readAt <= b.readAt);
  return readings.reduce<UpvoteReading | null>(
    (nearest, one) => (nearest && nearer(nearest, one) ? nearest : one),
    null,
  );
}
