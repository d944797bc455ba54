import { join } from 'node:path';
import { addDays, addSeconds, type Day, startOf } from '../../shared/kit/clock.ts';
import { openRecords } from '../../shared/record/open.ts';
import { agent, ask, bodyOf, type Server, serveFolder, stop } from './http.ts';
import { type Figure, inFolder, medianOf, percentileOf, timed } from './measure.ts';
import { itemsOfDays } from './years.ts';

/** The last day of all archives, a Wednesday, and how many days they have. */
const LAST = '2026-07-29' as Day;
const SIZES = { '1 month': 31, '1 year': 365, '10 years': 3652 } as const;

const REQUESTS = 100;
const WARMING = 5;

/** What is asked; each has a limit of its own: as many times that of one month, or milliseconds when warm. */
function questions(paper: string): readonly (readonly [name: string, path: string, limit: '2 ×' | '50 ms'])[] {
  const end = addSeconds(startOf(LAST), 23 * 3600);
  const year = addDays(LAST, -365);
  return [
    ["a day's list", `/daily/${addDays(LAST, -7)}.json`, '2 ×'],
    ["a paper's page", `/papers/${paper}`, '2 ×'],
    ['movers of a day', `/movers.json?to=${end}&from=${addSeconds(end, -86_400)}`, '2 ×'],
    ['top of a month', '/top/month/2026-06.json', '50 ms'],
    ['a topic over two years', `/topics/keyword-7.json?from=${addDays(year, -365)}&to=${LAST}`, '50 ms'],
    ['a phrase over two years', `/topics.json?q=long+tables&from=${addDays(year, -365)}&to=${LAST}`, '50 ms'],
    ['search, one word', '/search.json?q=tables', '50 ms'],
    ['search, a name', '/search.json?q=%22Ada+Author+77%22', '50 ms'],
    ['papers similar to one', `/papers/${paper}/similar.json`, '50 ms'],
    ['new since a day', `/new.json?since=${addSeconds(end, -86_400)}`, '50 ms'],
  ];
}

/** Questions over history by HTTP, at three lengths of archive. The first search is also that which makes the catalog. */
export async function benchHistory(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const sites: { readonly size: string; readonly site: Server; readonly first: number }[] = [];
    for (const [size, days] of Object.entries(SIZES)) {
      const data = join(folder, size.replace(' ', '-'));
      const records = await openRecords(`sqlite:${join(data, 'papers.sqlite')}`);
      await records.putMany(itemsOfDays(addDays(LAST, 1 - days), LAST));
      await records.close();
      const site = await serveFolder(data);
      sites.push({ size, site, first: await timed(() => bodyOf(`${site.url}/search.json?q=tables`)) });
    }
    const [month] = sites as [(typeof sites)[0]];
    const list = await bodyOf(`${month.site.url}/daily/${addDays(LAST, -7)}.json`);
    const { papers } = JSON.parse(Buffer.from(list).toString()) as { papers: { id: string }[] };
    const figures: Figure[] = [];
    for (const [name, path, limit] of questions(papers[0]?.id ?? '')) {
      const taken: { size: string; each: number[] }[] = [];
      for (const { size, site } of sites) {
        await ask(site.url + path, WARMING, 1);
        taken.push({ size, each: (await ask(site.url + path, REQUESTS, 1)).each });
      }
      const p99 = taken.map(({ each }) => percentileOf(each, 99));
      figures.push({
        name: `history: ${name}`,
        value: limit === '2 ×' ? `${((p99[2] ?? 0) / (p99[0] ?? 0)).toFixed(2)} ×` : `${p99[2]?.toFixed(1)} ms`,
        limit: `≤ ${limit}`,
        against: `p99 at 10 years${limit === '2 ×' ? ' against 1 month' : ''}; ${taken
          .map(
            ({ size, each }) =>
              `${size}: median ${medianOf(each).toFixed(1)}, p99 ${percentileOf(each, 99).toFixed(1)} ms`,
          )
          .join('; ')}`,
      });
    }
    agent.destroy();
    for (const { size, site, first } of sites) {
      figures.push({
        name: `history: first search of ${size}`,
        value: `${(first / 1000).toFixed(1)} s`,
        limit: '',
        against: 'the catalog is made from the table first',
      });
      await stop(site);
    }
    return figures;
  });
}
