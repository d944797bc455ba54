import { createJsonLog, type Log } from '../lib/log.ts';
import type { Clock } from '../lib/time.ts';
import { createEmfMetrics, type EmitMetrics } from './emf.ts';

/** The log of a function, as lines of JSON, and its metrics, which are lines of that log with a time in milliseconds. */
export function createFunctionOutput(
  stage: string,
  output: { write(line: string): unknown },
  clock: Clock,
  nowMs: () => number,
): { readonly log: Log; readonly metrics: EmitMetrics } {
  const write = (line: string) => void output.write(line);
  return { log: createJsonLog(write, clock), metrics: createEmfMetrics(stage, write, nowMs) };
}
