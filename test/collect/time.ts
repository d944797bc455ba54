import { addSeconds, type Clock, type Deadline, parseInstant } from '../../shared/lib/time.ts';

/** Time that passes only when somebody waits. */
export type ManualTime = {
  readonly clock: Clock;
  /** Moves the clock at once. */
  readonly pause: (ms: number) => Promise<void>;
  /** A deadline that many milliseconds from now, by this clock. */
  readonly deadline: (ms: number) => Deadline;
  /** What was waited, in order, in milliseconds. */
  readonly waits: number[];
};

/** Manual time from that moment on. */
export function manualTime(from = '2025-01-08T12:00:00Z'): ManualTime {
  const start = parseInstant(from);
  if (!start) throw new Error(`no such moment: ${from}`);
  const waits: number[] = [];
  let passed = 0;
  return {
    clock: () => addSeconds(start, Math.floor(passed / 1000)),
    async pause(ms) {
      waits.push(ms);
      passed += ms;
    },
    deadline(ms) {
      const end = passed + ms;
      return () => Math.max(0, end - passed);
    },
    waits,
  };
}
