import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTextLog } from '../../shared/lib/log.ts';
import { aFolder, type Env, run, SCRIPT } from './run.ts';

/** Names the window, clears the screen (by two bytes and by one), rings, and turns the rest of the line around. */
const SPELL = '\u001b]0;owned\u0007\u001b[2J\u009b2J\u007f\u202edezilaer\u2066';
const SHOWN = '\ufffd]0;owned\ufffd\ufffd[2J\ufffd2J\ufffd\ufffddezilaer\ufffd';
const TITLE = `Tables${SPELL} at length`;
/** No character that a terminal obeys but ends of lines. */
const HARMLESS = /^(?:[^\p{Cc}\u202a-\u202e\u2066-\u2069]|\n)+$/u;

/** A list with such a title, imported. */
async function anArchive(): Promise<Env> {
  const env = { PAPERKEEP_DATA: aFolder(), PAPERKEEP_ORIGIN: 'http://127.0.0.1:9' };
  const path = join(env.PAPERKEEP_DATA, '2026-03-03__20260303T120000Z.json');
  const paper = { id: '2603.00001', title: TITLE, summary: 'Made up.', upvotes: 3, authors: [{ name: 'Ada Made-Up' }] };
  writeFileSync(path, JSON.stringify([{ title: TITLE, paper }]));
  expect((await run(['import', path, '--quiet'], env)).exit).toBe(0);
  return env;
}

describe('Text of the feed', () => {
  it('never reaches a terminal: control characters are shown as U+FFFD', async () => {
    const env = await anArchive();
    for (const command of [
      ['show', 'daily', '2026-03-03'],
      ['show', 'paper', '2603.00001'],
      ['search', 'tables'],
    ]) {
      const { exit, out } = await run(command, env);
      expect(exit).toBe(0);
      expect(out).toContain(`Tables${SHOWN} at length`);
      expect(out).toMatch(HARMLESS);
    }
  });

  it('is unchanged in JSON output', async () => {
    const { out } = await run(['show', 'daily', '2026-03-03', '--json'], await anArchive());
    expect(JSON.parse(out).papers[0].title).toBe(TITLE);
  });

  it('never reaches a terminal in an error either', async () => {
    const { err } = await run(['show', SPELL, '--debug']);
    expect(err).toContain(`unknown view '${SHOWN}'`);
    expect(err).toMatch(HARMLESS);
  });

  it('stays on one line of the log', () => {
    const lines: string[] = [];
    createTextLog((line) => lines.push(line)).warn('refused', { why: `no\r\n${SPELL}\nwarning: forged` });
    expect(lines).toEqual([`warning: refused why=no ${SHOWN} warning: forged\n`]);
  });
});

describe('A command', () => {
  it.skipIf(!existsSync('/dev/full'))('fails when its output cannot be written', () => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    const { status } = spawnSync(process.execPath, [SCRIPT, 'status', '--json', '--data', aFolder()], {
      stdio: ['ignore', full, 'ignore'],
    });
    expect(status).toBe(1);
  });

  it('goes on when its messages are not read', async () => {
    const child = spawn(process.execPath, [SCRIPT, 'collect', '--origin', 'http://127.0.0.1:9', '--data', aFolder()]);
    child.stderr.destroy();
    child.stdout.resume();
    // the feed cannot be reached
    expect(await once(child, 'exit')).toEqual([3, null]);
  });
});
