/** What Lambda does around a function, for one bundle in a process of its own: loads it, hands it events, says what came of them. */
const begun = performance.now();
try {
  const { handler } = await import(process.argv[2] as string);
  process.send?.({ loadedMs: performance.now() - begun });
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
