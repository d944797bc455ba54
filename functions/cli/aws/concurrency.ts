import { type Config, RESERVED_CONCURRENCY } from '../../../infra/config.ts';
import type { Log } from '../../../shared/lib/log.ts';
import type { Cloud } from './cloud.ts';

/** Concurrent executions that AWS requires to stay unreserved in an account. */
const UNRESERVED = 100;
/** The account limit below which a burst of requests can keep the collector from running. */
const LOW_LIMIT = 100;

/**
 * The CDK context that reserves concurrency where the account's limit allows it. The configuration decides where it has `reserveConcurrency`.
 * Warns where the limit is so low that requests to the site can keep the collector from running.
 */
export async function concurrencyContext(cloud: Cloud, config: Config, log: Log): Promise<string[]> {
  if (config.reserveConcurrency !== undefined) return [];
  const limit = await cloud.getConcurrencyLimit();
  if (limit < LOW_LIMIT) {
    log.warn(
      `this account allows ${limit} concurrent executions for all functions together; request 1,000 under Service Quotas, AWS Lambda`,
    );
  }
  const reserved = Object.values(RESERVED_CONCURRENCY).reduce((sum, one) => sum + one, 0);
  return limit >= UNRESERVED + reserved ? ['-c', 'reserveConcurrency=true'] : [];
}
