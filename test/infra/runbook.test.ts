import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { allOf, removeOutput, templatesOf } from './stacks.ts';

const { service } = templatesOf({
  mail: 'ses',
  mailFrom: 'digest@example.org',
  publicUrl: 'https://papers.example.org',
});
afterAll(removeOutput);

const alarms = allOf(service, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => ({
  name: Properties.AlarmName.replace('paperkeep-main-', '') as string,
  description: Properties.AlarmDescription as string,
}));
/** The budget is not part of a stack, and mails too. */
const OTHERS = ['Budget'];

const runbook = readFileSync(new URL('../../docs/aws/runbook.md', import.meta.url), 'utf8');
const articles = runbook
  .split(/^## /m)
  .slice(1)
  .map((article) => ({ name: article.slice(0, article.indexOf('\n')).trim(), article }));

describe('the runbook', () => {
  it('has exactly one article for each alarm and for the budget', () => {
    expect(articles.map(({ name }) => name).sort()).toEqual([...alarms.map(({ name }) => name), ...OTHERS].sort());
  });

  it.each(articles)('describes, investigates and resolves $name', ({ article }) => {
    const parts = [...article.matchAll(/^### (.+)$/gm)].map(([, part]) => part);
    expect(parts).toEqual(['Description', 'Investigation', 'Resolution']);
  });

  it.each(alarms)('is linked from the description of $name', ({ name, description }) => {
    expect(description).toMatch(new RegExp(`^[A-Z].+\\. https://\\S+/docs/aws/runbook\\.md#${name.toLowerCase()}$`));
  });
});
