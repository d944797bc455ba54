import { join } from 'node:path';
import { addDays, addSeconds, type Day, startOfDay } from '../../shared/lib/time.ts';
import { slugOf } from '../../shared/model/paper.ts';
import { agent, ask, bodyOf, type Server, serveFolder, stop } from './http.ts';
import { type Figure, inFolder, medianOf, percentileOf, timed, times } from './measure.ts';
import { storeDays } from './years.ts';

/** The last day of all archives, a Wednesday, and how many days they have. */
const LAST = '2026-07-29' as Day;
const SIZES = { '1 month': 31, '1 year': 365, '10 years': 3652 } as const;

const REQUESTS = 100;
const WARMING = 5;

/** What is asked, and its limit: as many times what it takes with one month, or milliseconds when warm. */
type Question = readonly [name: string, path: string, limit: '2 ×' | '50 ms'];

function questions(paper: string, keywords: readonly string[]): readonly Question[] {
  const [keyword = ''] = keywords;
  const end = addSeconds(startOfDay(LAST), 23 * 3600);
  const year = addDays(LAST, -365);
  return [
    ["a day's list", `/daily/${addDays(LAST, -7)}.json`, '2 ×'],
    ["a paper's page", `/papers/${paper}`, '2 ×'],
    ['movers of a day', `/movers.json?to=${end}&from=${addSeconds(end, -86_400)}`, '2 ×'],
    ['top of a month', '/top/month/2026-06.json', '50 ms'],
    ['a topic over two years', `/topics/${keyword}.json?from=${addDays(year, -365)}&to=${LAST}`, '50 ms'],
    ['a phrase over two years', `/topics.json?q=long+tables&from=${addDays(year, -365)}&to=${LAST}`, '50 ms'],
    ['search, one word', '/search.json?q=tables', '50 ms'],
    ['search, a name', '/search.json?q=%22Ada+Author+77%22', '50 ms'],
    ['search, alternatives by upvotes', '/search.json?q=(tables+OR+rows)+-nobody&sort=upvotes', '50 ms'],
    ['search, a keyword with code', `/search.json?q=tables&keyword=${keyword}&code=true`, '50 ms'],
    ['search, a word in a year', '/search.json?q=rows&from=2021-01-01&to=2021-12-31', '50 ms'],
    ['search, a word on a list', '/search.json?q=rows&list=trending&minUpvotes=30', '50 ms'],
    [
      'search, a word in a range of days',
      `/search.json?q=rows&from=${addDays(year, -900)}&to=${addDays(year, -100)}`,
      '50 ms',
    ],
    ['search, a word with a best rank', '/search.json?q=rows&maxRank=3', '50 ms'],
    ['top of a year', '/top/year/2025.json', '50 ms'],
    ['top of a year by what is expected', '/top/year/2025.json?by=expected', '50 ms'],
    ['top of a year by stars gained', '/top/year/2025.json?by=stars-gained', '50 ms'],
    ['the curve of a day', `/expected.json?day=${addDays(LAST, -7)}`, '50 ms'],
    ['topics that rise', `/topics.json?sort=rising&to=${LAST}`, '50 ms'],
    [
      'eight topics over two years',
      `/compare.json?topics=${keywords.slice(0, 8)}&from=${addDays(year, -365)}&to=${LAST}`,
      '50 ms',
    ],
    ["a paper's history", `/papers/${paper}/history.json`, '50 ms'],
    ['movers of trending in a week', `/movers.json?list=trending&to=${end}&window=7d`, '50 ms'],
    ['coverage of a year', `/coverage.json?from=${year}&to=${LAST}`, '50 ms'],
    ['a replay', `/daily/${addDays(LAST, -7)}/replay.json`, '50 ms'],
    ['the index of keywords', '/keywords.json?q=keyword+7', '50 ms'],
    ['the index of organizations', '/organizations.json', '50 ms'],
    ['the index of authors', '/authors.json?q=ada', '50 ms'],
    ['the papers of a keyword', `/keywords/${keyword}.json`, '50 ms'],
    ['papers similar to one', `/papers/${paper}/similar.json`, '50 ms'],
    ['new since a day', `/new.json?since=${addSeconds(end, -86_400)}`, '50 ms'],
  ];
}

/** A site over an archive of so many days; `first`: what the first search took, which makes the catalog. */
type Sized = { readonly size: string; readonly site: Server; readonly first: number };

async function siteOf(folder: string, size: string, days: number): Promise<Sized> {
  const data = join(folder, size.replace(' ', '-'));
  await storeDays(data, addDays(LAST, 1 - days), LAST);
  const site = await serveFolder(data);
  return { size, site, first: await timed(() => bodyOf(`${site.url}/search.json?q=tables`)) };
}

/** Questions over history by HTTP, at three lengths of archive. */
export async function benchHistory(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const sites: Sized[] = [];
    try {
      for (const [size, days] of Object.entries(SIZES)) sites.push(await siteOf(folder, size, days));
      const figures: Figure[] = [];
      for (const question of await questionsOf(sites[0]?.site.url ?? '')) figures.push(await figureOf(sites, question));
      for (const { size, first } of sites)
        figures.push({
          name: `history: first search of ${size}`,
          value: `${(first / 1000).toFixed(1)} s`,
          limit: '',
          against: 'the catalog is made from the table first',
        });
      return figures;
    } finally {
      agent.destroy();
      for (const { site } of sites) await stop(site);
    }
  });
}

/** Questions that every one of the archives can answer: of a paper of the last month. */
async function questionsOf(site: string): Promise<readonly Question[]> {
  const list = await bodyOf(`${site}/daily/${addDays(LAST, -7)}.json`);
  const { papers } = JSON.parse(Buffer.from(list).toString()) as { papers: { id: string; keywords: string[] }[] };
  const keywords = papers.flatMap((paper) => paper.keywords.map(slugOf));
  return questions(papers[0]?.id ?? '', [...new Set(keywords)]);
}

async function figureOf(sites: readonly Sized[], [name, path, limit]: Question): Promise<Figure> {
  const taken: { size: string; median: number; p99: number }[] = [];
  for (const { size, site } of sites) {
    await ask(site.url + path, WARMING, 1);
    const { each } = await ask(site.url + path, REQUESTS, 1);
    taken.push({ size, median: medianOf(each), p99: percentileOf(each, 99) });
  }
  const [month, , years] = taken.map(({ p99 }) => p99) as [number, number, number];
  const isRatio = limit === '2 ×';
  return {
    name: `history: ${name}`,
    value: isRatio ? times(years / month) : `${years.toFixed(1)} ms`,
    limit: `≤ ${limit}`,
    against: `p99 at 10 years${isRatio ? ' against 1 month' : ''}; ${taken
      .map(({ size, median, p99 }) => `${size}: median ${median.toFixed(1)}, p99 ${p99.toFixed(1)} ms`)
      .join('; ')}`,
  };
}
