/**
 * Builds a sample in a temporary folder, and writes the pictures in docs/images: `npm run screenshot`. Take them in the evening (UTC) of a
 * weekday: earlier the list of the day is short.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { addDays, type Day, dayOf, systemClock, weekdayOf } from '../../shared/lib/time.ts';
import { openBrowser } from './browser.ts';

/** The last weekday before today: its papers have a day of captures. */
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

/** Throws where this machine has none of the serif fonts of the site: headings would look like the text. */
async function requireSerif(page: Page): Promise<void> {
  const hasSerif = await page.locator('h1').evaluate((heading) => {
    const { defaultView: view, body } = heading.ownerDocument;
    const pen = heading.ownerDocument.createElement('canvas').getContext('2d') as CanvasRenderingContext2D;
    const widthIn = (element: Element) => {
      pen.font = `40px ${view?.getComputedStyle(element).fontFamily}`;
      return pen.measureText('paperkeep').width;
    };
    return widthIn(heading) !== widthIn(body);
  });
  if (!hasSerif) throw new Error('this machine has no serif font: install one, such as fonts-noto-core on Debian');
}

// the packaged browser knows one sans-serif font
process.env.FONTCONFIG_PATH ??= '/etc/fonts';
const browser = await openBrowser();
if ('skipped' in browser) throw new Error(browser.skipped);
await withSampleSite(async (url) => {
  const day = lastFullDay();
  const { papers } = (await (await fetch(`${url}/daily/${day}.json`)).json()) as { papers: { id: string }[] };
  const pages = {
    today: '/',
    paper: `/papers/${papers[0]?.id}`,
    movers: '/movers?list=trending',
  };
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  for (const [name, path] of Object.entries(pages)) {
    const file = `docs/images/${name}.png`;
    await page.goto(url + path);
    await requireSerif(page);
    await page.screenshot({ path: file });
    process.stdout.write(`${file}\n`);
  }
});
await browser.close();
