import * as cheerio from 'cheerio/slim';
import { describe, expect, it } from 'vitest';
import { renderMoversPage } from '../../../shared/web/pages/movers.ts';
import { aMovers, MOVERS_ASKED } from './answers.ts';

const drawn = (html: string) => cheerio.load(html);
const textOf = (html: string, selector: string): string => drawn(html)(selector).text().replaceAll(/\s+/g, ' ').trim();

describe('the movers', () => {
  const html = renderMoversPage(aMovers(), MOVERS_ASKED);
  const rows = (id: string) =>
    drawn(html)(`section[aria-labelledby=${id}] li`)
      .toArray()
      .map((row) => drawn(html)(row).text().replaceAll(/\s+/g, ' ').trim());

  it('say of each paper its place, how it moved, its votes at both edges and its rate', () => {
    expect(rows('moved').slice(0, 3)).toEqual([
      'Rank 1up by 2 Slow Lanterns 10 upvotes, then 60, in 23.9 hours +2.1 per hour',
      'Rank –unknown Why Does My Compass Point at Lunch? 4 upvotes, then 5, in 26 hours · on another day’s list now +0.038 per hour',
      'Rank 2down by 1 Borrowed Umbrellas: Retrieval without Return 30 upvotes, then 29, in 23.9 hours -0.042 per hour',
    ]);
    expect(rows('moved')[3]).toMatch(/same rank as before .* upvotes unknown –unknown per hour$/);
    expect(rows('entered')[0]).toMatch(/^Rank 1 Teapots .* 12 upvotes$/);
    expect(rows('left')[0]).toMatch(/^Was at rank 9 MOSS-9/);
  });

  it('say which captures are compared, how far apart, and which days are missing', () => {
    expect(textOf(html, '.lede')).toBe('From 8 Jan 2025, 06:15 UTC to 9 Jan 2025, 06:09 UTC: 23.9 hours.');
    const words = textOf(html, '.coverage');
    expect(words).toContain(
      'No newer capture was taken by 8 Jan 2025, 06:30 UTC (15 minutes later) and by 9 Jan 2025, 06:30 UTC (21 minutes later).',
    );
    expect(words).toContain('Without a usable capture: 4 Jan 2025, 5 Jan 2025.');
    expect(words).toContain('so that all their papers count as entered: 9 Jan 2025.');
    expect(drawn(html)('details table tbody tr')).toHaveLength(3);
  });

  it('say where a capture was cut, so that what it did not see is taken for neither gone nor new', () => {
    const of = (at: string, complete: boolean) => ({ day: '2025-01-08', at, complete, papers: 100 });
    const [ten, eleven] = ['2025-01-08T10:00:00Z', '2025-01-08T11:00:00Z'];
    const words = (before: boolean, after: boolean, at = eleven) => {
      const coverage = { before: [of(ten, before)], after: [of(at, after)], missing: [] };
      return textOf(renderMoversPage(aMovers({ coverage }), MOVERS_ASKED), '.coverage');
    };
    expect(words(true, true)).not.toContain('cut');
    expect(words(true, false)).toContain(
      'Known to be cut at the second moment, so that what was not seen may count as left: 8 Jan 2025.',
    );
    expect(words(false, true)).toContain(
      'Known to be cut at the first moment, so that what was not seen may count as entered: 8 Jan 2025.',
    );
    expect(words(false, false, ten)).not.toContain('cut');
  });

  it('say of trending which two captures, and link them', () => {
    const at = (day: string, at: string) => ({ day, at, complete: null, papers: 50 });
    const [before, after] = [[at('2025-01-07', '2025-01-07T22:00:00Z')], [at('2025-01-08', '2025-01-08T21:00:00Z')]];
    const trending = renderMoversPage(
      aMovers({
        list: 'trending',
        from: { asked: '2025-01-07T22:00:00Z', observedAt: '2025-01-07T22:00:00Z' },
        to: { asked: '2025-01-08T23:30:00Z', observedAt: '2025-01-08T21:00:00Z' },
        hours: 23,
        coverage: { before, after, missing: [] },
      }),
      MOVERS_ASKED,
    );
    expect(textOf(trending, '.lede')).toBe('From 7 Jan 2025, 22:00 UTC to 8 Jan 2025, 21:00 UTC: 23 hours.');
    expect(textOf(trending, '.coverage')).toContain(
      'No newer capture was taken by 8 Jan 2025, 23:30 UTC (2.5 hours later).',
    );
    expect(drawn(trending)('.lede a').first().attr('href')).toBe('/captures/trending/2025-01-07/20250107T220000Z');
  });

  it('lead to the other windows and lists, and to the same as data', () => {
    const $ = drawn(renderMoversPage(aMovers(), { ...MOVERS_ASKED, to: '2025-01-09T06:30:00Z' }));
    const hrefs = (selector: string) =>
      $(selector)
        .toArray()
        .map((link) => $(link).attr('href'));
    expect(hrefs('nav[aria-label="Other windows"] a')).toEqual([
      '/movers?to=2025-01-09T06%3A30%3A00Z&window=24h',
      '/movers?to=2025-01-09T06%3A30%3A00Z&window=7d',
      '/movers?to=2025-01-09T06%3A30%3A00Z&window=30d',
    ]);
    expect(hrefs('nav[aria-label="Movers of other lists"] a')).toEqual([
      '/movers?to=2025-01-09T06%3A30%3A00Z&window=24h',
      '/movers?list=trending&to=2025-01-09T06%3A30%3A00Z&window=24h',
      '/movers?list=watched%3Asnails&to=2025-01-09T06%3A30%3A00Z&window=24h',
    ]);
    expect($('nav [aria-current]').text()).toBe('MoversDaily papersLast 24h');
    expect(hrefs('.twins a')[1]).toBe('/movers.csv?to=2025-01-09T06%3A30%3A00Z&window=24h');
  });

  it('fold away what is behind the first fifty of a part, and tell where a longer one is whole', () => {
    const entered = Array.from({ length: 1100 }, (_, n) => ({ id: `2501.${n}`, title: 'x', rank: n + 1, upvotes: 1 }));
    const $ = drawn(renderMoversPage(aMovers({ entered }), MOVERS_ASKED));
    const part = $('section[aria-labelledby=entered]');
    expect(part.find('> ol > li')).toHaveLength(50);
    expect(part.find('details > summary').text()).toBe('950 more');
    expect(part.find('> p').text()).toBe('100 rows more than a page holds: all of them as CSV');
  });

  it('say so when nothing was captured in between', () => {
    const edge = { asked: '2025-01-08T06:30:00Z', observedAt: '2025-01-08T06:15:00Z' };
    const none = aMovers({ from: edge, to: edge, hours: 0, entered: [], left: [], moved: [] });
    expect(textOf(renderMoversPage(none, MOVERS_ASKED), '.nothing')).toContain(
      'Nothing was captured between the two moments',
    );
  });
});
