import * as cheerio from 'cheerio/slim';
import { describe, expect, it } from 'vitest';
import { renderLineChart } from '../../../shared/web/pages/line-chart.ts';

const WEEKS = ['2025-W09', '2025-W10', '2025-W11', '2025-W12'];
const axis = { by: 'week', periods: WEEKS, breaks: [] } as const;
const drawn = (...args: Parameters<typeof renderLineChart>) => cheerio.load(String(renderLineChart(...args)));
const line = (...shares: (number | null)[]) => ({ name: 'tea', shares });
const pathOf = ($: ReturnType<typeof drawn>) => $('.plot .series').attr('d') ?? '';

describe('lines over time', () => {
  it('go through the middle of each period, from 0 to a round top', () => {
    const $ = drawn('Share', [line(0, 0.1, 0.05, 0.2)], axis);
    expect(pathOf($)).toBe('M90 240L270 120L450 180L630 0');
    expect($('.scale').text()).toBe('20.0%10.0%0');
  });

  it('have a gap where nothing is known, and a dot for what stands alone', () => {
    const $ = drawn('Share', [line(0.2, null, 0.1, null)], axis);
    expect(pathOf($)).toBe('M90 0M450 120');
    expect($('.plot .mark')).toHaveLength(2);
    expect($('figcaption').text()).toContain('A gap');
  });

  it('show 0 as 0', () => {
    const $ = drawn('Share', [line(0, 0, 0, 0)], axis);
    expect(pathOf($)).toBe('M90 240L270 240L450 240L630 240');
  });

  it('say so where nothing is known at all', () => {
    expect(drawn('Share', [line(null, null, null, null)], axis)('p').text()).toContain('nothing is known');
  });

  it('mark where the feed changed, on its day', () => {
    const $ = drawn('Share', [line(0.2, 0.1, 0.1, 0.1)], {
      ...axis,
      breaks: [
        { day: '2025-03-10', what: 'something' },
        { day: '2025-06-01', what: 'later' },
      ],
    });
    expect($('.break').attr('d')).toBe('M360 0V240');
    expect($('text.label').text()).toBe('10 Mar 2025');
    expect($('figcaption').text()).toContain('something');
  });

  it('have letters at their ends that keep apart, and a legend that says whose they are', () => {
    const lines = ['tea', 'cocoa', 'water'].map((name) => ({ name, shares: [0.1, 0.2, 0.2, 0.2] }));
    const $ = drawn('Share', lines, axis);
    const heights = $('text.letter')
      .toArray()
      .map((letter) => Number.parseFloat(letter.attribs.y ?? ''));
    expect(
      heights.toSorted((a, b) => a - b).every((height, at, all) => at === 0 || height - (all[at - 1] as number) >= 8),
    ).toBe(true);
    expect($('.legend li').first().text().replaceAll(/\s+/g, ' ')).toBe('A tea, 20.0% at last');
    expect(
      new Set(
        $('.plot .series')
          .toArray()
          .map((path) => path.attribs.class),
      ).size,
    ).toBe(3);
  });
});
