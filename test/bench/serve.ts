import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { addDays, type Day } from '../../shared/kit/clock.ts';
import { openRecords } from '../../shared/record/open.ts';
import { type Figure, inFolder, medianOf, p99Of, timed, times } from './measure.ts';
import { itemsOfDays } from './years.ts';

/** The archive that is served has this month. */
const LAST = '2026-07-29' as Day;
const MONTH = 31;

const REQUESTS = 300;
const ROUNDS = 3;
const WARMING = 200;
const AT_ONCE = 16;

/** A server in a process of its own. */
export type Server = { readonly url: string; readonly child: ChildProcess };

/** Starts a server that prints its address as JSON. */
export async function start(args: readonly string[], input: Uint8Array): Promise<Server> {
  // no settings of whoever runs the bench
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], env: {} });
  child.stdin.end(input);
  for await (const line of createInterface(child.stdout))
    return { url: (JSON.parse(line) as { url: string }).url, child };
  throw new Error(`${args[0]} ended before it told its address`);
}

/** Ends a server that was started. */
export async function stop({ child }: Server): Promise<void> {
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

/** The body behind an address; throws for another status than 200. */
export async function bodyOf(url: string): Promise<Uint8Array> {
  const [response] = await once(get(url, { agent }), 'response');
  const body = await buffer(response);
  if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode}`);
  return body;
}

/** How long each request took, and all of them, in milliseconds. */
type Asking = { readonly each: number[]; readonly all: number };

/** So many askers share the requests. */
async function ask(url: string, requests: number, askers: number): Promise<Asking> {
  const each: number[] = [];
  let left = requests;
  const asker = async () => {
    while (left-- > 0) each.push(await timed(() => bodyOf(url)));
  };
  return { all: await timed(() => Promise.all(Array.from({ length: askers }, asker))), each };
}

/** Requests a second of the site over loopback, beside a bare server that answers with the same bytes. */
export async function benchServe(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const table = await openRecords(`sqlite:${join(folder, 'papers.sqlite')}`);
    await table.putMany(itemsOfDays(addDays(LAST, 1 - MONTH), LAST));
    await table.close();
    const command = fileURLToPath(import.meta.resolve('../../functions/cli/paperkeep.ts'));
    const site = await start([command, 'serve', '--port', '0', '--data', folder, '--json', '--quiet'], Buffer.of());
    const day = `${site.url}/daily/${addDays(LAST, -7)}.json`;
    const { papers } = JSON.parse(Buffer.from(await bodyOf(day)).toString()) as { papers: { id: string }[] };
    const figures: Figure[] = [];
    for (const [path, url] of [
      ['/daily/:day.json', day],
      ['/papers/:id.json', `${site.url}/papers/${papers[0]?.id}.json`],
    ] as const) {
      const body = await bodyOf(url);
      const bare = await start([fileURLToPath(import.meta.resolve('./bare.ts'))], body);
      for (const one of [url, bare.url]) await ask(one, WARMING, AT_ONCE);
      for (const askers of [1, AT_ONCE]) {
        const rounds: { ours: Asking; floor: Asking }[] = [];
        for (let round = 0; round < ROUNDS; round++)
          rounds.push({ ours: await ask(url, REQUESTS, askers), floor: await ask(bare.url, REQUESTS, askers) });
        const each = rounds.flatMap(({ ours }) => ours.each);
        const rate = (of: 'ours' | 'floor') => (REQUESTS / medianOf(rounds.map((round) => round[of].all))) * 1000;
        figures.push({
          name: `serve ${path}, ${(body.length / 1000).toFixed(0)} kB, ${askers === 1 ? 'one after another' : `${askers} at once`}`,
          value: `${rate('ours').toFixed(0)} a second`,
          limit: '',
          against: `median ${medianOf(each).toFixed(1)} ms, p99 ${p99Of(each).toFixed(1)} ms; ${times(rate('floor') / rate('ours'))} the time of a bare server of the same bytes`,
        });
      }
      await stop(bare);
    }
    agent.destroy();
    await stop(site);
    return figures;
  });
}
