import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../shared/digest/html.ts';
import { createMessageModel } from '../../shared/digest/message.ts';
import { aSelected, someParts } from '../digest/messages.ts';
import { openBrowser } from '../support/browser.ts';
import { day } from '../support/build.ts';

const browser = await openBrowser();
const skipped = 'skipped' in browser ? browser.skipped : null;
if (skipped) console.warn(`browser tests are skipped: ${skipped}`);
afterAll(async () => {
  if (!('skipped' in browser)) await browser.close();
});

const parts = someParts({
  selected: Array.from({ length: 30 }, (_, at) =>
    aSelected(at, { title: at === 1 ? 'AVeryLongWordWithoutABreak'.repeat(6) : `A paper called ${at}` }, at === 2),
  ),
  gaps: [{ list: 'daily', day: day('2025-01-08'), hours: null }],
});
const html = renderHtml(createMessageModel(parts, 28));

describe.skipIf(skipped !== null).each(['light', 'dark'] as const)('A message on a phone, %s', (colorScheme) => {
  it('fits the width, is accessible and loads nothing', async () => {
    if ('skipped' in browser) throw new Error(browser.skipped);
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme });
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.setContent(html);
    expect(asked).toEqual([]);
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBe(0);
    // a mail program shows the message inside a page that has landmarks
    const { violations } = await new AxeBuilder({ page }).disableRules(['region', 'landmark-one-main']).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    await context.close();
  });
});
