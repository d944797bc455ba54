import * as cheerio from 'cheerio/slim';
import { describe, expect, it } from 'vitest';
import { renderLineChart } from '../../../shared/web/pages/line-chart.ts';

const WEEKS = ['2025-W09', '2025-W10', '2025-W11', '2025-W12'];
const axis = { by: 'week', periods: WEEKS, breaks: [] } as const;
const drawn = (...args: Parameters<typeof renderLineChart>) => cheerio.load(String(renderLineChart(...args)));
const line = (...shares: (number | null)[]) => ({ name: 'tea', shares });
const pathOf = ($: ReturnType<typeof drawn>) => $('.plot .series').attr('d') ?? '';

describe('a line chart', () => {
  it('draws a line through the middle of each period, on a scale from 0 to a round number', () => {
    const $ = drawn('Share', [line(0, 0.1, 0.05, 0.2)], axis);
    expect(pathOf($)).toBe('M90 240L270 120L450 180L630 0');
    expect($('.scale').text()).toBe('20%10%0%');
  });

  it('leaves a gap where a share is unknown, and draws a dot for a point between two gaps', () => {
    const $ = drawn('Share', [line(0.2, null, 0.1, null)], axis);
    expect(pathOf($)).toBe('M90 0M450 120');
    expect($('.plot .mark')).toHaveLength(2);
    expect($('figcaption').text()).toBe('Hatched, or a gap in a line: not captured, or too little is known.');
    expect($('.plot .hatch')).toHaveLength(1);
  });

  it('draws a share of 0 on the base line, unlike an unknown one', () => {
    const $ = drawn('Share', [line(0, 0, 0, 0)], axis);
    expect(pathOf($)).toBe('M90 240L270 240L450 240L630 240');
  });

  it('is a sentence if no share is known', () => {
    expect(drawn('Share', [line(null, null, null, null)], axis)('p').text()).toBe('Share: no data for these days.');
  });

  it('marks the day on which the feed changed', () => {
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

  it('puts letters at the ends of lines, without overlaps, and explains them in a legend', () => {
    const lines = ['tea', 'cocoa', 'water'].map((name) => ({ name, shares: [0.1, 0.2, 0.2, 0.2] }));
    const $ = drawn('Share', lines, axis);
    const heights = $('text.letter')
      .toArray()
      .map((letter) => Number.parseFloat(letter.attribs.y ?? ''));
    expect(
      heights.toSorted((a, b) => a - b).every((height, at, all) => at === 0 || height - (all[at - 1] as number) >= 8),
    ).toBe(true);
    expect($('.legend li').first().text().replaceAll(/\s+/g, ' ')).toBe('A tea, latest 20.0%');
    expect(
      new Set(
        $('.plot .series')
          .toArray()
          .map((path) => path.attribs.class),
      ).size,
    ).toBe(3);
  });
});
