import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { REGIONS_WITHOUT_SES } from '../../infra/config.ts';
import { pythonHome } from '../support/packages.ts';
import { removeOutput, templatesOf } from './stacks.ts';

const run = promisify(execFile);

const HOME = pythonHome('cfn-lint', ['cfn-lint==1.58.0']);
const missing = await HOME.install();

beforeEach((context) => {
  if (missing !== null) context.skip(`cfn-lint cannot be installed: ${missing}`);
});

/** The regions that cfn-lint knows and that any account may use: not those of governments, and not those of other partitions. */
async function listCommercialRegions(): Promise<string[]> {
  const { stdout } = await run(HOME.python, ['-c', 'from cfnlint.helpers import REGIONS; print(*REGIONS)']);
  return stdout
    .trim()
    .split(' ')
    .filter((region) => !/^(cn|us-gov|us-iso|us-isob|us-isof|eu-isoe|eusc)-/.test(region));
}

describe('the regions without Amazon SES', () => {
  it('are the commercial ones for which cfn-lint knows no sender of mail', async () => {
    const script = `from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER as schemas
import sys
for region in sys.argv[1:]:
    try: schemas.get_resource_schema(region, 'AWS::SES::EmailIdentity')
    except Exception: print(region)`;
    const { stdout } = await run(HOME.python, ['-c', script, ...(await listCommercialRegions())]);
    expect(stdout.trim().split('\n').sort()).toEqual(REGIONS_WITHOUT_SES);
  });
});

describe('the templates of a deployment', () => {
  it('have no error of cfn-lint in any commercial region, with everything configured', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'paperkeep-cfn-lint-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
      removeOutput();
    });
    const templates = templatesOf({
      watch: 'agents=AI agents',
      access: 'token',
      accessParameter: '/paperkeep/main/readers',
      tokenParameter: '/paperkeep/main/feed-token',
      exports: true,
      downloads: true,
      analytics: true,
      reserveConcurrency: true,
      since: '2024-01-01',
      pauseOverBudget: true,
      domain: 'papers.example.org',
      certificateArn: 'arn:aws:acm:eu-central-1:111111111111:certificate/one',
    });
    const files = Object.entries(templates).map(([name, template]) => {
      const file = join(folder, `${name}.json`);
      writeFileSync(file, JSON.stringify(template));
      return file;
    });
    const regions = await listCommercialRegions();
    expect(regions.length).toBeGreaterThan(30);
    expect(regions).toContain('eu-north-1');
    // run from its environment, since the first line of the script names the folder that it was installed in
    const script = ['-c', 'from cfnlint.runner import main; main()'];
    const options = ['--format', 'json', '--non-zero-exit-code', 'none', '--regions', ...regions];
    const { stdout } = await run(HOME.python, [...script, ...options, '--', ...files], { maxBuffer: 100_000_000 });
    const findings = JSON.parse(stdout || '[]') as { Level: string; Message: string }[];
    expect(findings.filter(({ Level }) => Level === 'Error').map(({ Message }) => Message)).toEqual([]);
  }, 300_000);
});
