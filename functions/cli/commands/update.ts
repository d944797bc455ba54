import { createDeployDeps } from '../aws/deps.ts';
import { formatUpdateReport, UpdateFlags, update } from '../aws/update.ts';
import type { Run } from '../program.ts';

/** `update`: deploys this release over an existing one. */
export const runUpdate: Run = async (context, _args, options) => {
  const report = await update(createDeployDeps(context.log), UpdateFlags.parse(options));
  context.say(report, formatUpdateReport(report));
  return 0;
};
