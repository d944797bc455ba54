import { describe, expect, it } from 'vitest';
import { parseEnv } from '../shared/lib/env.ts';
import { Settings } from '../shared/settings.ts';

const read = (env: Record<string, string>) => parseEnv(Settings, env);

describe('settings', () => {
  it('have defaults that keep everything in one folder', () => {
    expect(read({})).toEqual({
      origin: 'https://huggingface.co',
      data: './data',
      archive: 'file:data/archive',
      table: 'sqlite:data/papers.sqlite',
      watch: [],
      minGapMs: undefined,
      indexing: false,
      mail: null,
      subscriptions: 'sqlite:data/subscriptions.sqlite',
      since: null,
      token: undefined,
    });
    expect(read({ PAPERKEEP_DATA: '/var/keep' })).toMatchObject({
      archive: 'file:/var/keep/archive',
      table: 'sqlite:/var/keep/papers.sqlite',
    });
  });

  it('read the day back to which the daily lists are filled, and refuse what is no day', () => {
    expect(read({ PAPERKEEP_SINCE: '2024-01-01' }).since).toBe('2024-01-01');
    expect(() => read({ PAPERKEEP_SINCE: '2024-13-01' })).toThrow('PAPERKEEP_SINCE: must be a day of the calendar');
  });

  it('treat an empty variable as one that is not set', () => {
    expect(read({ PAPERKEEP_ORIGIN: '', PAPERKEEP_MIN_GAP_MS: '' })).toEqual(read({}));
  });

  it('may keep archive, table and derived files elsewhere', () => {
    const elsewhere = { PAPERKEEP_ARCHIVE: 's3://bucket/prefix', PAPERKEEP_TABLE: 'dynamodb:papers' };
    expect(read(elsewhere)).toMatchObject({ archive: 's3://bucket/prefix', table: 'dynamodb:papers' });
    expect(read({ PAPERKEEP_DERIVED: 's3://bucket' })).toMatchObject({ derived: 's3://bucket' });
    expect(() => read({ PAPERKEEP_DERIVED: 'file:derived' })).toThrow('PAPERKEEP_DERIVED: must be s3://<bucket>');
  });

  it.each([
    ['https://huggingface.co/', 'https://huggingface.co'],
    ['http://127.0.0.1:4600', 'http://127.0.0.1:4600'],
    ['HTTP://LocalHost:80', 'http://localhost'],
  ])('read the origin %s as %s', (given, origin) => {
    expect(read({ PAPERKEEP_ORIGIN: given }).origin).toBe(origin);
  });

  it.each([
    'huggingface.co',
    'ftp://huggingface.co',
    'https://huggingface.co/papers',
    'https://me:secret@huggingface.co',
  ])('refuse the origin %s', (origin) => {
    expect(() => read({ PAPERKEEP_ORIGIN: origin })).toThrow(/PAPERKEEP_ORIGIN: must be an address/);
  });

  it('read watched searches, whose queries may hold anything but a semicolon', () => {
    expect(read({ PAPERKEEP_WATCH: 'agents=AI agents; rl-2 = a=b ;' }).watch).toEqual([
      { slug: 'agents', query: 'AI agents' },
      { slug: 'rl-2', query: 'a=b' },
    ]);
  });

  it('name everything that is wrong with the watched searches', () => {
    const env = { PAPERKEEP_WATCH: `Big=x;agents=;a=1;a=2;long=${'x'.repeat(251)}` };
    expect(() => read(env)).toThrow(
      /"Big" is not a slug .*"agents" has no query, "a" occurs twice, the query of "long" is longer than 250/,
    );
  });

  it.each(['-1', '2 s', '1.5', 'often', ' '])('refuse the gap "%s"', (gap) => {
    expect(() => read({ PAPERKEEP_MIN_GAP_MS: gap })).toThrow(/PAPERKEEP_MIN_GAP_MS: must be a whole number/);
    expect(read({ PAPERKEEP_MIN_GAP_MS: '2500' }).minGapMs).toBe(2500);
  });

  it('never print a secret when something else is wrong', () => {
    const env = { HF_TOKEN: 'hf_secret', PAPERKEEP_ORIGIN: 'https://me:hush@huggingface.co', PAPERKEEP_TABLE: 'x' };
    expect(() => read(env)).toThrow(expect.not.objectContaining({ message: expect.stringMatching(/secret|hush/) }));
  });

  it('switch mail on only where all three are set', () => {
    const three = {
      PAPERKEEP_MAIL: 'ses:',
      PAPERKEEP_MAIL_FROM: 'paperkeep <digest@example.org>',
      PAPERKEEP_PUBLIC_URL: 'https://papers.example.org',
    };
    expect(read(three).mail).toEqual({
      transport: 'ses:',
      from: 'paperkeep <digest@example.org>',
      site: 'https://papers.example.org',
    });
    for (const name of Object.keys(three)) expect(read({ ...three, [name]: '' }).mail).toBeNull();
  });

  it.each([
    { PAPERKEEP_MAIL: 'mail.example.org' },
    { PAPERKEEP_MAIL: 'outbox:' },
    { PAPERKEEP_MAIL_FROM: 'paperkeep' },
    { PAPERKEEP_MAIL_FROM: 'a@example.org, b@example.org' },
    { PAPERKEEP_MAIL_FROM: 'paperkeep\r\nBcc: x <a@example.org>' },
    { PAPERKEEP_SUBSCRIPTIONS: 'postgres:x' },
  ])('refuse %j', (env) => {
    expect(() => read(env)).toThrow(Object.keys(env)[0]);
  });
});
