import { PaperkeepError } from '../../../shared/lib/errors.ts';
import type { Cloud } from './cloud.ts';
import { confirm, type DeployDeps, runCdk } from './deps.ts';

/** The oldest bootstrap stack that the CDK of this checkout deploys with. */
export const OLDEST_BOOTSTRAP = 6;

/**
 * Bootstraps the account and region for CDK unless that was done.
 *
 * @throws PaperkeepError `NOT_BOOTSTRAPPED` where it is neither `agreed` nor confirmed on the terminal.
 */
export async function bootstrap(deps: DeployDeps, cloud: Cloud, agreed: boolean | undefined): Promise<void> {
  const version = await cloud.getBootstrapVersion();
  if (version !== null && version >= OLDEST_BOOTSTRAP) return;
  const { account } = await cloud.getIdentity();
  const environment = `aws://${account}/${cloud.region}`;
  const question = `CDK needs a bucket and roles of its own in ${environment} (stack CDKToolkit, free but for storage). Create them?`;
  if (!agreed && !(await confirm(deps, question))) {
    throw new PaperkeepError({
      code: 'NOT_BOOTSTRAPPED',
      message: `${environment} is not bootstrapped for CDK`,
      hint: 'run it again with --bootstrap',
    });
  }
  await runCdk(deps, ['bootstrap', environment], cloud.region);
}
