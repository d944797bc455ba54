import * as z from 'zod';
import type { QueueMessage } from '../aws/cloud.ts';
import { type Deployment, findDeploymentByFlag } from '../aws/stage.ts';
import { defineCommand } from '../command.ts';

/** An asynchronous invocation that failed every time: when, and why. */
export type FailedInvocation = { readonly at: string; readonly reason: string };
/** The result of a redrive: how many dead letters were moved back, and the failed invocations that were removed from their queue. */
export type RedriveReport = { readonly deadLetters: number; readonly failedInvocations: readonly FailedInvocation[] };

/** `redrive`: moves dead letters back to the queue, and lists and removes failed invocations. */
export const redrive = defineCommand({
  name: 'redrive',
  summary: 'In AWS: moves dead letters back to the queue, and lists and removes failed invocations.',
  examples: ['redrive --stage main'],
  flags: z.object({}),
  run: async ({ stage, print }) => {
    const report = await redriveMessages(await findDeploymentByFlag(stage));
    print(report, formatRedriveReport(report));
    return 0;
  },
});

/**
 * Moves dead letters back to the recorder's queue, and removes failed invocations: the next run does what is due, and a failed pause is left to the owner.
 * A dead letter is sent before it is deleted: a kill in between records it twice, which does no harm.
 */
export async function redriveMessages(deployment: Deployment): Promise<RedriveReport> {
  const { cloud, queueUrl, deadLettersUrl, service } = deployment;
  let deadLetters = 0;
  await cloud.drainQueue(deadLettersUrl, async ({ body }) => {
    await cloud.sendMessages(queueUrl, [body]);
    deadLetters += 1;
  });
  const failedInvocations: FailedInvocation[] = [];
  if (service) {
    await cloud.drainQueue(service.failedInvocationsUrl, async (message) => {
      failedInvocations.push(parseFailedInvocation(message));
    });
  }
  return { deadLetters, failedInvocations };
}

/** The record that Lambda sends to its failure destination. */
const LambdaFailure = z.looseObject({
  timestamp: z.string(),
  requestContext: z.looseObject({ condition: z.string() }),
  responsePayload: z.looseObject({ errorMessage: z.string() }).nullish(),
});

/** Reads a message of the failed invocations: Lambda gives the reason in the body, EventBridge Scheduler in attributes. */
export function parseFailedInvocation({ body, attributes, sent }: QueueMessage): FailedInvocation {
  const failure = LambdaFailure.safeParse(parseJson(body)).data;
  if (!failure) return { at: sent, reason: attributes.ERROR_MESSAGE || attributes.ERROR_CODE || 'no reason given' };
  const { timestamp, requestContext, responsePayload } = failure;
  return { at: timestamp, reason: responsePayload?.errorMessage ?? requestContext.condition };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function formatRedriveReport({ deadLetters, failedInvocations }: RedriveReport): string {
  return [
    `${deadLetters} dead letters moved back to the queue`,
    ...(deadLetters > 0 ? ['those that fail three times more become dead letters again; see docs/aws/runbook.md'] : []),
    ...failedInvocations.map(({ at, reason }) => `failed invocation at ${at}: ${reason}`),
  ].join('\n');
}
