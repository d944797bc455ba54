import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCatalog } from '../../shared/catalog/sqlite.ts';
import { updateCatalog } from '../../shared/catalog/update.ts';
import { addDays, addSeconds, type Day, startOfDay } from '../../shared/lib/time.ts';
import { openTable } from '../../shared/table/open.ts';
import { bodyOf, start, stop } from './http.ts';
import { type Figure, inFolder, medianOf, percentileOf, timed } from './measure.ts';
import { itemsOfDays } from './years.ts';

/** Ten years up to a Wednesday. */
const LAST = '2026-07-29' as Day;
const TEN_YEARS = 3652;
const REQUESTS = 300;
const LIMIT_MS = 50;

const YEARS = `from=${addDays(LAST, -729)}&to=${LAST}`;
/** What is asked. The phrase stands in about half of the made-up papers, which no real one does. */
const ADDRESSES = [
  '/top/month/2026-06.json',
  '/top/month/2026-06.json?by=gain',
  '/top/month/2026-06.json?age=1d',
  '/top/month/2026-06.json?list=trending',
  `/topics/keyword-7.json?${YEARS}`,
  `/topics/keyword-7.json?${YEARS}&by=month`,
  `/topics.json?q=looking+twice&${YEARS}`,
  `/compare.json?topics=keyword-1,keyword-2,keyword-3,keyword-4,keyword-5,keyword-6,keyword-7,keyword-8&${YEARS}`,
  `/topics/keyword-7?${YEARS}`,
  `/topics.json?to=${LAST}`,
] as const;

/** Leaderboards and topics of ten years over HTTP, one request after another: the first, and the ones that follow. */
export async function benchSpans(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const url = `sqlite:${join(folder, 'papers.sqlite')}`;
    const table = await openTable(url);
    await table.putMany(itemsOfDays(addDays(LAST, 1 - TEN_YEARS), LAST));
    const catalog = openCatalog(join(folder, 'catalog.sqlite'), url);
    await updateCatalog({ table, catalog, clock: () => addSeconds(startOfDay(LAST), 23 * 3600) }, null);
    catalog.close();
    await table.close();
    const command = fileURLToPath(import.meta.resolve('../../functions/cli/paperkeep.ts'));
    const site = await start([command, 'serve', '--port', '0', '--data', folder, '--json', '--quiet'], Buffer.of());
    // opens the catalog and looks for what changed
    await bodyOf(`${site.url}/top/month/2020-01.json`);
    const figures: Figure[] = [];
    for (const path of ADDRESSES) {
      const first = await timed(() => bodyOf(site.url + path));
      const each: number[] = [];
      const floor: number[] = [];
      const bare = await start([fileURLToPath(import.meta.resolve('./bare.ts'))], await bodyOf(site.url + path));
      for (let asked = 0; asked < REQUESTS; asked++) {
        each.push(await timed(() => bodyOf(site.url + path)));
        floor.push(await timed(() => bodyOf(bare.url)));
      }
      await stop(bare);
      figures.push({
        name: `spans ${path.replace(YEARS, '2 years').slice(0, 60)}`,
        value: `p99 ${percentileOf(each, 99).toFixed(1)} ms`,
        limit: `≤ ${LIMIT_MS} ms`,
        against: `median ${medianOf(each).toFixed(1)} ms, the first ${first.toFixed(0)} ms; a bare server of the same bytes, between: median ${medianOf(floor).toFixed(1)} ms, p99 ${percentileOf(floor, 99).toFixed(1)} ms`,
      });
    }
    await stop(site);
    return figures;
  });
}
