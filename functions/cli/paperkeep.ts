#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Later starts take a third of the time. The cache is in the temporary folder, not in an installed package.
enableCompileCache();
// The reader of a pipe may stop early (`paperkeep show daily | head`).
process.stdout.on('error', () => process.exit());

const { main } = await import('./main.ts');
const exit = await main(process.argv.slice(2), {
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isInteractive: process.stderr.isTTY === true,
});
// Exit although a request to the feed may still be open, but only after stdout is flushed.
process.stdout.write('', () => process.exit(exit));
