import { type Day, type Instant, parseInstant } from '../lib/time.ts';
import { hoursBetween } from './calendar.ts';
import type { SamplePaper } from './papers.ts';
import { seededUnit } from './random.ts';

/** From when the votes of papers that were never listed are counted. */
const UNLISTED_SINCE = parseInstant('2026-01-01T00:00:00Z') as Instant;
const YEAR_HOURS = 8766;

/** The share of a process that is over after some hours: 0 at first, 63 % after `scale` hours. */
const progress = (hours: number, scale: number): number => (hours <= 0 ? 0 : 1 - Math.exp(-hours / scale));

/** A whole number near an expected value. It never falls while the value rises: each step has its own seeded place. */
function toCount(expected: number, seed: string): number {
  const whole = Math.floor(expected);
  return whole + (expected - whole >= seededUnit(`${seed} ${whole}`) ? 1 : 0);
}

const ageHours = ({ submitted }: SamplePaper, at: Instant): number =>
  Math.max(0, hoursBetween(submitted?.at ?? UNLISTED_SINCE, at));

/** Upvotes at a time: most come in the first day, the rest over weeks. Now and then one is withdrawn for an hour, as in the real feed. */
export function upvotesAt(paper: SamplePaper, at: Instant): number {
  const { id, upvotes, paceHours, wave, submitted } = paper;
  const hours = ageHours(paper, at);
  if (!submitted) return toCount(upvotes * (1 + hours / YEAR_HOURS), id);
  const first = upvotes * (0.78 * progress(hours, paceHours) + 0.22 * progress(hours, 140));
  const count = toCount(first + (wave ? wave.upvotes * progress(hours - wave.afterHours, 20) : 0), id);
  const withdrawn = count > 2 && seededUnit(`${id} withdrawn ${Math.floor(hours)}`) < 1 / 700;
  return withdrawn ? count - 1 : count;
}

/** Comments at a time. */
export const commentsAt = (paper: SamplePaper, at: Instant): number =>
  paper.submitted
    ? toCount(paper.comments * progress(ageHours(paper, at), 30), `${paper.id} comments`)
    : paper.comments;

/** Stars of the repository at a time; null where the feed does not know them. */
export function starsAt(paper: SamplePaper, at: Instant): number | null {
  const { id, stars, submitted } = paper;
  if (stars === null) return null;
  const hours = ageHours(paper, at);
  return submitted
    ? toCount(stars * progress(hours, 170), `${id} stars`)
    : Math.floor(stars * (1 + (0.05 * hours) / YEAR_HOURS));
}

/** A number from -1 to 1 that changes smoothly, within six hours. */
function moodAt(id: string, at: Instant): number {
  const time = hoursBetween(UNLISTED_SINCE, at) / 6;
  const step = Math.floor(time);
  const [from, to] = [seededUnit(`${id} mood ${step}`), seededUnit(`${id} mood ${step + 1}`)];
  return 2 * (from + (to - from) * (time - step)) - 1;
}

/** What the trending list is ordered by: listed papers cool down, unlisted ones come and go. */
export function trendingScoreAt(paper: SamplePaper, at: Instant): number {
  const { id, upvotes, wave, submitted } = paper;
  const hours = ageHours(paper, at);
  const mood = 1 + 0.16 * moodAt(id, at) + 0.02 * seededUnit(`${id} ${Math.floor(hours)}`);
  if (!submitted) {
    const period = 24 * (5 + 14 * seededUnit(`${id} period`));
    const tide = Math.sin(2 * Math.PI * (hours / period + seededUnit(`${id} phase`)));
    return mood * Math.sqrt(upvotes) * (0.75 + 0.7 * tide);
  }
  const cooling = Math.exp(-hours / (70 + 130 * seededUnit(`${id} cooling`)));
  const again = wave ? Math.exp(-(((hours - wave.afterHours - 20) / 40) ** 2)) : 0;
  return mood * upvotes ** 0.7 * (progress(hours, 5) * cooling + 0.8 * again);
}

/** The list day of a paper at a time; null for a paper that was never listed. */
export const listDayAt = ({ submitted, redated }: SamplePaper, at: Instant): Day | null =>
  redated && at >= redated.at ? redated.to : (submitted?.day ?? null);

/** The title of a paper at a time. */
export const titleAt = ({ title, retitled }: SamplePaper, at: Instant): string =>
  retitled && at < retitled.at ? retitled.from : title;
