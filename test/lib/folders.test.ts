import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createFolder } from '../../shared/lib/folders.ts';

function home(): string {
  const folder = mkdtempSync(join(tmpdir(), 'paperkeep-folders-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it('creates a folder with those above it, and gives the topmost that was missing', () => {
  const root = home();
  expect(createFolder(join(root, 'a/b/c'))).toBe(join(root, 'a'));
  expect(statSync(join(root, 'a/b/c')).isDirectory()).toBe(true);
  expect(createFolder(join(root, 'a/b/d'))).toBe(join(root, 'a/b/d'));
  expect(createFolder(join(root, 'a/b/c'))).toBeNull();
});

it('fails where a file has the name of the folder or of one above it', () => {
  const root = home();
  writeFileSync(join(root, 'a'), '');
  expect(() => createFolder(join(root, 'a'))).toThrow('EEXIST');
  expect(() => createFolder(join(root, 'a/b'))).toThrow('ENOTDIR');
});

it.skipIf(process.platform !== 'linux')(
  'fails below /proc, where creating folders with Node alone never returns',
  () => {
    expect(() => createFolder('/proc/no-such-folder/a/b')).toThrow('ENOENT');
  },
);
