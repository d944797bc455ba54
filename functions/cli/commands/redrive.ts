import * as z from 'zod';
import type { QueueMessage } from '../aws/cloud.ts';
import { type Stage, stageFlag } from '../aws/stage.ts';
import type { Run } from '../program.ts';

/** A run that was given up: when, and why. */
export type FailedInvocation = { readonly at: string; readonly why: string };
/** What came of a redrive. */
export type RedriveReport = { readonly deadLetters: number; readonly lostRuns: readonly FailedInvocation[] };

/** `redrive`: dead letters back on the queue; runs that were given up are named and let go, for the next run does what is due. */
export const runRedrive: Run = async (context, _args, options) => {
  const result = await redrive(await stageFlag(options.stage));
  context.say(result, drawRedriven(result));
  return 0;
};

/** Puts each dead letter back before it is taken away: one that is killed in between is recorded twice, which does no harm. */
export async function redrive({ cloud, queue, deadLetters, app }: Stage): Promise<RedriveReport> {
  let moved = 0;
  await cloud.take(deadLetters, async ({ body }) => {
    await cloud.send(queue, [body]);
    moved += 1;
  });
  const lostRuns: FailedInvocation[] = [];
  if (app) await cloud.take(app.lostRuns, async (message) => void lostRuns.push(parseFailedInvocation(message)));
  return { deadLetters: moved, lostRuns };
}

/** What Lambda says of a run that it gave up. */
const GivenUp = z.looseObject({
  timestamp: z.string(),
  requestContext: z.looseObject({ condition: z.string() }),
  responsePayload: z.looseObject({ errorMessage: z.string() }).nullish(),
});

/** Reads a message of a lost run: the schedule, which could not hand it over, says why in attributes; Lambda, in which it failed, in the body. */
export function parseFailedInvocation({ body, attributes, sent }: QueueMessage): FailedInvocation {
  const run = GivenUp.safeParse(jsonOf(body)).data;
  if (run) return { at: run.timestamp, why: run.responsePayload?.errorMessage ?? run.requestContext.condition };
  return { at: sent, why: attributes.ERROR_MESSAGE || attributes.ERROR_CODE || 'no reason was given' };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function drawRedriven({ deadLetters, lostRuns }: RedriveReport): string {
  return [
    `${deadLetters} dead letters are back on the queue`,
    ...(deadLetters > 0
      ? ['what fails three times more is one again; docs/aws/runbook.md, DeadLetters, says how to see why']
      : []),
    ...lostRuns.map(({ at, why }) => `a run was given up at ${at}: ${why} (let go: the next run does what is due)`),
  ].join('\n');
}
