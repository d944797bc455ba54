import type { Config } from '../../../infra/config.ts';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import type { Log } from '../../../shared/lib/log.ts';
import { budgetName, SERVICE_OUTPUTS, stackNames } from '../../../shared/names.ts';
import type { Cloud } from './cloud.ts';

/**
 * Creates or updates the budget of a deployment; returns whether there is one. It covers the whole account, since a budget of one cost
 * allocation tag stays silent until the owner activates the tag in the billing console.
 * It is not part of a stack: in a dozen regions CloudFormation has no budgets, and an organization may deny them to its members.
 */
export async function setUpBudget(cloud: Cloud, { stage, email, budgetDollars }: Config, log: Log): Promise<boolean> {
  if (email === undefined) return false;
  return warnIfRefused(log, 'no budget will warn you of the cost', async () => {
    const service = await cloud.describeStack(stackNames(stage).service);
    const topic = service?.outputs[SERVICE_OUTPUTS.overBudgetTopic] ?? null;
    await cloud.upsertBudget({ name: budgetName(stage), dollars: budgetDollars, email, topic });
  });
}

/** Deletes the budget of a deployment; returns whether that was allowed. */
export const removeBudget = (cloud: Cloud, stage: string, log: Log): Promise<boolean> =>
  warnIfRefused(log, `the budget ${budgetName(stage)} is still there`, () => cloud.deleteBudget(budgetName(stage)));

async function warnIfRefused(log: Log, consequence: string, request: () => Promise<void>): Promise<boolean> {
  try {
    await request();
    return true;
  } catch (error) {
    if (!(error instanceof PaperkeepError)) throw error;
    log.warn(`${consequence}: ${error.message}`);
    return false;
  }
}
