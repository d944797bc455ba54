import { DeployFlags, deploy, formatDeployReport } from '../aws/deploy.ts';
import { createDeployDeps } from '../aws/deps.ts';
import type { Run } from '../program.ts';

/** `deploy`: creates or repairs the deployment; exits with 3 when everything is deployed and no list was captured yet. */
export const runDeploy: Run = async (context, _args, options) => {
  const report = await deploy(createDeployDeps(context.log), DeployFlags.parse(options));
  context.say(report, formatDeployReport(report));
  return report.first ? 0 : 3;
};
