import { addDays, addSeconds, type Day, type Instant, parseDay, startOfDay } from '../lib/time.ts';
import { fashionOf, isBusy, isCrowded, isRedated, isRetitled, isWeekend, numberOf } from './calendar.ts';
import { ORGANIZATIONS, type Organization, pickAuthors, toLogin } from './people.ts';
import { createRandom, hashSeed, pick, pickByWeight, type Random, randomInt } from './random.ts';
import { type SampleTopic, TOPICS } from './topics.ts';
import { composePaper, type Wording } from './wording.ts';

/** How people receive a paper. */
export type Reception = {
  /** Upvotes it will have got in the end, without the second wave. */
  readonly upvotes: number;
  /** Hours in which most of those who will vote have done so. */
  readonly paceHours: number;
  /** A second wave, as when somebody writes about it; null for most. */
  readonly wave: { readonly afterHours: number; readonly upvotes: number } | null;
  readonly comments: number;
  /** Stars of its repository in the end; null where the feed does not know them. */
  readonly stars: number | null;
};

/** A made-up paper, before anything that moves. */
export type SamplePaper = {
  readonly id: string;
  readonly title: string;
  /** The title until then; null for nearly all. */
  readonly retitled: { readonly from: string; readonly at: Instant } | null;
  readonly abstract: string;
  readonly authors: readonly string[];
  readonly publishedOn: Day;
  /** When it was put on a daily list; null for a paper that never was. */
  readonly submitted: {
    readonly at: Instant;
    readonly day: Day;
    readonly login: string;
    readonly fullname: string;
  } | null;
  /** The list that it is moved to, and when; null for nearly all. */
  readonly redated: { readonly to: Day; readonly at: Instant } | null;
  readonly organization: Organization | null;
  readonly keywords: readonly string[] | null;
  /** The machine-made summary and when it appears; null where it never does. */
  readonly aiSummary: { readonly text: string; readonly at: Instant } | null;
  readonly repository: string | null;
  readonly projectPage: string | null;
  readonly media: readonly string[] | null;
  readonly reception: Reception;
};

/** arXiv gives out fewer than 60,000 numbers a month: sequences from 90000 never mean a real paper. */
const OUT_OF_REACH = 9;
/** No list is longer; numbers of a day's papers lie this far apart. */
const DAY_NUMBERS = 140;
/** How many papers the busy day has. */
const BUSY_COUNT = 130;
/** Days until numbers may come back; by then the month has changed: 70 × 140 < 10,000. */
const NUMBER_DAYS = 70;
/**
 * Names and titles are dealt out by their hash to twelve weeks, and one share to the papers that were never listed:
 * so no title comes twice in any twelve weeks, though every week is made without knowledge of the others.
 */
const WEEKS_IN_DEAL = 12;
const SHARES = WEEKS_IN_DEAL + 1;
const UNLISTED_SHARE = WEEKS_IN_DEAL;

const lognormal = (chance: Random, median: number, spread: number): number => {
  const normal = Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  return median * Math.exp(spread * normal);
};

/** Tells whether a text (a name or a title) belongs to a share of the deal and was not used yet; marks it used. */
function dealer(share: number): (text: string) => boolean {
  const used = new Set<string>();
  return (text) => {
    const key = text.toLowerCase();
    if (hashSeed(key) % SHARES !== share || used.has(key)) return false;
    used.add(key);
    return true;
  };
}

/** Median 6, p90 29, at most 250, as counted in the real feed; some get a second wave. */
function receptionOf(chance: Random, hasRepository: boolean): Reception {
  const upvotes = Math.min(205 + 41 * chance(), lognormal(chance, 6.6, 1.2));
  const again = chance() < 0.14 && upvotes > 5;
  return {
    upvotes,
    paceHours: 5 + chance() * 9,
    wave: again
      ? { afterHours: 80 + chance() * 420, upvotes: Math.min(250 - upvotes, upvotes * (0.15 + chance() * 0.4)) }
      : null,
    comments: Math.floor(1 + chance() * 1.1 * Math.sqrt(upvotes)),
    stars: hasRepository && chance() < 0.85 ? Math.floor(lognormal(chance, 3 + upvotes * 1.4, 1.3)) : null,
  };
}

const repositoryOf = (chance: Random, owner: string, { name, keywords }: Wording): string => {
  const project = (name ?? keywords.at(-1) ?? 'code').replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/-+$/g, '');
  const ending = chance() < 0.94 ? '' : pick(chance, ['/', '.git']);
  return `https://github.com/example-${owner}/${project}${ending}`;
};

const hostOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');

type Facts = {
  readonly id: string;
  readonly publishedOn: Day;
  readonly organization: Organization | null;
  readonly authors: readonly string[];
  readonly wording: Wording;
};

/** What listed and unlisted papers have in common. */
function bare(chance: Random, { id, publishedOn, organization, authors, wording }: Facts) {
  const owner = organization?.name ?? hostOf(toLogin(chance, authors[0] ?? ''));
  const repository = chance() < 0.48 ? repositoryOf(chance, owner, wording) : null;
  return {
    id,
    title: wording.title,
    abstract: wording.abstract,
    authors,
    publishedOn,
    organization,
    keywords: chance() < 0.94 ? wording.keywords : null,
    repository,
    projectPage: wording.name !== null && chance() < 0.3 ? `https://${hostOf(wording.name)}.example/` : null,
    media: chance() < 0.13 ? [`https://media.example/${id}.mp4`] : null,
  };
}

const organizationFor = (chance: Random): Organization | null => (chance() < 0.5 ? pick(chance, ORGANIZATIONS) : null);

const topicOn = (chance: Random, day: Day): SampleTopic =>
  pickByWeight(
    chance,
    [...TOPICS.entries()],
    ([place, topic]) => topic.weight * (1 + fashionOf(place, TOPICS.length, day)),
  )[1];

const idOf = (publishedOn: Day, day: Day, place: number): string => {
  const dayNumber = numberOf(day) % NUMBER_DAYS;
  const number = dayNumber * DAY_NUMBERS + ((place * 37 + dayNumber) % DAY_NUMBERS);
  return `${publishedOn.slice(2, 4)}${publishedOn.slice(5, 7)}.${OUT_OF_REACH}${String(number).padStart(4, '0')}`;
};

/** Most are sent in on the European morning, as they really are; the rest trickles in until the evening. */
const submissionOf = (chance: Random, day: Day): Instant => {
  const hour = chance() < 0.62 ? 1.5 + chance() * 6.5 : 8 + chance() * 14.5;
  return addSeconds(startOfDay(day), Math.floor(hour * 3600));
};

/** Real papers reach a list one day after they are published (half of them), nearly all within a week. */
const lagOf = (chance: Random): number => (chance() < 0.5 ? 1 : 1 + Math.floor(chance() ** 2 * 6));

function paperOf(day: Day, place: number, fresh: (text: string) => boolean): SamplePaper {
  const chance = createRandom(`paper ${day} ${place}`);
  const wording = composePaper(chance, topicOn(chance, day), fresh);
  const publishedOn = addDays(day, -lagOf(chance));
  const organization = organizationFor(chance);
  const crowd = isCrowded(day) && place === 0;
  const authors = pickAuthors(chance, organization, crowd ? 68 : randomInt(chance, 2, 9));
  const facts = bare(chance, { id: idOf(publishedOn, day, place), publishedOn, organization, authors, wording });
  const at = submissionOf(chance, day);
  const fullname = chance() < 0.6 ? pick(chance, authors.slice(0, 9)) : (pickAuthors(chance, null, 1)[0] ?? '');
  const movesOn = isRedated(day) && place === 4;
  return {
    ...facts,
    retitled:
      isRetitled(day) && place === 0
        ? { from: wording.earlierTitle, at: addSeconds(startOfDay(addDays(day, 2)), 9 * 3600) }
        : null,
    submitted: { at, day, login: toLogin(createRandom(`login ${fullname}`), fullname), fullname },
    redated: movesOn ? { to: addDays(day, 1), at: addSeconds(startOfDay(addDays(day, 1)), 10 * 3600) } : null,
    aiSummary: chance() < 0.9 ? { text: wording.aiSummary, at: addSeconds(at, randomInt(chance, 2, 14) * 3600) } : null,
    reception: receptionOf(chance, facts.repository !== null),
  };
}

/** Every paper of a week by its day, weekends left out; `week` counts from the one that `numberOf` counts from. */
function weekOf(week: number, monday: Day): ReadonlyMap<Day, readonly SamplePaper[]> {
  const fresh = dealer(week % WEEKS_IN_DEAL);
  const papersFor = (day: Day) => {
    const count = isBusy(day) ? BUSY_COUNT : randomInt(createRandom(`day ${day}`), 12, 40);
    return Array.from({ length: count }, (_, place) => paperOf(day, place, fresh));
  };
  return new Map([0, 1, 2, 3, 4].map((days) => addDays(monday, days)).map((day) => [day, papersFor(day)]));
}

/** Made once, then remembered: the trending list of the first of six weeks looks six weeks back, in parts of weeks. */
const REMEMBERED_WEEKS = 15;
const remembered = new Map<number, ReadonlyMap<Day, readonly SamplePaper[]>>();

/** The papers put on the list of a day (from 1970 on), in no order; always the same ones, none on weekends. */
export function samplePapers(day: Day): readonly SamplePaper[] {
  if (isWeekend(day)) return [];
  const number = numberOf(day);
  const week = Math.floor(number / 7);
  let papers = remembered.get(week);
  if (!papers) {
    const [oldest] = remembered.keys();
    if (oldest !== undefined && remembered.size >= REMEMBERED_WEEKS) remembered.delete(oldest);
    papers = weekOf(week, addDays(day, -(number % 7)));
    remembered.set(week, papers);
  }
  return papers.get(day) ?? [];
}

const UNLISTED_COUNT = 34;

function unlistedPaper(place: number, fresh: (text: string) => boolean): SamplePaper {
  const chance = createRandom(`unlisted ${place}`);
  const wording = composePaper(chance, pick(chance, TOPICS), fresh);
  const month = String(randomInt(chance, 1, 12)).padStart(2, '0');
  const publishedOn = parseDay(`${randomInt(chance, 2018, 2025)}-${month}-${randomInt(chance, 10, 28)}`) ?? ('' as Day);
  const organization = organizationFor(chance);
  const id = `${publishedOn.slice(2, 4)}${month}.${OUT_OF_REACH}${9900 + place}`;
  const facts = bare(chance, {
    id,
    publishedOn,
    organization,
    authors: pickAuthors(chance, organization, randomInt(chance, 2, 9)),
    wording,
  });
  return {
    ...facts,
    retitled: null,
    submitted: null,
    redated: null,
    aiSummary: chance() < 0.5 ? { text: wording.aiSummary, at: startOfDay(publishedOn) } : null,
    repository: facts.repository ?? repositoryOf(chance, `project-${place}`, wording),
    reception: {
      upvotes: Math.min(190, lognormal(chance, 40, 0.8)),
      paceHours: 10,
      wave: null,
      comments: randomInt(chance, 0, 9),
      stars: Math.floor(lognormal(chance, 4000, 1.2)),
    },
  };
}

const classic = (
  id: string,
  publishedOn: string,
  title: string,
  abstract: string,
  authors: readonly string[],
): SamplePaper => ({
  id,
  title,
  retitled: null,
  abstract,
  authors,
  publishedOn: publishedOn as Day,
  submitted: null,
  redated: null,
  organization: null,
  keywords: null,
  aiSummary: null,
  repository: null,
  projectPage: null,
  media: null,
  reception: { upvotes: 3, paceHours: 10, wave: null, comments: 0, stars: null },
});

/** Papers with ids as arXiv gave them before 2007, numbers that it never reached; they turn up in searches. */
const CLASSICS: readonly SamplePaper[] = [
  classic(
    'cs/9901931',
    '1999-01-22',
    'Bargaining among Software Agents That Cannot Trust Their Clocks',
    'Agents that trade with each other must agree on the order of their offers. We study bargaining when messages are delayed and clocks drift. A protocol with sealed offers is given under which honest agents lose at most one round, and it is tested in a market of 64 simulated traders.',
    ['Rosalind Penhallon', 'Idris Mizrahat'],
  ),
  classic(
    'cs/0107944',
    '2001-07-11',
    'Letting Mail Agents Ask: Interruptions as a Resource',
    'Personal agents that sort mail improve when they ask questions, and annoy when they ask too many. We treat interruptions as a resource with a price. In a study with 23 users over two months, agents that budget their questions were kept switched on twice as long.',
    ['Käthe Steinmühl', 'Owen Larkhill', 'Signe Kjærbo'],
  ),
  classic(
    'cs/0411907',
    '2004-11-29',
    'Shared Blackboards for Many Small Agents',
    'A blackboard lets independent agents cooperate without knowing of each other. We describe one that forgets: entries fade unless some agent reads them. The scheme keeps the board small and makes a team of 200 agents robust against members that write nonsense.',
    ['Tomás Ibarrola'],
  ),
];

let unlisted: readonly SamplePaper[] | null = null;

/** Papers that never were on a daily list and trend all the same, years after they were published. */
export function unlistedPapers(): readonly SamplePaper[] {
  if (unlisted) return unlisted;
  const fresh = dealer(UNLISTED_SHARE);
  unlisted = Array.from({ length: UNLISTED_COUNT }, (_, place) => unlistedPaper(place, fresh));
  return unlisted;
}

/** Old papers about agents; no list has them, the watched search does. */
export const classicPapers = (): readonly SamplePaper[] => CLASSICS;
