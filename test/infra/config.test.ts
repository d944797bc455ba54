import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../infra/app.ts';
import { allOf, makeOutput, removeOutput, templatesOf } from './stacks.ts';

afterAll(removeOutput);

/** Reads a configuration from a file and from `-c name=value`, which is always text. */
const read = (context: Record<string, string>, file = {}) =>
  readConfig(new App({ context, outdir: makeOutput() }), file);

describe('the configuration of a deployment', () => {
  it('requires an address and has a default for everything else', () => {
    expect(read({ email: 'owner@example.org' })).toEqual({
      stage: 'main',
      email: 'owner@example.org',
      watch: '',
      access: 'public',
      minute: 2,
      logDays: 30,
      budgetDollars: 1,
      exports: false,
      downloads: false,
      analytics: false,
      origin: 'https://huggingface.co',
    });
    expect(() => read({})).toThrow(expect.objectContaining({ code: 'BAD_CONFIG' }));
  });

  it('takes values of the command line over those of the file, numbers and booleans too', () => {
    const choices = { email: 'owner@example.org', minute: '17', logDays: '90', budgetDollars: '2.5', exports: 'true' };
    expect(read(choices, { logDays: 14, stage: 'kept' })).toMatchObject({
      minute: 17,
      logDays: 90,
      budgetDollars: 2.5,
      exports: true,
      stage: 'kept',
    });
  });

  it.each([
    [{ minute: '60' }, 'minute'],
    [{ stage: 'Main Stage' }, 'stage'],
    [{ watch: 'no slug=' }, 'watch'],
    [{ access: 'token' }, 'accessParameter'],
    [{ logDays: '31' }, 'logDays'],
    [{ downloads: 'true' }, 'exports'],
    [{ analytics: 'true' }, 'exports'],
    [{ exports: 'perhaps' }, 'exports'],
  ])('is refused with the name of the wrong value: %j', (wrong, name) => {
    expect(() => read({ email: 'owner@example.org', ...wrong })).toThrow(name);
  });

  it('reaches the resources that it configures', () => {
    const { service } = templatesOf({ stage: 'try', minute: 17, logDays: 90, watch: 'agents=llm agents' });
    expect(allOf(service, 'AWS::Scheduler::Schedule')[0]?.[1].Properties.ScheduleExpression).toBe('cron(17 * * * ? *)');
    for (const [, { Properties }] of allOf(service, 'AWS::Logs::LogGroup')) expect(Properties.RetentionInDays).toBe(90);
    const functions = allOf(service, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);
    const variables = functions.map(({ Environment }) => Environment.Variables);
    expect(variables.map(({ PAPERKEEP_STAGE }) => PAPERKEEP_STAGE)).toEqual(['try', 'try', 'try', 'try']);
    expect(variables.map(({ PAPERKEEP_WATCH }) => PAPERKEEP_WATCH)).toContain('agents=llm agents');
  });
});
