import * as cheerio from 'cheerio/slim';
import { describe, expect, it } from 'vitest';
import { renderMoversPage } from '../../../shared/web/pages/movers.ts';
import { renderSlopeChart } from '../../../shared/web/pages/slope-chart.ts';
import { aMovers, MOVERS_ASKED } from './answers.ts';

const drawn = (html: string) => cheerio.load(html);
const textOf = (html: string, selector: string): string => drawn(html)(selector).text().replaceAll(/\s+/g, ' ').trim();

describe('the page of movers', () => {
  const html = renderMoversPage(aMovers(), MOVERS_ASKED);
  const rows = (id: string) =>
    drawn(html)(`section[aria-labelledby=${id}] li`)
      .toArray()
      .map((row) => drawn(html)(row).text().replaceAll(/\s+/g, ' ').trim());

  it('shows for each paper its rank, its movement, its upvotes at both times and its rate', () => {
    expect(rows('climbed')).toEqual([
      'Rank 1up by 2 Slow Lanterns +50 upvotes · +3 stars · 3 → 1 · 8 Jan 2025 +2.1 per hour',
      'Rank –unknown Why Does My Compass Point at Lunch? +1 upvote in 26 hours · +3 stars · 8 Jan 2025 +0.038 per hour',
    ]);
    expect(rows('fell')).toEqual([
      'Rank 2down by 1 Borrowed Umbrellas: Retrieval without Return -1 upvotes · +3 stars · 1 → 2 · 8 Jan 2025 -0.042 per hour',
    ]);
    expect(rows('entered')[0]).toMatch(/^Rank 1 Teapots .* 12 upvotes$/);
    expect(rows('left')[0]).toMatch(/^Was at rank 9 MOSS-9/);
  });

  it('leaves out papers that moved neither in rank nor in upvotes, whose data is in the JSON', () => {
    const moved = aMovers().moved;
    expect(moved).toHaveLength(4);
    expect(rows('climbed').length + rows('fell').length).toBe(3);
    expect(textOf(html, '.lede')).toBe('2 climbed · 2 new · 1 fell · 1 left');
  });

  it('says which captures are compared, how far apart they are, and which days are missing', () => {
    const words = textOf(html, 'main');
    expect(words).toContain('From 8 Jan 2025, 06:15 UTC to 9 Jan 2025, 06:09 UTC: 23.9 hours.');
    expect(words).toContain('The captures are 15 minutes and 21 minutes older than the times asked for.');
    expect(words).toContain('Not captured: 4 Jan 2025, 5 Jan 2025.');
    expect(words).toContain('First captured in between, so all papers count as entered: 9 Jan 2025.');
    expect(drawn(html)('details table tbody tr')).toHaveLength(3);
  });

  it('warns of incomplete captures, whose missing papers count as entered or left', () => {
    const of = (at: string, complete: boolean) => ({ day: '2025-01-08', at, complete, papers: 100 });
    const [ten, eleven] = ['2025-01-08T10:00:00Z', '2025-01-08T11:00:00Z'];
    const words = (before: boolean, after: boolean, at = eleven) => {
      const coverage = { before: [of(ten, before)], after: [of(at, after)], missing: [] };
      return textOf(renderMoversPage(aMovers({ coverage }), MOVERS_ASKED), '.head');
    };
    expect(words(true, true)).not.toContain('Incomplete');
    expect(words(true, false)).toContain(
      'Incomplete in the second capture, so papers may wrongly count as left: 8 Jan 2025.',
    );
    expect(words(false, true)).toContain(
      'Incomplete in the first capture, so papers may wrongly count as entered: 8 Jan 2025.',
    );
    expect(words(false, false, ten)).not.toContain('Incomplete');
  });

  it('links the two captures of trending that are compared', () => {
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
    expect(textOf(trending, '.coverage')).toContain('From 7 Jan 2025, 22:00 UTC to 8 Jan 2025, 21:00 UTC: 23 hours.');
    expect(textOf(trending, '.badge')).toContain('The second capture is 2.5 hours older than the time asked for.');
    expect(drawn(trending)('.badge a').first().attr('href')).toBe('/captures/trending/2025-01-07/20250107T220000Z');
  });

  it('joins the ranks of the first papers of trending before and now, new ones without a line', () => {
    const $ = drawn(renderMoversPage(aMovers({ list: 'trending' }), MOVERS_ASKED));
    expect($('.slope ol').first().text()).toBe('12345');
    expect(['up', 'down', 'level', 'new'].map((way) => $(`.slope path.${way}`).length)).toEqual([1, 1, 1, 2]);
    expect($('.slope ol').last().text()).toContain('Slow Lanterns, was 3');
    expect(drawn(html)('.slope')).toHaveLength(0);
  });

  it('begins a line at its rank before, which is below the others if it is not among the ranks shown', () => {
    const ranks = [
      [3, 1],
      [2, 2],
      [42, 3],
      [25, 4],
    ] as const;
    const slopes = ranks.map(([rankBefore, rankAfter]) => ({ id: null, title: '', rankBefore, rankAfter }));
    const $ = drawn(String(renderSlopeChart(slopes)));
    const numbers = $('ol li')
      .toArray()
      .map((item) => $(item).text());
    expect(numbers.slice(0, 6)).toEqual(['1', '2', '3', '4', '25', '42']);
    const starts = $('path')
      .toArray()
      .map(({ attribs }) => /M0 (\d+)/.exec(attribs.d ?? '')?.[1]);
    expect(starts).toEqual(['25', '15', '55', '45']);
  });

  it('links to the other windows and lists, and to the data', () => {
    const $ = drawn(renderMoversPage(aMovers(), { ...MOVERS_ASKED, to: '2025-01-09T06:30:00Z' }));
    const hrefs = (selector: string) =>
      $(selector)
        .toArray()
        .map((link) => $(link).attr('href'));
    expect(hrefs('nav[aria-label="Other windows"] a')).toEqual([
      '/movers?list=daily&to=2025-01-09T06%3A30%3A00Z&window=24h',
      '/movers?list=daily&to=2025-01-09T06%3A30%3A00Z&window=7d',
      '/movers?list=daily&to=2025-01-09T06%3A30%3A00Z&window=30d',
    ]);
    expect(hrefs('nav[aria-label="Order"] a')[1]).toBe(
      '/movers?list=daily&to=2025-01-09T06%3A30%3A00Z&window=24h&sort=stars',
    );
    expect(hrefs('nav[aria-label="Movers of other lists"] a')).toEqual([
      '/movers?list=trending&to=2025-01-09T06%3A30%3A00Z&window=24h',
      '/movers?list=daily&to=2025-01-09T06%3A30%3A00Z&window=24h',
      '/movers?list=watched%3Asnails&to=2025-01-09T06%3A30%3A00Z&window=24h',
    ]);
    expect($('nav [aria-current]').text()).toBe('MoversDaily papersLast 24 hoursupvotes');
    expect(hrefs('.formats a')[1]).toBe('/movers.csv?list=daily&to=2025-01-09T06%3A30%3A00Z&window=24h');
  });

  it('folds the rows after the first fifty, and links the CSV if there are more than a page holds', () => {
    const entered = Array.from({ length: 1100 }, (_, n) => ({ id: `2501.${n}`, title: 'x', rank: n + 1, upvotes: 1 }));
    const $ = drawn(renderMoversPage(aMovers({ entered }), MOVERS_ASKED));
    const part = $('section[aria-labelledby=entered]');
    expect(part.find('> ol > li')).toHaveLength(50);
    expect(part.find('details > summary').text()).toBe('950 more');
    expect(part.find('> p').text()).toBe('100 more are not shown. Download all as CSV');
  });

  it('explains that nothing was captured in between', () => {
    const edge = { asked: '2025-01-08T06:30:00Z', observedAt: '2025-01-08T06:15:00Z' };
    const none = aMovers({ from: edge, to: edge, hours: 0, entered: [], left: [], moved: [] });
    expect(textOf(renderMoversPage(none, MOVERS_ASKED), '.nothing')).toContain(
      'Nothing was captured between the two times.',
    );
  });
});
