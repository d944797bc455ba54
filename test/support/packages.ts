import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { errorMessage } from '../../shared/lib/errors.ts';

const run = promisify(execFile);

/** Packages of exact versions that only some tests need, kept from run to run in a folder named for them. */
export type PackageHome = {
  readonly folder: string;
  /** Makes it where it is not there; tells why it cannot be had, null when it can. Runs at the same time do not meet. */
  install(): Promise<string | null>;
};

function packageHome(
  name: string,
  versions: readonly unknown[],
  fill: (folder: string) => Promise<unknown>,
): PackageHome {
  const folder = join(tmpdir(), `paperkeep-${name}-${versions.join('-')}`);
  return {
    folder,
    async install() {
      if (existsSync(folder)) return null;
      // made beside and moved into place
      const made = await mkdtemp(`${folder}-`);
      try {
        await fill(made);
        await rename(made, folder).catch(() => {});
        return existsSync(folder) ? null : 'it could not be moved into place';
      } catch (error) {
        return errorMessage(error).split('\n')[0] ?? '';
      } finally {
        await rm(made, { recursive: true, force: true });
      }
    },
  };
}

/** Names an environment of Python with its interpreter; it is made when it is installed. */
export function pythonHome(name: string, packages: readonly string[]): PackageHome & { readonly python: string } {
  const home = packageHome(
    name,
    packages.map((one) => one.split('==')[1]),
    async (folder) => {
      await run('python3', ['-m', 'venv', folder]);
      await run(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...packages]);
    },
  );
  return { ...home, python: join(home.folder, 'bin', 'python') };
}

/** By default npm tries for 70 seconds on a machine without network. */
const NPM_FLAGS = [
  '--no-audit',
  '--no-fund',
  '--prefer-offline',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=2000',
];

/** Names a package of npm that is too heavy for everyone who starts the program; it is fetched when it is installed. */
export function npmHome(name: string, version: string) {
  const home = packageHome(name.replaceAll(/\W+/g, '-'), [version], async (folder) => {
    await run('npm', ['install', '--prefix', folder, ...NPM_FLAGS, `${name}@${version}`]);
    await writeFile(join(folder, 'load.mjs'), `export * as all from '${name}';\n`);
  });
  /** Imports the installed package. */
  const load = async <T>(): Promise<T> => (await import(pathToFileURL(join(home.folder, 'load.mjs')).href)).all;
  return { ...home, load };
}
