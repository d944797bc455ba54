import type { Deadline } from '../lib/time.ts';

/** The time that a run of a Lambda function has left, less what it reserves for its end. */
export const lambdaDeadline =
  (context: { getRemainingTimeInMillis(): number }, reserveMs: number): Deadline =>
  () =>
    Math.max(0, context.getRemainingTimeInMillis() - reserveMs);
