import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { addDays, type Day } from '../../shared/lib/time.ts';
import { installReaders, withDatasette } from '../export/readers.ts';
import { AT_ONCE, agent, ask, bodyOf, serveFolder, stop, untilCompared } from './http.ts';
import { type Figure, inFolder, medianOf } from './measure.ts';
import { storeDays } from './years.ts';

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
    const day = addDays(LAST, -7);
    const list = JSON.parse(Buffer.from(await bodyOf(`${site.url}/daily/${day}.json`)).toString());
    const { id } = (list as { papers: { id: string }[] }).papers[0] ?? { id: '' };
    await untilCompared(site.url, id);
    const figures = await withDatasette(join(folder, 'exports', 'paperkeep.sqlite'), (_, url) =>
      compare(site.url, url, questions(day, id)),
    );
    agent.destroy();
    await stop(site);
    return figures;
  });
}

/** Questions: their name, our address, and that of Datasette. */
type Question = readonly [name: string, ours: string, theirs: string];

/** A keyword of some six of the year's 6,500 papers. */
const KEYWORD = 'keyword 700';

function questions(day: Day, id: string): readonly Question[] {
  const sql = new URLSearchParams({ sql: DAY_SQL, day, _shape: 'array' });
  return [
    ['a day', `/daily/${day}.json`, `/paperkeep.json?${sql}`],
    ['a paper', `/papers/${id}.json`, `/paperkeep/papers/${id.replace('.', '~2E')}.json?_shape=array`],
    [
      'a search',
      `/search.json?${new URLSearchParams({ q: `keyword:"${KEYWORD}"` })}`,
      `/paperkeep/papers.json?${new URLSearchParams({ _search: KEYWORD, _shape: 'array' })}`,
    ],
  ];
}

async function compare(us: string, them: string, asked: readonly Question[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, ours, theirs] of asked)
    for (const remembered of [true, false]) {
      const rates = { ours: [] as number[], theirs: [] as number[] };
      const urls = { ours: us + ours, theirs: them + theirs };
      const rate = async (who: keyof typeof urls, requests: number) =>
        (requests / (await ask(urls[who], requests, AT_ONCE, remembered || who === 'theirs')).all) * 1000;
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
