import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { switchFlag } from '../flags.ts';
import { requireCheckout } from '../version.ts';

/** `update`: deploys this release over an existing one. */
export const update = defineCommand({
  name: 'update',
  summary:
    'In AWS: shows what this release changes, deploys it, and offers to parse old captures again where a parser improved. Needs a checkout.',
  examples: ['update', 'update --yes --replay'],
  flags: z.object({
    yes: switchFlag('deploy without asking'),
    bootstrap: switchFlag('bootstrap the account and region for CDK if needed, without asking'),
    replay: switchFlag('replay without asking; all snapshots if no parser changed'),
  }),
  run: async (context, flags) => {
    requireCheckout();
    const [{ createDeployDeps }, { update, formatUpdateReport }] = await Promise.all([
      import('../aws/deps.ts'),
      import('../aws/update.ts'),
    ]);
    const report = await update(createDeployDeps(context.log), flags);
    context.print(report, formatUpdateReport(report));
    return 0;
  },
});
