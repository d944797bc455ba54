import { createDeployDeps } from '../aws/deps.ts';
import { DestroyFlags, destroy, formatDestroyReport } from '../aws/destroy.ts';
import type { Run } from '../program.ts';

/** `destroy`: destroys the service and keeps archive and table. */
export const runDestroy: Run = async (context, _args, options) => {
  const report = await destroy(createDeployDeps(context.log), DestroyFlags.parse(options));
  context.say(report, formatDestroyReport(report));
  return 0;
};
