import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { columnOf, type Figure, inFolder, takingTurns, timed } from './measure.ts';

const run = promisify(execFile);

/** Command-line tools of about the same kind, with the name of their command; npm gives the newest. */
const OTHERS = { knip: 'knip', 'single-file-cli': 'single-file', '@tobilu/qmd': 'qmd' } as const;
const ROUNDS = 9;

type Installed = {
  readonly name: string;
  readonly command: string;
  readonly seconds: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly packages: number;
};

/** Size, installation and start of our npm package, beside other command-line tools from the registry. */
export async function benchPackage(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    await run(process.execPath, [
      fileURLToPath(import.meta.resolve('../../functions/cli/build.ts')),
      join(folder, 'dist'),
    ]);
    const { stdout } = await run('npm', ['pack', './dist'], { cwd: folder });
    const tools = [await install(folder, 'paperkeep', join(folder, stdout.trim()), 'paperkeep')];
    const figures: Figure[] = [];
    for (const [name, command] of Object.entries(OTHERS))
      try {
        tools.push(await install(folder, name, `${name}@latest`, command));
      } catch {
        figures.push({ name, value: 'not measured', limit: '', against: 'npm could not install it' });
      }
    const starts = await takingTurns(
      ROUNDS,
      tools.map(
        ({ command }) =>
          () =>
            run(command, ['--version']).catch(() => run(command, ['--help'])),
      ),
    );
    return [
      ...tools.map(({ name, seconds, packedBytes, bytes, packages }, at) => ({
        name: `package ${name}`,
        value: `${columnOf(starts, at).toFixed(0)} ms`,
        limit: '',
        against: `to start; ${inMegabytes(packedBytes)} packed, ${inMegabytes(bytes)} installed in ${packages} packages in ${seconds.toFixed(1)} s`,
      })),
      ...figures,
    ];
  });
}

const inMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Installs a package into an empty folder of its own, with nothing in the cache of npm. */
async function install(root: string, name: string, source: string, bin: string): Promise<Installed> {
  const folder = join(root, `in-${bin}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{}');
  const npm = (...args: string[]) =>
    run('npm', [...args, '--no-audit', '--no-fund', '--cache', join(root, 'cache', bin)], {
      cwd: folder,
      maxBuffer: 64_000_000,
    });
  const seconds = (await timed(() => npm('install', source))) / 1000;
  const { stdout } = await npm('pack', source, '--json', '--dry-run');
  const packed = JSON.parse(stdout) as { size: number }[];
  const modules = join(folder, 'node_modules');
  const files = (await readdir(modules, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  return {
    name,
    command: join(modules, '.bin', bin),
    seconds,
    packedBytes: packed[0]?.size ?? Number.NaN,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    packages: (await npm('ls', '--all', '--parseable')).stdout.trim().split('\n').length - 1,
  };
}
