import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** A request that the replica served; `status` is `reset` where it closed the connection. `at` is the machine's time. */
export type Served = {
  readonly at: string;
  readonly url: string;
  readonly status: number | 'reset';
  readonly agent?: string;
};

/** The feed's stand-in beside the real captures: a process of its own that answers with them. */
export type Replica = {
  readonly origin: string;
  /** Moves its clock: it shows what was captured until then. */
  now(at: string): Promise<void>;
  /** From now on every n-th request fails that way (`429:3`, `reset:1`); null ends it. */
  fault(fault: string | null): Promise<void>;
  /** Sets and refills what may be asked in a window (five minutes unless told). */
  budget(budget: { readonly api?: number; readonly pages?: number; readonly windowMs?: number }): Promise<void>;
  /** What it served, oldest first. */
  log(): Promise<Served[]>;
  stop(): Promise<void>;
};

/** How to start it; `corpus`: a folder of captures other than `PAPERKEEP_CORPUS`. */
type Start = { readonly now?: string; readonly fault?: string; readonly corpus?: string };

/** Starts the replica on a port of its own; needs `PAPERKEEP_CORPUS`. */
export async function startReplica(start: Start = {}): Promise<Replica> {
  const real = resolve(process.env.PAPERKEEP_CORPUS ?? '');
  const flags = Object.entries({ corpus: real, ...start }).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(process.execPath, [join(real, '../tools/feed-replica.mjs'), '--port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let origin: string | undefined;
  for await (const line of createInterface(child.stdout)) {
    origin = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (origin) break;
  }
  if (!origin) throw new Error('the replica ended before it told its address');
  child.stdout.resume();

  const post = async (path: string, body: unknown): Promise<void> => {
    const answer = await fetch(origin + path, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`the replica refused ${path}: ${answer.status}`);
  };
  return {
    origin,
    now: (at) => post('/-/now', { now: at }),
    fault: (fault) => post('/-/fault', { fault }),
    budget: (budget) => post('/-/budget', budget),
    log: async () => (await (await fetch(`${origin}/-/log`)).json()) as Served[],
    async stop() {
      child.kill();
      await ended;
    },
  };
}
