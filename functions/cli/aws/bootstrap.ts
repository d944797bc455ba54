import type { Config } from '../../../infra/config.ts';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import type { Cloud } from './cloud.ts';
import { confirm, type DeployDeps, runCdk } from './deps.ts';

/** The oldest bootstrap stack that the CDK of this checkout deploys with. */
export const OLDEST_BOOTSTRAP = 6;

/**
 * Bootstraps the account and region for CDK unless that was done.
 *
 * @throws PaperkeepError `NOT_BOOTSTRAPPED` where it is neither `agreed` nor confirmed on the terminal; `OTHER_BOOTSTRAP` where the
 * bootstrap stack exists with another qualifier, whose roles other CDK projects need.
 */
export async function bootstrap(
  deps: DeployDeps,
  cloud: Cloud,
  config: Config,
  agreed: boolean | undefined,
): Promise<void> {
  const { qualifier, toolkitStackName, executionPolicies, permissionsBoundary } = config;
  const version = await cloud.getBootstrapVersion(qualifier);
  if (version !== null && version >= OLDEST_BOOTSTRAP) return;
  if (version === null && (await cloud.describeStack(toolkitStackName))) {
    throw new PaperkeepError({
      code: 'OTHER_BOOTSTRAP',
      message: `the stack ${toolkitStackName} exists, but not with the qualifier ${qualifier}`,
      hint: 'set `qualifier` in paperkeep.config.ts to the parameter Qualifier of that stack, or `toolkitStackName` to another name',
    });
  }
  const { account } = await cloud.getIdentity();
  const environment = `aws://${account}/${cloud.region}`;
  const question = `CDK needs a bucket and roles of its own in ${environment} (stack ${toolkitStackName}, free but for storage). Create them?`;
  if (!agreed && !(await confirm(deps, question))) {
    throw new PaperkeepError({
      code: 'NOT_BOOTSTRAPPED',
      message: `${environment} is not bootstrapped for CDK`,
      hint: 'run it again with --bootstrap',
    });
  }
  const options = [
    ...['--qualifier', qualifier, '--toolkit-stack-name', toolkitStackName],
    ...(executionPolicies ? ['--cloudformation-execution-policies', executionPolicies] : []),
    ...(permissionsBoundary ? ['--custom-permissions-boundary', permissionsBoundary] : []),
  ];
  await runCdk(deps, ['bootstrap', environment, ...options], cloud.region);
}
