import { fileURLToPath } from 'node:url';
import { addDays, type Day } from '../../shared/lib/time.ts';
import { type Asking, AT_ONCE, agent, anew, ask, bodyOf, serveFolder, start, stop } from './http.ts';
import { type Figure, inFolder, medianOf, percentileOf, times } from './measure.ts';
import { storeDays } from './years.ts';

/** The archive that is served has this month. */
const LAST = '2026-07-29' as Day;
const MONTH = 31;

const REQUESTS = 300;
const ROUNDS = 3;
const WARMING = 200;

/** Requests a second of the site over loopback, beside a bare server that answers with the same bytes. */
export async function benchServe(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    await storeDays(folder, addDays(LAST, 1 - MONTH), LAST);
    const site = await serveFolder(folder);
    const day = `${site.url}/daily/${addDays(LAST, -7)}.json`;
    const { papers } = JSON.parse(Buffer.from(await bodyOf(day)).toString()) as { papers: { id: string }[] };
    const figures: Figure[] = [];
    for (const [path, url] of [
      ['/daily/:day.json', day],
      ['/papers/:id.json', `${site.url}/papers/${papers[0]?.id}.json`],
    ] as const) {
      const body = await bodyOf(url);
      const bare = await start([fileURLToPath(import.meta.resolve('./bare.ts'))], body);
      for (const one of [url, bare.url]) await ask(anew(one), WARMING, AT_ONCE);
      for (const askers of [1, AT_ONCE]) {
        const rounds: { ours: Asking; floor: Asking }[] = [];
        for (let round = 0; round < ROUNDS; round++)
          rounds.push({
            ours: await ask(anew(url), REQUESTS, askers),
            floor: await ask(anew(bare.url), REQUESTS, askers),
          });
        const each = rounds.flatMap(({ ours }) => ours.each);
        const rate = (of: 'ours' | 'floor') => (REQUESTS / medianOf(rounds.map((round) => round[of].all))) * 1000;
        figures.push({
          name: `serve ${path}, ${(body.length / 1000).toFixed(0)} kB, ${askers === 1 ? 'one after another' : `${askers} at once`}`,
          value: `${rate('ours').toFixed(0)} a second`,
          limit: '',
          against: `median ${medianOf(each).toFixed(1)} ms, p99 ${percentileOf(each, 99).toFixed(1)} ms; ${times(rate('floor') / rate('ours'))} the time of a bare server of the same bytes`,
        });
      }
      await stop(bare);
    }
    agent.destroy();
    await stop(site);
    return figures;
  });
}
