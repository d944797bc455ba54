import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { timed } from './measure.ts';

/** Parallel clients. */
export const AT_ONCE = 16;

/** A server in a process of its own. */
export type Server = { readonly url: string; readonly child: ChildProcess };

/** Starts a server that prints its address as JSON. */
export async function start(args: readonly string[], input: Uint8Array): Promise<Server> {
  // without the settings of the machine
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], env: {} });
  child.stdin.end(input);
  for await (const line of createInterface(child.stdout))
    return { url: (JSON.parse(line) as { url: string }).url, child };
  throw new Error(`${args[0]} ended before it printed its address`);
}

/** Stops a server and waits until it has ended. */
export async function stop({ child }: Server): Promise<void> {
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

/** Keeps connections open; destroy it at the end. */
export const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

type Answer = { readonly status: number | undefined; readonly wait: string | undefined; readonly body: Buffer };

/**
 * Sends one request; null where the server closed an idle connection just as it was used again. Uses callbacks: with promises for its events and
 * its body the client would take twice as long as a bare server, and would be what is measured.
 */
const send = (url: string): Promise<Answer | null> =>
  new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      const { statusCode: status, headers } = response;
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve({ status, wait: headers['retry-after'], body: Buffer.concat(parts) }));
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (request.reusedSocket && error.code === 'ECONNRESET') resolve(null);
      else reject(error);
    });
  });

/** The body of a response with status 200; asks again as soon as a site that is still building its catalog allows it. */
export async function bodyOf(url: string): Promise<Uint8Array> {
  const answer = await send(url);
  if (!answer) return bodyOf(url);
  const { status, wait, body } = answer;
  if (status === 503 && wait) return sleep(Number(wait) * 1000).then(() => bodyOf(url));
  if (status !== 200) throw new Error(`${url}: ${status}`);
  return body;
}

/** How long each request took, and all of them, in milliseconds. */
export type Asking = { readonly each: number[]; readonly all: number };

/** Counts requests, so that each can ask something new. */
let asked = 0;

/** Parallel clients share the requests. `urlOf` gives the address of a request by its number, which no two in this process share. */
export async function ask(urlOf: (n: number) => string, requests: number, askers: number): Promise<Asking> {
  const each: number[] = [];
  let left = requests;
  const asker = async () => {
    while (left-- > 0) each.push(await timed(() => bodyOf(urlOf(asked++))));
  };
  return { all: await timed(() => Promise.all(Array.from({ length: askers }, asker))), each };
}

/** An address by the number of a request, so that no response is cached. */
export const anew =
  (url: string): ((n: number) => string) =>
  (n) =>
    `${url}${url.includes('?') ? '&' : '?'}asked=${n}`;

/** The site over a data folder. */
export const serveFolder = (folder: string): Promise<Server> => {
  const command = fileURLToPath(import.meta.resolve('../../functions/cli/paperkeep.ts'));
  return start([command, 'serve', '--port', '0', '--data', folder, '--json', '--quiet'], Buffer.of());
};

/** Waits until the site has built its catalog and compared all papers, which it does once a day on a core of its own. */
export async function untilCompared(site: string, id: string): Promise<void> {
  await bodyOf(`${site}/search.json`);
  const read = async () => JSON.parse(Buffer.from(await bodyOf(`${site}/papers/${id}/similar.json`)).toString());
  while ((await read()).comparedAt === null) await sleep(1000);
}
