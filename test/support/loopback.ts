import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as the server got it. */
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** An answer to give: by default status 200, no headers of its own and an empty body. */
export type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
  /**
   * How the body goes out: `whole` (the default) · `slow` in two parts, 20 ms apart · `reset` half of the stated length, then the
   * connection is lost · `chunk` half of it without a stated length, then the connection is lost · `stalled` half of it and then nothing ·
   * `half` half of it and a clean end. Or there is no answer at all: `lost` the connection, `silent` nothing ever comes.
   */
  readonly manner?: 'whole' | 'slow' | 'reset' | 'chunk' | 'stalled' | 'half' | 'lost' | 'silent';
};

/** A real server on this machine. */
export type Loopback = {
  readonly origin: string;
  /** Every request so far, oldest first. */
  readonly asked: Asked[];
  /** The most requests that were open at one time. */
  mostAtOnce(): number;
  /** Ends it, open connections too; nothing listens at its address then. */
  stop(): Promise<void>;
};

/** Starts a server that answers as `answer` says (a list in turn, its last answer repeatedly). */
export async function startLoopback(answer: readonly Answer[] | ((asked: Asked) => Answer)): Promise<Loopback> {
  const asked: Asked[] = [];
  let open = 0;
  let most = 0;
  const next = (request: Asked): Answer =>
    typeof answer === 'function' ? answer(request) : (answer[Math.min(asked.length, answer.length) - 1] ?? {});

  const server = createServer(async (incoming, response) => {
    open += 1;
    most = Math.max(most, open);
    response.on('close', () => {
      open -= 1;
    });
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers, body: await text(incoming) };
    asked.push(request);
    give(next(request), response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    mostAtOnce: () => most,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function give({ status = 200, headers = {}, body = '', manner = 'whole' }: Answer, response: ServerResponse): void {
  const bytes = Buffer.from(body);
  const half = bytes.subarray(0, bytes.length / 2);
  const rest = bytes.subarray(half.length);
  const stated = { ...headers, 'content-length': bytes.length };
  switch (manner) {
    case 'silent':
      return;
    case 'lost':
      response.destroy();
      return;
    case 'whole':
      response.writeHead(status, stated).end(bytes);
      return;
    case 'half':
      response.writeHead(status, headers).end(half);
      return;
    case 'slow':
      response.writeHead(status, stated).write(half);
      setTimeout(() => response.end(rest), 20);
      return;
    case 'stalled':
      response.writeHead(status, stated).write(half);
      return;
    case 'reset':
      response.writeHead(status, stated).write(half, () => response.destroy());
      return;
    case 'chunk':
      response.writeHead(status, headers).write(half, () => response.destroy());
      return;
  }
}
