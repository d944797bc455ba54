import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { copyWritable, createFolder } from '../../shared/lib/folders.ts';

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

it('copies a file that no one may write to one that its owner may write', () => {
  const root = home();
  writeFileSync(join(root, 'a'), 'what it holds', { mode: 0o444 });
  copyWritable(join(root, 'a'), join(root, 'b'));
  expect(readFileSync(join(root, 'b'), 'utf8')).toBe('what it holds');
  expect(statSync(join(root, 'b')).mode & 0o200).toBe(0o200);
});
