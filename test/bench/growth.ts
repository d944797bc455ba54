import { join } from 'node:path';
import { openArchive } from '../../shared/archive/open.ts';
import { silentLog } from '../../shared/lib/log.ts';
import { addDays, addSeconds, type Day, startOfDay } from '../../shared/lib/time.ts';
import { openTable } from '../../shared/table/open.ts';
import { createApp } from '../../shared/web/app.ts';
import { catalogOf } from '../support/catalog.ts';
import { countOperations, type TableOperations } from './counting.ts';
import { columnOf, type Figure, inFolder, ratioOf, takingTurns, times } from './measure.ts';
import { itemsOfDays } from './years.ts';

/** The last day of both archives, a Wednesday; and how many days they have. */
const LAST = '2026-07-29' as Day;
const MONTH = 31;
const TEN_YEARS = 3652;

const ROUNDS = 30;
const WARMING = 10;

/** An archive of so many days, its site, and the operations of its table. */
async function archiveOf(days: number, folder: string) {
  const stored = await openTable(`sqlite:${join(folder, `${days}.sqlite`)}`);
  await stored.putMany(itemsOfDays(addDays(LAST, 1 - days), LAST));
  const { table, takeOperations } = countOperations(stored);
  const clock = () => addSeconds(startOfDay(LAST), 23 * 3600);
  const site = createApp({
    context: { table, catalog: catalogOf(table, clock), clock, sample: false },
    archive: () => openArchive(`file:${folder}`),
    log: silentLog,
    versions: { paperkeep: '0', node: '0', schema: 1, parsers: {} },
  });
  const answer = async (path: string) => {
    const response = await site.request(path);
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.text();
  };
  return { answer, takeOperations, close: () => table.close() };
}

/** Answers of an archive of ten years against those of one of a month, which hold the same last month. */
export async function benchGrowth(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const month = await archiveOf(MONTH, folder);
    const years = await archiveOf(TEN_YEARS, folder);
    const day = addDays(LAST, -7);
    const { papers } = JSON.parse(await month.answer(`/daily/${day}.json`)) as { papers: { id: string }[] };
    const paths = {
      "a day's list": `/daily/${day}.json`,
      "a day's page": `/daily/${day}`,
      'the newest list': '/daily.json',
      "a trending day's list": `/trending/${day}.json`,
      'movers of a day': '/movers.json?window=24h',
      'movers of trending': '/movers.json?list=trending&window=24h',
      'a paper': `/papers/${papers[0]?.id}.json`,
      "a paper's history": `/papers/${papers[0]?.id}/history.json`,
      'the front page': '/',
    };
    const figures: Figure[] = [];
    for (const [name, path] of Object.entries(paths)) {
      const both = [month, years].map((archive) => () => archive.answer(path));
      const work: TableOperations[] = [];
      for (const archive of [month, years]) {
        archive.takeOperations();
        await archive.answer(path);
        work.push(archive.takeOperations());
      }
      const rows = (await takingTurns(WARMING + ROUNDS, both)).slice(WARMING);
      const describe = (of: number) => `${formatOperations(work[of])}, ${columnOf(rows, of).toFixed(1)} ms`;
      figures.push({
        name: `${name}: items read, time, 10 years against 1 month`,
        value: `${times((work[1]?.read.length ?? 0) / (work[0]?.read.length ?? 0))}, ${times(ratioOf(rows, 1, 0))}`,
        limit: 'near 1 ×',
        against: `1 month: ${describe(0)}; 10 years: ${describe(1)}`,
      });
    }
    await month.close();
    await years.close();
    return figures;
  });
}

const formatOperations = (counted: TableOperations | undefined): string =>
  `${counted?.operations} operations, ${counted?.read.length} items`;
