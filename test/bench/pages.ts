import { gzipSync } from 'node:zlib';
import { addDays, type Day } from '../../shared/lib/time.ts';
import { script } from '../../shared/web/static/script.ts';
import { styleSheet } from '../../shared/web/static/style.ts';
import { openBrowser } from '../support/browser.ts';
import { agent, bodyOf, serveFolder, stop } from './http.ts';
import { type Figure, inFolder, medianOf } from './measure.ts';
import { storeDays } from './years.ts';

/** The archive that is served has this month. */
const LAST = '2026-07-29' as Day;
const MONTH = 31;
const ROUNDS = 7;

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/** Runs in the page once it is loaded: when something was first painted, in ms, and how far content moved. */
const PAINT = `new Promise((done) => {
  let shift = 0;
  new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => { shift += value; })).observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => done({ paint: performance.getEntriesByName('first-contentful-paint')[0].startTime, shift }), 100);
})`;

/** What a page weighs, and how it is painted by a real browser that has nothing cached, on a phone and on a wide screen. */
export async function benchPages(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    await storeDays(folder, addDays(LAST, 1 - MONTH), LAST);
    const site = await serveFolder(folder);
    const day = `/daily/${addDays(LAST, -7)}`;
    const { papers } = JSON.parse(Buffer.from(await bodyOf(`${site.url}${day}.json`)).toString()) as {
      papers: { id: string }[];
    };
    const html = await bodyOf(site.url + day);
    const figures: Figure[] = [
      { name: 'pages: a day', value: kilobytes(html.length), limit: '≤ 60 kB', against: `${papers.length} papers` },
      { name: 'pages: a day, compressed', value: kilobytes(gzipSync(html).length), limit: '≤ 15 kB', against: 'gzip' },
      {
        name: 'pages: script and style',
        value: kilobytes(script.length + styleSheet.length),
        limit: '≤ 40 kB',
        against: `script ${kilobytes(script.length)}`,
      },
    ];
    const browser = await openBrowser();
    if ('skipped' in browser)
      figures.push({ name: 'pages: paint', value: 'skipped', limit: '', against: browser.skipped });
    else {
      for (const path of ['/', day, `/papers/${papers[0]?.id}`])
        for (const width of [360, 1280]) {
          const measured: { paint: number; shift: number }[] = [];
          for (let round = 0; round < ROUNDS; round++) {
            const context = await browser.newContext({ viewport: { width, height: 800 } });
            const page = await context.newPage();
            await page.goto(site.url + path, { waitUntil: 'load' });
            measured.push(await page.evaluate(PAINT));
            await context.close();
          }
          const shift = Math.max(...measured.map((one) => one.shift));
          figures.push({
            name: `pages: first contentful paint of ${path}, ${width} px`,
            value: `${(medianOf(measured.map(({ paint }) => paint)) / 1000).toFixed(2)} s`,
            limit: '≤ 0.8 s',
            against: `layout shift ${shift.toFixed(3)} (≤ 0)`,
          });
        }
      await browser.close();
    }
    agent.destroy();
    await stop(site);
    return figures;
  });
}
