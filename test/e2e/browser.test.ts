import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { script } from '../../shared/web/static/script.ts';
import { styleSheet } from '../../shared/web/static/style.ts';
import { openBrowser } from '../support/browser.ts';
import { pages } from '../web/pages/pages.ts';

// The strictest policy: pages must work under it.
const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'";

const browser = await openBrowser();
const skipped = 'skipped' in browser ? browser.skipped : null;
if (skipped) console.warn(`browser tests are skipped: ${skipped}`);

const BIBTEX = '@article{made-up, title = {Slow Lanterns}}';
/** Three captures of a day: the second paper overtakes the first, which a third paper then leaves out. */
const replay = {
  times: ['2025-01-08T05:02:11Z', '2025-01-08T12:02:00Z', '2025-01-08T18:12:03Z'],
  ids: ['2501.90001', '2501.90002', '2501.99999'],
  ranks: [
    [1, 2, null],
    [2, 1, null],
    [1, 2, 3],
  ],
  upvotes: [
    [4, 3, null],
    [20, 31, null],
    [70, 63, 1],
  ],
};
const files: Readonly<Record<string, readonly [body: string, type: string]>> = {
  '/style.css': [styleSheet, 'text/css'],
  '/script.js': [script, 'text/javascript'],
  '/daily/2025-01-08/replay': [JSON.stringify(replay), 'application/json'],
  '/papers/2501.90003.bib': [BIBTEX, 'text/plain'],
};
const server = createServer((request, answer) => {
  const url = request.url ?? '';
  const [body, type] = files[url] ?? [pages[url], 'text/html; charset=utf-8'];
  answer.writeHead(body === undefined ? 404 : 200, { 'content-type': type, 'content-security-policy': POLICY });
  answer.end(body);
});

const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(() => new Promise<void>((done) => server.listen(0, '127.0.0.1', done)));
afterAll(async () => {
  if (!('skipped' in browser)) await browser.close();
  server.close();
});

// The scheme changes no size, so each width needs one; axe, which is slow, sees the widest and the narrowest, and each scheme once.
const VIEWPORTS = [
  { width: 360, scheme: 'dark', axe: true },
  { width: 768, scheme: 'light', axe: false },
  { width: 1280, scheme: 'light', axe: true },
] as const;

/** How far the content of the page moved while it loaded: 0 if it did not. */
const LAYOUT_SHIFT = `new Promise((done) => {
  let shift = 0;
  new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => { shift += value; })).observe({ type: 'layout-shift', buffered: true });
  requestAnimationFrame(() => setTimeout(() => done(shift)));
})`;

describe.skipIf(skipped !== null).each(VIEWPORTS)('at $width px, $scheme', ({ width, scheme, axe }) => {
  it.each(Object.keys(pages))(
    '%s fits the width, does not move while it loads, is accessible, and loads only its stylesheet and script',
    async (path) => {
      if ('skipped' in browser) throw new Error(browser.skipped);
      const context = await browser.newContext({ viewport: { width, height: 740 }, colorScheme: scheme });
      try {
        const page = await context.newPage();
        const complaints: string[] = [];
        const asked: string[] = [];
        page.on('console', (message) => complaints.push(message.text()));
        page.on('pageerror', (error) => complaints.push(error.message));
        page.on('request', (request) => asked.push(new URL(request.url()).pathname));
        await page.goto(origin() + path);
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect(overflow).toBe(0);
        expect(await page.evaluate(LAYOUT_SHIFT)).toBe(0);
        expect(asked).toEqual([new URL(origin() + path).pathname, '/style.css', '/script.js']);
        expect(complaints).toEqual([]);
        if (!axe) return;
        // not by clicks: an open menu covers what is below it
        await page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");
        const { violations } = await new AxeBuilder({ page })
          .options({ rules: { 'label-content-name-mismatch': { enabled: true } } })
          .analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      } finally {
        await context.close();
      }
    },
  );
});

/** What a reader may set: spacing as in WCAG 1.4.12, and text twice as large. */
const READERS = [
  ['a phone of 320 px', 320, ''],
  [
    'wide text spacing',
    360,
    '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }',
  ],
  ['text twice as large', 640, 'html { font-size: 200%; }'],
] as const;

describe.skipIf(skipped !== null).each(READERS)('with %s', (_, width, css) => {
  it('no page is wider than the screen', async () => {
    if ('skipped' in browser) throw new Error(browser.skipped);
    const page = await browser.newPage({ viewport: { width, height: 740 } });
    const wide: string[] = [];
    for (const path of Object.keys(pages)) {
      await page.goto(origin() + path);
      // through the object model, which the policy allows
      await page.evaluate(
        `for (const rule of ${JSON.stringify(css)}.match(/[^{}]+\\{[^}]*\\}/g) ?? []) document.styleSheets[0].insertRule(rule, document.styleSheets[0].cssRules.length)`,
      );
      if (Number(await page.evaluate('document.documentElement.scrollWidth')) > width) wide.push(path);
    }
    await page.close();
    expect(wide).toEqual([]);
  });
});

describe.skipIf(skipped !== null)('the page of a subscription', () => {
  it('shows a whole time zone in its field', async () => {
    if ('skipped' in browser) throw new Error(browser.skipped);
    const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    await page.goto(`${origin()}/subscriptions/token`);
    expect((await page.locator('#zone').boundingBox())?.width).toBeGreaterThan(120);
    await page.close();
  });
});

describe.skipIf(skipped !== null)('a reader without script', () => {
  it.each([360, 1280])('reads every page and meets no control that does nothing, at %s px', async (width) => {
    if ('skipped' in browser) throw new Error(browser.skipped);
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width, height: 740 } });
    const page = await context.newPage();
    const faults: string[] = [];
    for (const path of Object.keys(pages)) {
      await page.goto(origin() + path);
      if (!(await page.locator('h1').isVisible())) faults.push(`${path}: no heading`);
      if (
        await page.evaluate(
          "[...document.querySelectorAll('button')].some((button) => button.checkVisibility() && !button.form)",
        )
      )
        faults.push(`${path}: a button without a form`);
      if (Number(await page.evaluate('document.documentElement.scrollWidth')) > width) faults.push(`${path}: too wide`);
    }
    await context.close();
    expect(faults).toEqual([]);
  });

  it('steps through the captures of a day by links', async () => {
    if ('skipped' in browser) throw new Error(browser.skipped);
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${origin()}/daily`);
    await page.locator('.replay summary').click();
    const links = page.locator('.replay .hint a');
    expect(await links.allTextContents()).toEqual(['05:02', '12:02', '15:02', '18:12']);
    expect(await links.first().getAttribute('href')).toBe('/daily/2025-01-08?at=2025-01-08T05%3A02%3A11Z');
    await context.close();
  });
});

describe.skipIf(skipped !== null)('the script', () => {
  /** A page of a browser that visited the site before, if `storage` has what that left. */
  async function open(path: string, storage: Readonly<Record<string, unknown>> = {}) {
    if ('skipped' in browser) throw new Error(browser.skipped);
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    await page.addInitScript(
      (entries) => {
        for (const [name, value] of entries) if (!localStorage.getItem(name)) localStorage.setItem(name, value);
      },
      Object.entries(storage).map(([name, value]) => [`paperkeep.${name}`, JSON.stringify(value)] as const),
    );
    await page.goto(origin() + path);
    return page;
  }

  it('replays the captures of a day with a slider, from one request', async () => {
    const page = await open('/daily');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.locator('.replay summary').click();
    const slider = page.locator('.replay input[type=range]');
    const shown = () =>
      page
        .locator('.papers > .paper:visible')
        .evaluateAll((rows) =>
          rows.map((row) => `${row.querySelector('.rank')?.textContent} ${row.querySelector('.figure')?.textContent}`),
        );
    await slider.fill('0');
    await expect.poll(shown).toEqual(['1 4', '2 3']);
    await slider.fill('1');
    await expect.poll(shown).toEqual(['1 31', '2 20']);
    await slider.fill('2');
    await expect
      .poll(() => page.locator('.replay output').textContent())
      .toBe('2025-01-08 18:12 UTC · 3 papers, 1 of them not in the list below');
    expect(asked).toEqual(['/daily/2025-01-08/replay']);
    await page.context().close();
  });

  it('shows the values of a chart under the pointer and with the arrow keys', async () => {
    const page = await open('/papers/2501.90003');
    const [chart, value] = [page.locator('svg.tracks'), page.locator('figure.rise output')];
    await chart.hover({ position: { x: 1, y: 60 } });
    const first = await value.textContent();
    expect(first).toMatch(/^\d+ upvotes?, rank \d+ on \w+, \d+ Jan 2025/);
    await page.mouse.move(0, 0);
    expect(await value.textContent()).toBe('');
    await chart.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await value.textContent()).not.toBe('');
    for (let times = 0; times < 400; times++) await page.keyboard.press('ArrowLeft');
    expect(await value.textContent()).toBe(first);
    await page.context().close();
  });

  it('copies BibTeX and the address of a paper', async () => {
    const page = await open('/papers/2501.90003');
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await page.getByText('BibTeX').first().click();
    await page.getByText('Copied').waitFor();
    expect(await copied()).toBe(BIBTEX);
    await page.getByText('Share').click();
    await page.getByText('Link copied').waitFor();
    expect(await copied()).toBe(`${origin()}/papers/2501.90003`);
    await page.context().close();
  });

  it('marks papers that were read, and exports the reading list as JSON', async () => {
    const page = await open('/daily', {
      papers: { '2501.90002': { title: 'Slow Lanterns', read: '2025-01-07T00:00:00Z' } },
    });
    const row = (id: string) => page.locator(`.papers > li:has(a[href="/papers/${id}"])`);
    expect(await row('2501.90002').getAttribute('class')).toContain('read');
    expect(await row('2501.90001').getAttribute('class')).not.toContain('read');
    await row('2501.90001').getByRole('button').click();
    await page.getByText('Reading list').first().click();
    const download = page.waitForEvent('download');
    await page.getByText('Export as JSON').click();
    const text = (await (await download).createReadStream()).setEncoding('utf8').reduce((all, part) => all + part, '');
    expect(JSON.parse(await text).papers).toEqual([
      { id: '2501.90002', title: 'Slow Lanterns', read: '2025-01-07T00:00:00Z', saved: null },
      expect.objectContaining({ id: '2501.90001', saved: expect.any(String) }),
    ]);
    await page.context().close();
  });

  it.each([
    ['before a paper was first seen', '2025-01-08T05:00:00Z', true],
    ['after it', '2025-01-08T06:00:00Z', false],
  ])('marks a paper as new if the last visit was %s', async (_, now, isNew) => {
    const page = await open('/daily', { visits: { last: null, now } });
    const mark = page.locator('.papers h2:has([href="/papers/2501.90001"]) .unseen');
    expect(await mark.allTextContents()).toEqual(isNew ? [', new since your last visit'] : []);
    await page.context().close();
  });

  it('marks nothing as new on a first visit', async () => {
    const page = await open('/daily');
    expect(await page.locator('.fresh').count()).toBe(0);
    await page.context().close();
  });
});

describe.skipIf(skipped !== null)('a keyboard user', () => {
  it('moves from paper to paper, reaches the search box, and saves a paper that a page then knows', async () => {
    if ('skipped' in browser) throw new Error(browser.skipped);
    const page = await browser.newPage();
    await page.goto(`${origin()}/daily`);
    const focused = () => page.evaluate('document.activeElement.textContent');
    await page.keyboard.press('j');
    const first = await focused();
    await page.keyboard.press('j');
    expect(await focused()).not.toBe(first);
    await page.keyboard.press('k');
    expect(await focused()).toBe(first);
    await page.keyboard.press('s');
    await page.keyboard.press('l');
    expect(await page.locator('dialog[open] li').textContent()).toContain(first);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.locator('dialog[open] input').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.type')).not.toBe('search');
    await page.close();
  });

  it('reaches the button of the search page after its large box', async () => {
    if ('skipped' in browser) throw new Error(browser.skipped);
    const page = await browser.newPage();
    await page.goto(`${origin()}/search?q=teapots`);
    await page.locator('#q').focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Search');
    await page.close();
  });

  it('reaches the large box of the search page with the key of the search', async () => {
    if ('skipped' in browser) throw new Error(browser.skipped);
    const page = await browser.newPage();
    await page.goto(`${origin()}/search?q=teapots`);
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.id')).toBe('q');
    await page.close();
  });

  it('reaches the first paper or name of every list within eight stops, and the front page by the menu', async () => {
    if ('skipped' in browser) throw new Error(browser.skipped);
    const page = await browser.newPage();
    const stops: Record<string, number> = {};
    for (const path of Object.keys(pages)) {
      await page.goto(origin() + path);
      const link = '.papers a[href^="/papers/"], .index a';
      if ((await page.locator(link).count()) === 0) continue;
      const isThere = `document.activeElement.closest('.papers > li, .slope a, .index') !== null`;
      let count = 0;
      do {
        await page.keyboard.press('Tab');
        count += 1;
      } while (count < 20 && !(await page.evaluate(isThere)));
      stops[path] = count;
    }
    expect(Object.keys(stops).length).toBeGreaterThan(15);
    expect(Object.entries(stops).filter(([, count]) => count > 8)).toEqual([]);
    await page.locator('.menu summary').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate("document.activeElement.getAttribute('href')")).toBe('/');
    await page.close();
  });

  it('hears what the numbers of a compact row mean', async () => {
    if ('skipped' in browser) throw new Error(browser.skipped);
    const page = await browser.newPage();
    await page.goto(`${origin()}/trending`);
    const tree = await (await page.context().newCDPSession(page)).send('Accessibility.getFullAXTree');
    const spoken = tree.nodes.map(({ name }) => name?.value);
    expect(spoken).toContain('upvotes ');
    await page.close();
  });

  it('reaches first a visible link that skips to the content', async () => {
    if ('skipped' in browser) throw new Error(browser.skipped);
    const page = await browser.newPage();
    await page.goto(`${origin()}/daily`);
    await page.keyboard.press('Tab');
    const skip = page.locator('.skip');
    expect(await skip.evaluate('document.activeElement.className')).toBe('skip');
    expect((await skip.boundingBox())?.x).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    await page.close();
  });
});
