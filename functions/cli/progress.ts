/** Tells how far a long job is. */
export type Progress = { step(done: number, of: number): void; stop(): void };

/** A bar with rate and time left on stderr; nothing where nobody watches. */
export async function makeProgress(what: string, watched: boolean): Promise<Progress> {
  if (!watched) return { step() {}, stop() {} };
  const { SingleBar } = await import('cli-progress');
  const bar = new SingleBar({
    format: `${what} [{bar}] {value}/{total} · {rate}/s · {eta_formatted} left`,
    stream: process.stderr,
    // Cursor and wrapping stay as they are: a kill would leave them changed.
    linewrap: true,
    barsize: 20,
    // Steps come in bursts: the time left is told by this many of them.
    etaBuffer: 500,
  });
  const begun = performance.now();
  let running = false;
  return {
    step(done, of) {
      const rate = (done / Math.max(0.001, (performance.now() - begun) / 1000)).toFixed(1);
      if (!running) bar.start(of, done, { rate });
      running = true;
      bar.setTotal(of);
      bar.update(done, { rate });
    },
    stop: () => bar.stop(),
  };
}
