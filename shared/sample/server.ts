import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Instant } from '../lib/time.ts';
import { createSampleFeed } from './feed.ts';

/** The sample feed on a loopback port, with a clock that the caller sets. */
export type SampleServer = {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  /** Sets the feed's clock, which stands still between calls. */
  setNow(at: Instant): void;
  /** Closes the port and every connection. */
  stop(): Promise<void>;
};

/** Serves the sample feed on a free loopback port. Its clock stands at 2026-01-01 until `setNow` is called. */
export async function serveSample(): Promise<SampleServer> {
  let feed = createSampleFeed('2026-01-01T00:00:00Z' as Instant);
  const server = createServer((request, response) => {
    const { status, headers, body, cut } = feed.answer(new URL(request.url ?? '/', 'http://sample.invalid'));
    const bytes = Buffer.from(body);
    // No header holds the machine's own time, so that the same moment gives the same bytes.
    response.sendDate = false;
    response.writeHead(status, { ...headers, 'content-length': bytes.length });
    if (!cut) response.end(bytes);
    else response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    setNow(at) {
      feed = createSampleFeed(at);
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
