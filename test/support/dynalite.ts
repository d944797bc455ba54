import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

// dynalite brings no types
const dynalite: (options: { readonly createTableMs: number }) => Server = createRequire(import.meta.url)('dynalite');

/** An emulator of DynamoDB on loopback: its endpoint, and how to end it. */
export type Emulator = { readonly endpoint: string; readonly stop: () => Promise<void> };

/** Starts dynalite in this process, in memory, on a free loopback port. It has no transactions. */
export async function startDynalite(): Promise<Emulator> {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: () => new Promise((done, fail) => server.close((error) => (error ? fail(error) : done()))),
  };
}
