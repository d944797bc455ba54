/** Stands in for Lambda's runtime, with one bundle in a process of its own: loads it, passes it events and returns the results. */
import { createRequire } from 'node:module';

// what Lambda's own client for Node has loaded before it loads a function (aws-lambda-ric 4.0.2)
const require = createRequire(import.meta.url);
for (const name of ['async_hooks', 'fs', 'http', 'net', 'os', 'path', 'util', 'worker_threads'])
  require(`node:${name}`);

const started = performance.now();
try {
  const { handler } = await import(process.argv[2] as string);
  process.send?.({ loadedMs: performance.now() - started });
  process.on('message', async ({ event, leftMs }: { event: unknown; leftMs: number }) => {
    const context = { getRemainingTimeInMillis: () => leftMs };
    try {
      process.send?.({ result: (await handler(event, context)) ?? null });
    } catch (error) {
      process.send?.({ error: String(error) });
    }
  });
} catch (error) {
  process.send?.({ error: String(error) });
  process.disconnect();
}
