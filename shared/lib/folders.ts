import { chmodSync, copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a folder and those above it where they are missing. Node's `mkdir` with `recursive` never returns where nothing can be created
 * below a folder that exists, such as `/proc`.
 *
 * @returns The topmost folder that was created; null when all were there.
 */
export function createFolder(path: string): string | null {
  const above = dirname(path);
  const topmost = above === path || existsSync(above) ? null : createFolder(above);
  try {
    mkdirSync(path);
    return topmost ?? path;
  } catch (error) {
    // another process may have just created it
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && statSync(path).isDirectory()) return topmost;
    throw error;
  }
}

/** Copies a file to one that its owner may write, whatever may be done with the first. */
export function copyWritable(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, 0o600);
}
