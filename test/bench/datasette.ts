import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { addDays, type Day } from '../../shared/lib/time.ts';
import { installReaders, withDatasette } from '../export/readers.ts';
import { AT_ONCE, agent, anew, ask, serveFolder, stop, untilCompared } from './http.ts';
import { type Figure, inFolder, medianOf } from './measure.ts';
import { paperOf, storeDays } from './years.ts';

const LAST = '2026-07-29' as Day;
const YEAR = 365;

const REQUESTS = 400;
const WARMING = 1000;
const ROUNDS = 3;

/** The papers of a day with their ranks and votes: what our list tells, in one query over the export. */
const DAY_SQL = `SELECT p.*, a.* FROM appearances a JOIN papers p ON p.id = a.paper_id
  WHERE a.list = 'daily' AND a.day = :day ORDER BY a.last_rank`;

/** Requests a second of our site, beside Datasette that serves our own export of the same year: the same questions, the same load. */
export async function benchDatasette(): Promise<Figure[]> {
  const missing = await installReaders();
  if (missing !== null)
    return [{ name: 'datasette', value: 'not measured', limit: '', against: `Datasette cannot be had: ${missing}` }];
  return inFolder(async (folder) => {
    await storeDays(folder, addDays(LAST, 1 - YEAR), LAST);
    const command = fileURLToPath(import.meta.resolve('../../functions/cli/paperkeep.ts'));
    const exporting = [command, 'export', '--format', 'sqlite', '--data', folder, '--quiet'];
    await promisify(execFile)(process.execPath, exporting, { env: {} });
    const site = await serveFolder(folder);
    await untilCompared(site.url, paperOf(dayAt(0), 0));
    const figures = await withDatasette(join(folder, 'exports', 'paperkeep.sqlite'), (_, url) =>
      compare(site.url, url),
    );
    agent.destroy();
    await stop(site);
    return figures;
  });
}

/** A question: its name, and our address and that of Datasette by the number of a request. */
type Question = readonly [name: string, ours: (n: number) => string, theirs: (n: number) => string];

/** One of 50 days with a daily list, a week apart. */
const dayAt = (n: number): Day => addDays(LAST, -7 * (1 + (n % 50)));
const paperAt = (n: number): string => paperOf(dayAt(n), n % 25);
/** A keyword of some five of the year's 6,500 papers. */
const keywordAt = (n: number): string => `keyword ${600 + (n % 400)}`;

const QUESTIONS: readonly Question[] = [
  [
    'a day',
    (n) => `/daily/${dayAt(n)}.json`,
    (n) => `/paperkeep.json?${new URLSearchParams({ sql: DAY_SQL, day: dayAt(n), _shape: 'array' })}`,
  ],
  [
    'a paper',
    (n) => `/papers/${paperAt(n)}.json`,
    (n) => `/paperkeep/papers/${paperAt(n).replace('.', '~2E')}.json?_shape=array`,
  ],
  [
    'a search',
    (n) => `/search.json?${new URLSearchParams({ q: `keyword:"${keywordAt(n)}"` })}`,
    (n) => `/paperkeep/papers.json?${new URLSearchParams({ _search: keywordAt(n), _shape: 'array' })}`,
  ],
];

async function compare(us: string, them: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, ours, theirs] of QUESTIONS)
    for (const remembered of [true, false]) {
      const rates = { ours: [] as number[], theirs: [] as number[] };
      const urlOf = {
        ours: remembered ? () => us + ours(0) : (n: number) => anew(us + ours(n))(n),
        theirs: (n: number) => them + theirs(remembered ? 0 : n),
      };
      const rate = async (who: keyof typeof urlOf, requests: number) =>
        (requests / (await ask(urlOf[who], requests, AT_ONCE)).all) * 1000;
      for (const who of ['ours', 'theirs'] as const) await rate(who, WARMING);
      for (let round = 0; round < ROUNDS; round++)
        for (const who of ['ours', 'theirs'] as const) rates[who].push(await rate(who, REQUESTS));
      const [mine, its] = [medianOf(rates.ours), medianOf(rates.theirs)];
      figures.push({
        name: `beside Datasette: ${name}${remembered ? '' : ', each answered anew'}`,
        value: `${(mine / its).toFixed(1)} ×`,
        limit: remembered ? '≥ 5 ×' : '',
        against: `${mine.toFixed(0)} requests a second, ${AT_ONCE} at once; Datasette over our export ${its.toFixed(0)}`,
      });
    }
  return figures;
}
