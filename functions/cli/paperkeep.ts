#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Later starts take a third of the time. The cache is in the temporary folder, not in an installed package.
enableCompileCache();
// every write reports its own error
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

const [{ main }, { worstExitCode }] = await Promise.all([import('./main.ts'), import('./exit-codes.ts')]);
let isLost = false;

/** Writes to stdout. The reader of a pipe may stop early (`paperkeep verify | head`); anything else, such as a full disk, lost the output. */
const out = (text: string) =>
  process.stdout.write(text, (error?: NodeJS.ErrnoException | null) => {
    if (!error || error.code === 'EPIPE') return;
    isLost = true;
    process.stderr.write(
      `paperkeep: the output cannot be written: ${error.message} [OUTPUT_LOST]: send it to another place\n`,
    );
  });

const exit = await main(process.argv.slice(2), {
  env: process.env,
  out,
  err: (text) => process.stderr.write(text),
  isInteractive: process.stderr.isTTY === true,
});
// Exit although a request to the feed may still be open, but only after stdout is flushed.
process.stdout.write('', () => process.exit(isLost ? worstExitCode([exit, 1]) : exit));
