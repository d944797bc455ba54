/** How far a long task is. It ends with `stop`, or with the scope that is `using` it. */
export type Progress = Disposable & { step(done: number, of: number): void; stop(): void };

/** A bar on stderr with rate and time left; one that shows nothing unless `isShown`. */
export async function createProgress(
  unit: string,
  isShown: boolean,
  stream: NodeJS.WritableStream = process.stderr,
): Promise<Progress> {
  if (!isShown) return { step() {}, stop() {}, [Symbol.dispose]() {} };
  const { SingleBar } = await import('cli-progress');
  const bar = new SingleBar({
    format: `${unit} [{bar}] {value}/{total} · {rate}/s · {eta_formatted} left`,
    stream,
    // Cursor and wrapping stay as they are, since a killed process could not restore them.
    linewrap: true,
    barsize: 20,
    // Steps come in bursts, so the time left is estimated from this many of them.
    etaBuffer: 500,
  });
  const started = performance.now();
  let running = false;
  return {
    step(done, of) {
      const rate = (done / Math.max(0.001, (performance.now() - started) / 1000)).toFixed(1);
      if (!running) bar.start(of, 0, { rate });
      running = true;
      bar.setTotal(of);
      // without a difference the bar makes the time left from no number, and shows "LLs left"
      if (done > 0) bar.update(done, { rate });
    },
    stop: () => bar.stop(),
    [Symbol.dispose]: () => bar.stop(),
  };
}
