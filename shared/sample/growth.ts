import { type Day, type Instant, parseInstant } from '../lib/time.ts';
import { hoursBetween } from './calendar.ts';
import type { SamplePaper } from './papers.ts';
import { seededUnit } from './random.ts';

/** What moves: votes, comments, stars, and how much a paper is talked about. All follow from the paper and the time. */

/** What people vote for in the first day is most of what they ever will; the rest comes over weeks. */
const FIRST_RUSH = 0.78;
const LATER_HOURS = 140;
/** A second wave takes about a day. */
const WAVE_HOURS = 20;
/** One vote in so many paper-hours is taken back (38 of 33,006 real steps go down). */
const WITHDRAWN = 1 / 700;
/** Papers that were never listed are counted from here; before, they had their votes. */
const UNLISTED_SINCE = parseInstant('2026-01-01T00:00:00Z') ?? ('' as Instant);

const saturation = (hours: number, scale: number): number => (hours <= 0 ? 0 : 1 - Math.exp(-hours / scale));

/** Turns an expectation into a count: the nth vote comes when the expectation reaches its own place between n and n + 1, so that counts never fall. */
const counted = (expected: number, key: string): number => {
  const whole = Math.floor(expected);
  return whole + (expected - whole >= seededUnit(`${key} ${whole}`) ? 1 : 0);
};

const bornAt = (paper: SamplePaper): Instant => paper.submitted?.at ?? UNLISTED_SINCE;

const hoursOf = (paper: SamplePaper, at: Instant): number => Math.max(0, hoursBetween(bornAt(paper), at));

/** Upvotes at a time. They rise fast for a day, then slowly; now and then one is taken back for an hour. */
export function upvotesAt(paper: SamplePaper, at: Instant): number {
  const { id, reception, submitted } = paper;
  const hours = hoursOf(paper, at);
  // An unlisted paper doubles its votes within a year.
  if (!submitted) return counted(reception.upvotes * (1 + hours / 8766), id);
  const rush = FIRST_RUSH * saturation(hours, reception.paceHours) + (1 - FIRST_RUSH) * saturation(hours, LATER_HOURS);
  const wave = reception.wave;
  const expected =
    reception.upvotes * rush + (wave ? wave.upvotes * saturation(hours - wave.afterHours, WAVE_HOURS) : 0);
  const count = counted(expected, id);
  const withdrawn = count > 2 && seededUnit(`${id} withdrawn ${Math.floor(hours)}`) < WITHDRAWN;
  return withdrawn ? count - 1 : count;
}

/** Comments at a time. */
export const commentsAt = (paper: SamplePaper, at: Instant): number =>
  paper.submitted
    ? counted(paper.reception.comments * saturation(hoursOf(paper, at), 30), `${paper.id} comments`)
    : paper.reception.comments;

/** Stars of the repository at a time; null where the feed does not know them. */
export function starsAt(paper: SamplePaper, at: Instant): number | null {
  const { stars } = paper.reception;
  if (stars === null) return null;
  const hours = hoursOf(paper, at);
  // A known repository grows by some 5 % a year, a new one fills up within two weeks.
  if (!paper.submitted) return stars + Math.floor((stars * 0.05 * hours) / 8766);
  return counted(stars * saturation(hours, 170), `${paper.id} stars`);
}

/** How long moods last, in hours. */
const MOOD_HOURS = 6;

/** Wanders between -1 and 1, smoothly over hours. */
const moodOf = (id: string, at: Instant): number => {
  const time = hoursBetween(UNLISTED_SINCE, at) / MOOD_HOURS;
  const step = Math.floor(time);
  const [here, next] = [seededUnit(`${id} mood ${step}`), seededUnit(`${id} mood ${step + 1}`)];
  return 2 * (here + (next - here) * (time - step)) - 1;
};

/** How much a paper is talked about at a time; what the trending list is ordered by. Listed papers cool down, old ones come and go. */
export function heatAt(paper: SamplePaper, at: Instant): number {
  const { id, reception, submitted } = paper;
  const hours = hoursOf(paper, at);
  const mood = 1 + 0.16 * moodOf(id, at) + 0.02 * seededUnit(`${id} ${Math.floor(hours)}`);
  if (!submitted) {
    const period = 24 * (5 + 14 * seededUnit(`${id} period`));
    const tide = Math.sin(2 * Math.PI * (hours / period + seededUnit(`${id} phase`)));
    return mood * Math.sqrt(reception.upvotes) * (0.75 + 0.7 * tide);
  }
  const cooling = Math.exp(-hours / (70 + 130 * seededUnit(`${id} cooling`)));
  const wave = reception.wave ? Math.exp(-(((hours - reception.wave.afterHours - 20) / 40) ** 2)) : 0;
  return mood * reception.upvotes ** 0.7 * (saturation(hours, 5) * cooling + 0.8 * wave);
}

/** The list day of a paper at a time; null for a paper that was never listed. */
export const listDayAt = ({ submitted, redated }: SamplePaper, at: Instant): Day | null =>
  redated && at >= redated.at ? redated.to : (submitted?.day ?? null);

/** The title at a time. */
export const titleAt = ({ title, retitled }: SamplePaper, at: Instant): string =>
  retitled && at < retitled.at ? retitled.from : title;
