import { addDays, addSeconds, type Day, type Instant, parseDay, startOfDay } from '../lib/time.ts';
import { dayNumber, hasLargeTeam, isBusy, isRedated, isRetitled, isWeekend, topicBoost } from './calendar.ts';
import { loginFor, ORGANIZATIONS, pickAuthors, type SampleOrganization } from './people.ts';
import { createRandom, hashText, pick, pickByWeight, type Random, randomInt } from './random.ts';
import wording from './wording.json' with { type: 'json' };
import { composePaper, type PaperText, TOPICS } from './wording.ts';

/** An invented paper: everything that does not move with time. */
export type SamplePaper = {
  readonly id: string;
  readonly title: string;
  readonly abstract: string;
  readonly authors: readonly string[];
  readonly publishedOn: Day;
  readonly organization: SampleOrganization | null;
  readonly keywords: readonly string[] | null;
  readonly repository: string | null;
  readonly projectPage: string | null;
  readonly media: readonly string[] | null;
  /** The machine-made summary and when it appears; null where it never does. */
  readonly aiSummary: { readonly text: string; readonly at: Instant } | null;
  /** Who put it on which daily list, and when; null for a paper that never was on one. */
  readonly submitted: {
    readonly at: Instant;
    readonly day: Day;
    readonly login: string;
    readonly fullname: string;
  } | null;
  /** The title before `at`; null for a paper whose title never changes. */
  readonly retitled: { readonly from: string; readonly at: Instant } | null;
  /** The list that it moves to; null for a paper that stays. */
  readonly redated: { readonly to: Day; readonly at: Instant } | null;
  /** Upvotes in the end, without a second wave. */
  readonly upvotes: number;
  /** Hours in which most of the upvotes come. */
  readonly paceHours: number;
  /** Later upvotes, as after a mention elsewhere. */
  readonly wave: { readonly afterHours: number; readonly upvotes: number } | null;
  readonly comments: number;
  /** Stars of the repository in the end; null where the feed does not know them. */
  readonly stars: number | null;
};

/** arXiv gives out fewer than 60,000 numbers a month, so numbers from 90000 never mean a real paper. */
const FIRST_NUMBER = 90_000;
/** Every day has 140 numbers, and numbers return after 70 days, when the month in the id has changed. */
const [NUMBERS_A_DAY, NUMBER_DAYS] = [140, 70];
const BUSY_COUNT = 130;
const UNLISTED_COUNT = 34;
/** Names and titles are divided by their hash among twelve weeks and the unlisted papers, so that weeks made apart never share one. */
const WEEKS = 12;

const lognormal = (random: Random, median: number, spread: number): number =>
  median * Math.exp(spread * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));

/** A function that says once of every text of a share that it is free. */
function createShare(share: number): (text: string) => boolean {
  const used = new Set<string>();
  return (text) => {
    const key = text.toLowerCase();
    const free = hashText(key) % (WEEKS + 1) === share && !used.has(key);
    if (free) used.add(key);
    return free;
  };
}

const hostFor = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

function repositoryFor(random: Random, owner: string, { name, keywords }: PaperText): string {
  const ending = random() < 0.94 ? '' : pick(random, ['/', '.git']);
  return `https://github.com/example-${owner}/${hostFor(name ?? keywords.at(-1) ?? 'code')}${ending}`;
}

/** What listed and unlisted papers have in common. */
function describePaper(random: Random, id: string, publishedOn: Day, text: PaperText, authorCount: number) {
  const organization = random() < 0.5 ? pick(random, ORGANIZATIONS) : null;
  const authors = pickAuthors(random, organization, authorCount);
  const owner = organization?.name ?? loginFor(authors[0] ?? '');
  return {
    id,
    title: text.title,
    abstract: text.abstract,
    authors,
    publishedOn,
    organization,
    keywords: random() < 0.94 ? text.keywords : null,
    repository: random() < 0.48 ? repositoryFor(random, owner, text) : null,
    projectPage: text.name !== null && random() < 0.3 ? `https://${hostFor(text.name)}.example/` : null,
    media: random() < 0.13 ? [`https://media.example/${id}.mp4`] : null,
    ...NOTHING_MOVES,
  };
}

/** What a paper that was never on a daily list has instead of its dates. */
const NOTHING_MOVES = { submitted: null, retitled: null, redated: null, wave: null };

const yearAndMonth = (day: Day): string => day.slice(2, 7).replace('-', '');

function listedPaper(day: Day, place: number, isFree: (text: string) => boolean): SamplePaper {
  const random = createRandom(`paper ${day} ${place}`);
  const weighted = TOPICS.map((topic, at) => ({
    topic,
    weight: topic.weight * (1 + topicBoost(at, TOPICS.length, day)),
  }));
  const text = composePaper(random, pickByWeight(random, weighted, ({ weight }) => weight).topic, isFree);
  // As in the real feed, half are listed the day after publication and nearly all within a week, most of them in the European morning.
  const publishedOn = addDays(day, random() < 0.5 ? -1 : -1 - Math.floor(random() ** 2 * 6));
  const hour = random() < 0.62 ? 1.5 + random() * 6.5 : 8 + random() * 14.5;
  const at = addSeconds(startOfDay(day), Math.floor(hour * 3600));
  const number = FIRST_NUMBER + (dayNumber(day) % NUMBER_DAYS) * NUMBERS_A_DAY + ((place * 37) % NUMBERS_A_DAY);
  const id = `${yearAndMonth(publishedOn)}.${number}`;
  const authorCount = hasLargeTeam(day) && place === 0 ? 68 : randomInt(random, 2, 9);
  const facts = describePaper(random, id, publishedOn, text, authorCount);
  const fullname = random() < 0.6 ? pick(random, facts.authors.slice(0, 9)) : (pickAuthors(random, null, 1)[0] ?? '');
  // Median 6, 90 % below 29, at most 250, as counted in the real feed.
  const upvotes = Math.min(205 + 41 * random(), lognormal(random, 6.6, 1.2));
  const wave = { afterHours: 80 + random() * 420, upvotes: Math.min(250 - upvotes, upvotes * (0.15 + random() * 0.4)) };
  return {
    ...facts,
    aiSummary: random() < 0.9 ? { text: text.aiSummary, at: addSeconds(at, randomInt(random, 2, 14) * 3600) } : null,
    submitted: { at, day, login: loginFor(fullname), fullname },
    retitled:
      isRetitled(day) && place === 0
        ? { from: text.earlierTitle, at: addSeconds(startOfDay(addDays(day, 2)), 9 * 3600) }
        : null,
    redated:
      isRedated(day) && place === 4
        ? { to: addDays(day, 1), at: addSeconds(startOfDay(addDays(day, 1)), 10 * 3600) }
        : null,
    upvotes,
    paceHours: 5 + random() * 9,
    wave: random() < 0.14 && upvotes > 5 ? wave : null,
    comments: Math.floor(1 + random() * 1.1 * Math.sqrt(upvotes)),
    stars: facts.repository && random() < 0.85 ? Math.floor(lognormal(random, 3 + upvotes * 1.4, 1.3)) : null,
  };
}

/** Weeks made so far, by their number. The oldest is dropped when there are 15, more than any list of the sample needs. */
const weeks = new Map<number, ReadonlyMap<Day, readonly SamplePaper[]>>();

/** The papers put on the daily list of a day from 1970 on, in no order; always the same papers, none on weekends. */
export function samplePapers(day: Day): readonly SamplePaper[] {
  const week = Math.floor(dayNumber(day) / 7);
  if (isWeekend(day)) return [];
  let papers = weeks.get(week);
  if (!papers) {
    const isFree = createShare(week % WEEKS);
    const monday = addDays(day, -(dayNumber(day) % 7));
    papers = new Map(
      [0, 1, 2, 3, 4].map((after) => {
        const on = addDays(monday, after);
        const length = isBusy(on) ? BUSY_COUNT : randomInt(createRandom(`day ${on}`), 12, 40);
        return [on, Array.from({ length }, (_, place) => listedPaper(on, place, isFree))];
      }),
    );
    const [oldest] = weeks.keys();
    if (oldest !== undefined && weeks.size >= 15) weeks.delete(oldest);
    weeks.set(week, papers);
  }
  return papers.get(day) ?? [];
}

function unlistedPaper(place: number, isFree: (text: string) => boolean): SamplePaper {
  const random = createRandom(`unlisted ${place}`);
  const text = composePaper(random, pick(random, TOPICS), isFree);
  const publishedOn = parseDay(
    `${randomInt(random, 2018, 2025)}-${randomInt(random, 10, 12)}-${randomInt(random, 10, 28)}`,
  ) as Day;
  const id = `${yearAndMonth(publishedOn)}.${FIRST_NUMBER + 9900 + place}`;
  const facts = describePaper(random, id, publishedOn, text, randomInt(random, 2, 9));
  return {
    ...facts,
    repository: facts.repository ?? repositoryFor(random, `project-${place}`, text),
    aiSummary: random() < 0.5 ? { text: text.aiSummary, at: startOfDay(publishedOn) } : null,
    upvotes: Math.min(190, lognormal(random, 40, 0.8)),
    paceHours: 10,
    comments: randomInt(random, 0, 9),
    stars: Math.floor(lognormal(random, 4000, 1.2)),
  };
}

let unlisted: readonly SamplePaper[] | null = null;

/** Papers that were never on a daily list and trend years after their publication. */
export function unlistedPapers(): readonly SamplePaper[] {
  const isFree = createShare(WEEKS);
  unlisted ??= Array.from({ length: UNLISTED_COUNT }, (_, place) => unlistedPaper(place, isFree));
  return unlisted;
}

/** Papers with ids of the form that arXiv used before 2007, found by the watched search only. */
export const classicPapers = (): readonly SamplePaper[] =>
  wording.classics.map((paper) => ({
    organization: null,
    keywords: null,
    repository: null,
    projectPage: null,
    media: null,
    aiSummary: null,
    ...NOTHING_MOVES,
    upvotes: 3,
    paceHours: 10,
    comments: 0,
    stars: null,
    ...paper,
    publishedOn: paper.publishedOn as Day,
  }));
