import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { switchFlag, valueFlag } from '../flags.ts';
import { requireCheckout } from '../version.ts';

/** `deploy`: creates or repairs the deployment; exits with 3 when everything is deployed and no list was captured yet. */
export const deploy = defineCommand({
  name: 'deploy',
  summary: 'In AWS: creates the deployment, or repairs it, and waits for the first list. Needs a checkout.',
  examples: ['deploy', 'deploy --email you@example.org --region eu-central-1 --yes --bootstrap'],
  flags: z.object({
    email: valueFlag(
      z.string().optional(),
      '<address>',
      'address for alarms, if paperkeep.config.ts does not exist yet',
    ),
    region: valueFlag(
      z.string().optional(),
      '<region>',
      'AWS region, if neither paperkeep.config.ts nor the AWS configuration has one',
    ),
    yes: switchFlag('deploy without asking'),
    bootstrap: switchFlag('bootstrap the account and region for CDK if needed, without asking'),
  }),
  run: async (context, flags) => {
    requireCheckout();
    const [{ createDeployDeps }, { deploy, formatDeployReport }] = await Promise.all([
      import('../aws/deps.ts'),
      import('../aws/deploy.ts'),
    ]);
    const report = await deploy(createDeployDeps(context.log), flags);
    context.print(report, formatDeployReport(report));
    return report.first ? 0 : 3;
  },
});
