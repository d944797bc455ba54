import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorMessage } from '../../shared/lib/errors.ts';

const run = promisify(execFile);

/** An environment of Python with packages of exact versions, kept from run to run in a folder named for them. */
export type PythonHome = {
  readonly folder: string;
  /** Its interpreter. */
  readonly python: string;
  /** Makes it where it is not there; tells why it cannot be had, null when it can. Runs at the same time do not meet. */
  install(): Promise<string | null>;
};

/** Names an environment; it is made when it is installed. */
export function pythonHome(name: string, packages: readonly string[]): PythonHome {
  const folder = join(tmpdir(), `paperkeep-${name}-${packages.map((one) => one.split('==')[1]).join('-')}`);
  return {
    folder,
    python: join(folder, 'bin', 'python'),
    async install() {
      if (existsSync(folder)) return null;
      // made beside and moved into place
      const made = await mkdtemp(`${folder}-`);
      try {
        await run('python3', ['-m', 'venv', made]);
        await run(join(made, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...packages]);
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
