import { SingleBar } from 'cli-progress';

/** Tells how far a long job is. */
export type Progress = { step(done: number, of: number): void; stop(): void };

/** A bar with rate and time left on stderr; nothing where nobody watches (no terminal, `--quiet`). */
export function makeProgress(what: string, watched: boolean): Progress {
  if (!watched) return { step() {}, stop() {} };
  const bar = new SingleBar({
    format: `${what} [{bar}] {value}/{total} · {rate}/s · {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
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
