#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Later starts take a third of the time. The cache is in the temporary folder, not in an installed package.
enableCompileCache();
// The reader of a pipe may stop early (`paperkeep show daily | head`). Anything else, such as a full disk, lost the output.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1));
process.stderr.on('error', () => {});

const { main } = await import('./main.ts');
const exit = await main(process.argv.slice(2), {
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isInteractive: process.stderr.isTTY === true,
});
// Exit although a request to the feed may still be open, but only after stdout is flushed.
process.stdout.write('', (error) => {
  if (!error) process.exit(exit);
});
