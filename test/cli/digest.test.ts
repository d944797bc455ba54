import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { warnIfMailIsOff } from '../../functions/cli/mail.ts';
import { parseEnv } from '../../shared/lib/env.ts';
import type { Instant } from '../../shared/lib/time.ts';
import { Settings } from '../../shared/settings.ts';
import { aFolder, type Env, run } from './run.ts';
import { saveDay } from './saved.ts';

const MORNING = '2026-03-04T09:00:00Z';

/** A folder with the captures of one day, and mail that goes to an outbox. */
async function anOutbox(): Promise<{ env: Env; data: string; mails: () => string[] }> {
  const data = aFolder();
  const env = {
    PAPERKEEP_DATA: data,
    PAPERKEEP_MAIL: `outbox:${join(data, 'outbox')}`,
    PAPERKEEP_MAIL_FROM: 'paperkeep <digest@example.org>',
    PAPERKEEP_PUBLIC_URL: 'https://papers.example.org',
  };
  expect(await run(['import', saveDay(data, '2026-03-03T12:00:00Z' as Instant)], env)).toMatchObject({ exit: 0 });
  const mails = () => readdirSync(join(data, 'outbox')).map((name) => readFileSync(join(data, 'outbox', name), 'utf8'));
  return { env, data, mails };
}
const add = (env: Env, ...args: string[]) => run(['subscribers', 'add', ...args], env);

describe('digest', () => {
  it('says what it would send, sends it once, and leaves one file for each message', async () => {
    const { env, mails } = await anOutbox();
    await add(env, 'me@example.org');
    await add(env, 'you@example.org', '--follow', 'phrase:no such words', '--cadence', 'weekly');
    const planned = JSON.parse((await run(['digest', '--at', MORNING, '--dry-run', '--json'], env)).out);
    expect(planned.messages).toHaveLength(1);
    const [{ period, papers }] = planned.messages;
    expect(period).toBe('2026-03-04');
    expect(papers.length).toBeGreaterThan(5);
    const sent = await run(['digest', '--at', MORNING, '--json'], env);
    expect(JSON.parse(sent.out)).toEqual({ sent: 1, refused: 0, deferred: 0, unconfirmed: 0 });
    expect(sent.err).not.toContain('example.org');
    expect(JSON.parse((await run(['digest', '--at', MORNING, '--json'], env)).out)).toMatchObject({ sent: 0 });
    expect(mails()).toHaveLength(1);
    for (const { id } of papers) expect(mails()[0]).toContain(id);
    expect(mails()[0]).toMatch(/^To: me@example\.org\r?$/m);
  });

  it('refuses to set the clock unless mail goes to an outbox', async () => {
    const { env } = await anOutbox();
    for (const mail of ['smtp://127.0.0.1:1', 'ses:', ''])
      for (const flags of [[], ['--dry-run']])
        expect(await run(['digest', '--at', MORNING, ...flags], { ...env, PAPERKEEP_MAIL: mail })).toMatchObject({
          exit: 2,
          out: '',
          err: expect.stringMatching(/\[USAGE\]: .*outbox:<folder>/),
        });
  });

  it.each(['PAPERKEEP_MAIL', 'PAPERKEEP_MAIL_FROM', 'PAPERKEEP_PUBLIC_URL'])(
    'is off without %s, and says what is missing',
    async (name) => {
      const { env } = await anOutbox();
      expect(await run(['digest'], { ...env, [name]: '' })).toMatchObject({
        exit: 2,
        err: expect.stringMatching(/mail is off \[MAIL_OFF\]: set PAPERKEEP_MAIL, /),
      });
    },
  );

  it('says with --dry-run that mail is off', async () => {
    const { env } = await anOutbox();
    const { exit, err } = await run(['digest', '--dry-run', '--json'], { ...env, PAPERKEEP_MAIL: '' });
    expect([exit, err]).toEqual([0, expect.stringContaining('mail is off until PAPERKEEP_MAIL')]);
  });

  it('does not call mail off for a deployment, whose settings this machine does not have', () => {
    const warnings: string[] = [];
    const log = { info() {}, warn: (event: string) => void warnings.push(event) };
    const settings = parseEnv(Settings, {});
    warnIfMailIsOff({ settings, log, stage: 'main' });
    expect(warnings).toEqual([]);
    warnIfMailIsOff({ settings, log, stage: null });
    expect(warnings).toHaveLength(1);
  });

  it('shows no password where a setting is wrong', async () => {
    const { env } = await anOutbox();
    const { exit, err } = await run(['digest'], { ...env, PAPERKEEP_MAIL: 'smtp:me:secret@host' });
    expect({ exit, err }).toEqual({ exit: 2, err: expect.stringMatching(/PAPERKEEP_MAIL: must be outbox:/) });
    expect(err).not.toContain('secret');
  });
});

describe('subscribers', () => {
  it('are listed, replaced, removed and restored from the backup', async () => {
    const { env, data } = await anOutbox();
    await add(env, 'me@bücher.example', '--follow', 'keyword:Long Reading', '--follow', 'all', '--min-upvotes', '5');
    await add(env, 'you@example.org', '--zone', 'Asia/Tokyo', '--hour', '20', '--cadence', 'weekly');
    expect((await add(env, 'you@example.org', '--hour', '7')).out).toBe('1 subscriber changed\n');
    expect(JSON.parse((await add(env, 'ME@example.org', '--json')).out)).toEqual({
      added: ['ME@example.org'],
      changed: [],
    });
    expect((await run(['subscribers', 'remove', 'me@example.org'], env)).exit).toBe(0);
    const backup = (await run(['subscribers', 'list', '--json'], env)).out;
    expect(JSON.parse(backup).subscribers).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          address: 'me@xn--bcher-kva.example',
          follow: ['keyword:long-reading', 'all'],
          minUpvotes: 5,
        }),
        expect.objectContaining({ address: 'you@example.org', zone: 'UTC', hour: 7, cadence: 'daily' }),
      ]),
    );
    expect((await run(['subscribers'], env)).out).toMatch(/you@example\.org\s+daily\s+7:00 UTC\s+everything/);
    for (const address of ['me@bücher.example', 'you@example.org'])
      expect(await run(['subscribers', 'remove', address], env)).toMatchObject({ exit: 0 });
    expect((await run(['subscribers'], env)).out).toBe('no subscribers\n');
    writeFileSync(join(data, 'backup.json'), backup);
    expect(await run(['subscribers', 'import', join(data, 'backup.json')], env)).toMatchObject({ exit: 0 });
    expect((await run(['subscribers', 'list', '--json'], env)).out).toBe(backup);
  });

  it.each([
    [['add'], /add needs an address/],
    [['import'], /import needs a file/],
    [['invite', 'me@example.org'], /ACTION must be one of list, add, remove, import, not "invite"/],
    [['add', 'me@example.org\nBcc: you@example.org'], /is not one mail address/],
    [['add', 'me@example.org', '--follow', 'everything'], /--follow must be all, /],
    [['add', 'me@example.org', '--follow', `phrase:${'a'.repeat(10_000)}`], /--follow must not name more than 300/],
    [['add', 'me@example.org', '--zone', 'Nowhere'], /--zone must be a time zone/],
    [['add', 'me@example.org', '--hour', '24', '--min-upvotes', 'x'], /--min-upvotes must be .*; --hour must be/],
    [['import', '/no/such/file'], /is not a list of subscribers: ENOENT/],
  ])('are refused with one line for %.80j, and nothing is stored', async (args, message) => {
    const { env } = await anOutbox();
    const { exit, out, err } = await run(['subscribers', ...args], env);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toMatch(message);
    expect(err.length).toBeLessThan(600);
    expect((await run(['subscribers'], env)).out).toBe('no subscribers\n');
  });

  it('that are not there cannot be removed', async () => {
    const { env } = await anOutbox();
    expect(await run(['subscribers', 'remove', 'me@example.org'], env)).toMatchObject({
      exit: 1,
      err: expect.stringContaining('me@example.org is not subscribed [NOT_SUBSCRIBED]'),
    });
  });
});
