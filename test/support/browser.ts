import { type Browser, chromium } from 'playwright-core';
import { npmHome } from './packages.ts';

const CHROMIUM = npmHome('@sparticuz/chromium', '147.0.0');

/**
 * A browser for tests: on x64 Linux the one that comes by npm, elsewhere an installed Chrome.
 * Without one it returns the reason, so that tests are skipped with it. The caller closes the browser.
 */
export async function openBrowser(): Promise<Browser | { readonly skipped: string }> {
  try {
    return await (process.platform === 'linux' && process.arch === 'x64'
      ? openPackaged()
      : chromium.launch({ channel: 'chrome' }));
  } catch (error) {
    return { skipped: `no browser: ${error instanceof Error ? error.message : error}` };
  }
}

async function openPackaged(): Promise<Browser> {
  // Read while it is imported: with it the package brings the libraries that a bare machine lacks.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs24.x';
  const missing = await CHROMIUM.install();
  if (missing !== null) throw new Error(missing);
  const { default: packaged } = await CHROMIUM.load<{ default: { executablePath(): Promise<string> } }>();
  // Its own arguments hold --single-process, which ends the browser with its first context.
  return chromium.launch({ executablePath: await packaged.executablePath(), args: ['--no-sandbox'] });
}
