import { readFileSync } from 'node:fs';
import { PaperkeepError } from '../../shared/lib/errors.ts';

/** Set by the build of the npm package; a checkout has package.json instead. */
declare const PAPERKEEP_VERSION: string | undefined;

const packaged = typeof PAPERKEEP_VERSION === 'string' ? PAPERKEEP_VERSION : null;

/** The folder of the checkout that this runs from; null in the npm package. */
export const CHECKOUT: URL | null = packaged === null ? new URL('../../', import.meta.url) : null;

/** This release: `1.2.3`. */
export const VERSION: string =
  packaged ??
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;

/**
 * The folder of the checkout, for the commands that need CDK and its templates.
 *
 * @throws PaperkeepError `NEEDS_CHECKOUT` in the npm package.
 */
export function requireCheckout(): URL {
  if (CHECKOUT) return CHECKOUT;
  throw new PaperkeepError({
    code: 'NEEDS_CHECKOUT',
    message: 'deploying to AWS needs a checkout of paperkeep, not the npm package',
    hint: 'run `git clone https://github.com/paperkeep/paperkeep`, then `npm ci` and `npm run deploy` in it',
  });
}
