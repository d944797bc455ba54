import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** How a connection ends after the last byte: in order, lost, or not at all. */
export type Ending = 'closed' | 'lost' | 'open';

/** A server that sends given bytes, whatever the request. */
export type Wire = {
  readonly origin: string;
  /** The head of each request, byte for byte. */
  readonly heads: string[];
  /** Resolves once every connection so far is closed. */
  allClosed(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts one on this machine. Characters of texts are bytes. */
export async function startWire(answer: readonly (string | Uint8Array)[], ending: Ending = 'closed'): Promise<Wire> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const closed: Promise<unknown>[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    closed.push(new Promise((done) => socket.on('close', done)));
    // The client may be gone before the last byte.
    socket.on('error', () => {});
    socket.once('data', (bytes: Buffer) => {
      heads.push(bytes.toString('latin1'));
      const all = Buffer.concat(answer.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
      if (ending === 'closed') socket.end(all);
      else if (ending === 'lost') socket.write(all, () => socket.resetAndDestroy());
      else socket.write(all);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heads,
    async allClosed() {
      await Promise.all(closed);
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
