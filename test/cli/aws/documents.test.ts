import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Config } from '../../../infra/config.ts';

const read = (file: string): string => readFileSync(file, 'utf8');

describe('The tables of docs/aws/security.md', () => {
  it('name at least one existing test file per protection, or say that none can show it', () => {
    const proofs = [...read('docs/aws/security.md').matchAll(/^\|(?!---).* \| ([^|]+) \|$/gm)]
      .map(([, cell]) => cell as string)
      .filter((cell) => !['shown by', 'cannot be shown'].includes(cell))
      .map((cell) => [...cell.matchAll(/`(test\/[^`]+)`/g)].map(([, file]) => file as string));
    expect(proofs.length).toBeGreaterThan(20);
    expect(proofs.filter((files) => files.length === 0)).toEqual([]);
    expect(proofs.flat().filter((file) => !existsSync(file))).toEqual([]);
  });
});

describe('docs/aws/deploy.md', () => {
  it('describes every configuration option and no other', () => {
    const [, section = ''] = read('docs/aws/deploy.md').split('\n## Choices\n');
    const cells = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| (`[^|]+`) \|/gm)].map(([, cell]) => cell ?? '');
    const rows = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    // only tests change where the feed is
    expect([...rows, 'origin'].sort()).toEqual(Object.keys(Config.shape).sort());
  });
});

describe('The role policy in docs/aws/unattended.md', () => {
  type Policy = { readonly Statement: readonly { readonly Action: string | readonly string[] }[] };
  const policies = [...read('docs/aws/unattended.md').matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(
    ([, json]) => JSON.parse(json as string) as Policy,
  );
  const granted = policies.at(-1)?.Statement.flatMap(({ Action }) => Action) ?? [];

  it('grants what update uses of AWS and nothing else', () => {
    expect([...granted].sort()).toEqual([
      'budgets:ModifyBudget',
      'budgets:ViewBudget',
      'cloudformation:DescribeStacks',
      'cloudformation:ListStackResources',
      'cloudwatch:DescribeAlarms',
      'iam:PassRole',
      'lambda:GetAccountSettings',
      'lambda:InvokeFunction',
      'scheduler:GetSchedule',
      'scheduler:UpdateSchedule',
      'sns:ListSubscriptionsByTopic',
      'ssm:GetParameter',
      'sts:AssumeRole',
    ]);
  });

  it('grants nothing that docs/aws/deploy.md does not name', () => {
    const [, table = ''] = read('docs/aws/deploy.md').split('| service | actions |');
    let service = '';
    const named = [...(table.split('\n\n')[0] ?? '').matchAll(/`(?:([a-z0-9]+):)?([A-Z]\w+)`/g)].map(
      ([, prefix, action]) => {
        service = prefix ?? service;
        return `${service}:${action}`;
      },
    );
    expect(named.length).toBeGreaterThan(25);
    expect(granted.filter((action) => action !== 'sts:AssumeRole' && !named.includes(action))).toEqual([]);
  });
});
