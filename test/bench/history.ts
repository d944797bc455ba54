import { join } from 'node:path';
import { addDays, addSeconds, type Day, startOfDay } from '../../shared/lib/time.ts';
import { agent, bodyOf, serveFolder, stop, untilCompared } from './http.ts';
import { type Figure, inFolder, medianOf, percentileOf, timed, times } from './measure.ts';
import { paperOf, storeDays, wordAt } from './years.ts';

/** The last day of all archives, a Wednesday, and how many days they have. */
const LAST = '2026-07-29' as Day;
const SIZES = { '1 month': 31, '10 years': 3652 } as const;

/** Each round asks all questions, each so many times. A figure is the median of the rounds, since a shared machine may run at half its speed for minutes. */
const ROUNDS = 5;
const REQUESTS = 200;
const WARMING = 20;

/** What a request asks about; after ten years no two of a question are the same. */
type Asked = {
  readonly n: number;
  /** A day with a daily list. */
  readonly day: Day;
  /** The 23rd hour of that day. */
  readonly end: string;
  readonly paper: string;
  /** Among the 230 most frequent words. */
  readonly word: string;
  readonly other: string;
  readonly keyword: string;
};

function askedOf(n: number, days: number): Asked {
  const weeks = Math.floor(days / 7);
  const day = addDays(LAST, -7 * ((n * 37) % weeks));
  return {
    n,
    day,
    end: addSeconds(startOfDay(day), 23 * 3600),
    paper: paperOf(day, n % 25),
    word: wordAt(11 + n).replace('-', '+'),
    other: wordAt(16 + ((n * 7) % 220)).replace('-', '+'),
    keyword: `keyword-${5 + (n % 60)}`,
  };
}

/** What is asked, and its limit: as many times what it takes with one month, or milliseconds when warm. */
type Question = readonly [name: string, path: (asked: Asked) => string, limit: '1.5 ×' | '50 ms'];

/** The days before a day, as parameters. */
const before = (day: Day, days: number): string => `from=${addDays(day, -days)}&to=${day}`;

const QUESTIONS: readonly Question[] = [
  ["a day's list", ({ day }) => `/daily/${day}.json`, '1.5 ×'],
  ["a paper's page", ({ paper }) => `/papers/${paper}`, '1.5 ×'],
  ['movers of a day', ({ end }) => `/movers.json?window=24h&to=${end}`, '1.5 ×'],
  ['movers of trending in a week', ({ end }) => `/movers.json?list=trending&window=7d&to=${end}`, '50 ms'],
  ['a replay', ({ day }) => `/daily/${day}/replay.json`, '50 ms'],
  ['new since a day', ({ day }) => `/new.json?since=${startOfDay(day)}`, '50 ms'],
  ['search, one word', ({ word }) => `/search.json?q=${word}`, '50 ms'],
  ['search, two words', ({ word, other }) => `/search.json?q=${word}+${other}`, '50 ms'],
  ['search, a phrase', ({ word, other }) => `/search.json?q=%22long+tables%22+-%22${word}+${other}%22`, '50 ms'],
  ['search, a name', ({ n }) => `/search.json?q=%22Ada+Author+${77 + n}%22`, '50 ms'],
  [
    'search, alternatives by upvotes',
    ({ word, other }) => `/search.json?q=(${word}+OR+${other})&sort=upvotes`,
    '50 ms',
  ],
  [
    'search, a keyword with code',
    ({ word, keyword }) => `/search.json?q=${word}&keyword=${keyword}&code=true`,
    '50 ms',
  ],
  [
    'search, a year',
    ({ word, n }) => `/search.json?q=${word}&from=20${17 + (n % 9)}-01-01&to=20${17 + (n % 9)}-12-31`,
    '50 ms',
  ],
  ['search, a range of days', ({ word, day }) => `/search.json?q=${word}&${before(day, 800)}`, '50 ms'],
  ['search, a list', ({ word, n }) => `/search.json?q=${word}&list=trending&minUpvotes=${n % 50}`, '50 ms'],
  [
    'search, a list in a range of days',
    ({ word, n, day }) => `/search.json?q=${word}&list=trending&minUpvotes=${n % 50}&${before(day, 800)}`,
    '50 ms',
  ],
  ['search, a best rank', ({ word, n }) => `/search.json?q=${word}&maxRank=${1 + (n % 9)}`, '50 ms'],
  ['top of a month', ({ day }) => `/top.json?${before(day, 30)}`, '50 ms'],
  ['top of a year', ({ day }) => `/top.json?${before(day, 364)}`, '50 ms'],
  ['top of a year by what is expected', ({ day }) => `/top.json?by=expected&${before(day, 364)}`, '50 ms'],
  ['top of a year by stars gained', ({ day }) => `/top.json?by=stars-gained&${before(day, 364)}`, '50 ms'],
  ['the curve of a day', ({ day }) => `/expected.json?day=${day}`, '50 ms'],
  ['topics', ({ day }) => `/topics.json?to=${day}`, '50 ms'],
  ['topics that rise', ({ day }) => `/topics.json?sort=rising&to=${day}`, '50 ms'],
  ['a topic over two years', ({ keyword, day }) => `/topics/${keyword}.json?${before(day, 730)}`, '50 ms'],
  ['a phrase over two years', ({ word, day }) => `/topics.json?q=${word}+tables&${before(day, 730)}`, '50 ms'],
  [
    'eight topics over two years',
    ({ n, day }) =>
      `/compare.json?topics=${Array.from({ length: 8 }, (_, at) => `keyword-${5 + ((n + at * 11) % 90)}`)}&${before(day, 730)}`,
    '50 ms',
  ],
  ["a paper's history", ({ paper }) => `/papers/${paper}/history.json`, '50 ms'],
  ['papers similar to one', ({ paper }) => `/papers/${paper}/similar.json`, '50 ms'],
  ['coverage of a year', ({ day }) => `/coverage.json?${before(day, 365)}`, '50 ms'],
  ["a page of all days' coverage", () => '/coverage', '50 ms'],
  ['the index of keywords', ({ n }) => `/keywords.json?q=keyword+${n}`, '50 ms'],
  ['the index of organizations', ({ n }) => `/organizations.json?q=lab+${n}`, '50 ms'],
  ['the index of authors', ({ n }) => `/authors.json?q=ada+author+${n}`, '50 ms'],
  ['the papers of a keyword', ({ keyword, day }) => `/keywords/${keyword}.json?to=${day}`, '50 ms'],
];

/** What the requests of one question took after so many days of archive, in milliseconds: medians of the rounds, and the 99th percentile of each round. */
type Taken = { readonly size: string; readonly median: number; readonly p99: number; readonly p99s: readonly number[] };

/** Work that is always the same: how much its times differ is how much the speed of the machine does. */
const SAME_WORK = JSON.stringify(Array.from({ length: 30_000 }, (_, n) => ({ n, name: `name ${n}` })));

/** What an archive of some size took, in milliseconds; `first` is the first search, which makes the catalog. */
type Measured = { readonly size: string; readonly first: number; readonly taken: Taken[]; readonly sameWork: number[] };

/** Asks an archive of so many days all questions in their order. */
async function measure(folder: string, size: string, days: number): Promise<Measured> {
  const data = join(folder, `${days}`);
  await storeDays(data, addDays(LAST, 1 - days), LAST);
  const site = await serveFolder(data);
  try {
    const first = await timed(() => bodyOf(`${site.url}/search.json?q=tables`));
    await untilCompared(site.url, paperOf(LAST, 0));
    const ask = ([, path]: Question, n: number, round: number) => {
      const asked = path(askedOf(n, days));
      // the address at least is another one in each round, and where a short archive has too few days
      const url = `${site.url}${asked}${asked.includes('?') ? '&' : '?'}asked=${round}-${n}`;
      return timed(() => bodyOf(url));
    };
    // of all questions first: code that several share would else be compiled in the first of them
    for (let n = 0; n < WARMING; n++) for (const question of QUESTIONS) await ask(question, n, 0);
    const rounds = QUESTIONS.map((): number[][] => []);
    const sameWork: number[] = [];
    for (let round = 0; round < ROUNDS; round++)
      for (const [at, question] of QUESTIONS.entries()) {
        const each: number[] = [];
        for (let n = 0; n < REQUESTS; n++) each.push(await ask(question, WARMING + n, round));
        rounds[at]?.push(each);
        sameWork.push(await timed(() => JSON.parse(SAME_WORK)));
      }
    const taken = rounds.map((each): Taken => {
      const p99s = each.map((times) => percentileOf(times, 99));
      return { size, median: medianOf(each.map(medianOf)), p99: medianOf(p99s), p99s };
    });
    return { size, first, taken, sameWork };
  } finally {
    await stop(site);
  }
}

/** Questions over history by HTTP, at two lengths of archive. */
export async function benchHistory(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const sizes: Measured[] = [];
    for (const [size, days] of Object.entries(SIZES)) sizes.push(await measure(folder, size, days));
    agent.destroy();
    return [
      ...QUESTIONS.map((question, at) =>
        figureOf(
          question,
          sizes.map(({ taken }) => taken[at] as Taken),
        ),
      ),
      ...sizes.map(({ size, first }) => ({
        name: `history: first search of ${size}`,
        value: `${(first / 1000).toFixed(1)} s`,
        limit: '',
        against: 'the catalog is made from the table first',
      })),
      ...sizes.map(({ size, sameWork }) => {
        const [least, median, p99] = [Math.min(...sameWork), medianOf(sameWork), percentileOf(sameWork, 99)];
        return {
          name: `history: the machine during ${size}`,
          value: times(p99 / least),
          limit: '',
          against: `p99 against the least time to parse the same text: least ${least.toFixed(1)}, median ${median.toFixed(1)}, p99 ${p99.toFixed(1)} ms`,
        };
      }),
    ];
  });
}

function figureOf([name, , limit]: Question, taken: readonly Taken[]): Figure {
  const [month, years] = taken as [Taken, Taken];
  const isRatio = limit === '1.5 ×';
  return {
    name: `history: ${name}`,
    value: isRatio ? times(years.p99 / month.p99) : `${years.p99.toFixed(1)} ms`,
    limit: `≤ ${limit}`,
    against: `p99 at 10 years${isRatio ? ' against 1 month' : ''}; ${taken
      .map(
        ({ size, median, p99s }) =>
          `${size}: median ${median.toFixed(1)}, p99 ${p99s.map((p99) => p99.toFixed(1)).join(' ')} ms`,
      )
      .join('; ')}`,
  };
}
