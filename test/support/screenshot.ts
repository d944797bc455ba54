/** Builds a sample in a temporary folder, and writes the pictures in docs/images: `npm run screenshot`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays, type Day, dayOf, systemClock, weekdayOf } from '../../shared/lib/time.ts';
import { openBrowser } from './browser.ts';

/** The last weekday that is over, when its list is long: today's may hold a single paper. */
function lastFullDay(): Day {
  let day = addDays(dayOf(systemClock()), -1);
  while (weekdayOf(day) > 5) day = addDays(day, -1);
  return day;
}

/** Calls `work` with the address of a server that shows the sample, and stops the server afterwards. */
async function withSampleSite(work: (url: string) => Promise<void>): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'paperkeep-screenshot-'));
  const args = ['functions/cli/paperkeep.ts', 'serve', '--collect', '--port', '0', '--data', data];
  // nothing listens on port 9, so the server falls back to the sample
  const server = spawn(process.execPath, [...args, '--origin', 'http://127.0.0.1:9'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    let log = '';
    await new Promise<void>((ready, fail) => {
      const read = (chunk: Buffer) => {
        log += chunk;
        if (log.includes('sample ready')) ready();
      };
      server.stdout.on('data', read);
      server.stderr.on('data', read);
      server.once('exit', (code) => fail(new Error(`the server ended with ${code}: ${log}`)));
    });
    await work(/http:\/\/127\.0\.0\.1:\d+/.exec(log)?.[0] ?? '');
  } finally {
    const ended = once(server, 'exit');
    server.kill();
    await ended;
    rmSync(data, { recursive: true, force: true });
  }
}

const browser = await openBrowser();
if ('skipped' in browser) throw new Error(browser.skipped);
await withSampleSite(async (url) => {
  const day = lastFullDay();
  const { papers } = (await (await fetch(`${url}/daily/${day}.json`)).json()) as { papers: { id: string }[] };
  const pages = {
    today: `/?at=${day}T20:00:00Z`,
    paper: `/papers/${papers[0]?.id}`,
    movers: '/movers?list=trending',
  };
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  for (const [name, path] of Object.entries(pages)) {
    const file = `docs/images/${name}.png`;
    await page.goto(url + path);
    await page.screenshot({ path: file });
    process.stdout.write(`${file}\n`);
  }
});
await browser.close();
