#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// From the second start on it takes a third of the time: types need not be stripped again.
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/paperkeep'));
// What warcio has to say of a damaged file there is told by the error, too; and nothing else may stand beside what we say.
console.warn = () => {};
// Whoever reads may have seen enough (`paperkeep show daily | head`).
process.stdout.on('error', () => process.exit());

const { main } = await import('./main.ts');
const exit = await main(process.argv.slice(2), {
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  watched: process.stderr.isTTY === true,
});
// A request to the feed that is still under way must not hold up the end; first what was said has to get out.
process.stdout.write('', () => process.exit(exit));
