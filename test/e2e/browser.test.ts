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

const files: Readonly<Record<string, readonly [body: string, type: string]>> = {
  '/style.css': [styleSheet, 'text/css'],
  '/script.js': [script, 'text/javascript'],
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

// axe sees each width and each scheme once; all four would find no more and take twice as long.
const VIEWPORTS = [
  { width: 360, scheme: 'light', axe: false },
  { width: 360, scheme: 'dark', axe: true },
  { width: 1200, scheme: 'light', axe: true },
  { width: 1200, scheme: 'dark', axe: false },
] as const;

describe.skipIf(skipped !== null).each(VIEWPORTS)('at $width px, $scheme', ({ width, scheme, axe }) => {
  it.each(Object.keys(pages))(
    '%s fits the width, is accessible and loads only its stylesheet and script',
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
        expect(asked).toEqual([new URL(origin() + path).pathname, '/style.css', '/script.js']);
        expect(complaints).toEqual([]);
        if (!axe) return;
        // not by clicks: an open menu covers what is below it
        await page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");
        const { violations } = await new AxeBuilder({ page }).analyze();
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

  it('passes at most eight stops before the first paper', async () => {
    if ('skipped' in browser) throw new Error(browser.skipped);
    const page = await browser.newPage();
    for (const [path, most] of [
      ['/', 8],
      ['/daily', 9],
    ] as const) {
      await page.goto(origin() + path);
      let stops = 0;
      do {
        await page.keyboard.press('Tab');
        stops += 1;
      } while (!(await page.evaluate("document.activeElement.closest('.paper')")) && stops < 20);
      expect(stops, path).toBeLessThanOrEqual(most);
    }
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
