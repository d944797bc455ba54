import * as cheerio from 'cheerio/slim';
import { describe, expect, it } from 'vitest';
import { renderFrontPage } from '../../../shared/web/pages/front.ts';
import { day } from '../../support/build.ts';
import { aList, aListedPaper, anEmptyList, someFrontPageData } from './answers.ts';

const papers = Array.from({ length: 14 }, (_, n) => aListedPaper(n));
const daily = aList({ papers });
const trending = aList({ list: 'trending', papers: [aListedPaper(2)] });
const load = (given = {}, list = daily) =>
  cheerio.load(renderFrontPage({ sample: false, daily: list, trending }, someFrontPageData(given)));
const textOf = ($: ReturnType<typeof load>, selector: string) => $(selector).text().replaceAll(/\s+/g, ' ').trim();

describe('the front page', () => {
  it('says in one sentence how many papers the day has, their busiest topic and how recent they are', () => {
    expect(textOf(load(), '.head .lede')).toBe('14 papers · busiest topic: teapots · last captured 8 minutes ago');
    expect(textOf(load({ at: '2025-01-08T18:12:03Z' }), '.head .lede')).toContain('captured 18:12 UTC');
  });

  it('names no busiest topic if no two papers share a keyword', () => {
    const alone = aList({
      papers: [aListedPaper(0, { keywords: ['tea', 'Tea'] }), aListedPaper(1, { keywords: null })],
    });
    expect(textOf(load({}, alone), '.head .lede')).toBe('2 papers · last captured 8 minutes ago');
  });

  it('shows the first paper large, nine with a summary and the rest in two lines', () => {
    const $ = load();
    expect($('.papers > .lead .rank').text()).toBe('1');
    expect($('.papers > .paper')).toHaveLength(10);
    expect($('.papers > :not(.paper)')).toHaveLength(4);
    expect($('.papers .summary')).toHaveLength(10);
  });

  it('draws the upvotes of a paper that was seen at least twice', () => {
    const $ = load();
    expect($('.papers .spark')).toHaveLength(1);
    expect($('.lead .spark path').attr('d')).toBe('M0 21.7L50 16.7L100 1');
  });

  it('shows a bar per day, hatches days without a usable capture, and marks the day shown', () => {
    const $ = load();
    expect($('.strip a')).toHaveLength(14);
    expect($('.strip [aria-current]').attr('href')).toBe('/daily/2025-01-08');
    expect($('.strip .gap')).toHaveLength(2);
    expect($('.strip a').eq(0).attr('aria-label')).toBe('26 Dec 2024: 10 papers');
    expect($('.strip a').eq(8).attr('aria-label')).toBe('3 Jan 2025: failed');
  });

  it('links the day, week and month before and after it, and the leaderboards of its week and month', () => {
    const hrefs = (days = someFrontPageData().days) =>
      load({ days })('nav[aria-label="Other days"] a')
        .toArray()
        .map(({ attribs }) => attribs.href);
    const before = ['/daily/2025-01-07', '/daily/2025-01-01', '/daily/2024-12-08'];
    expect(hrefs([])).toEqual([...before, '/top/week/2025-W02', '/top/month/2025-01']);
    const later = { day: '2025-02-08', status: 'missing', papers: 0, first: null } as const;
    expect(hrefs([later])).toEqual(
      expect.arrayContaining(['/daily/2025-01-09', '/daily/2025-01-15', '/daily/2025-02-08']),
    );
  });

  it('lists beside it what trends, what moved most and what is new there, none of it twice', () => {
    const $ = load();
    expect(textOf($, '[aria-labelledby=trending] li')).toMatch(/56 upvotes$/);
    expect($('[aria-labelledby=movers] li')).toHaveLength(2);
    expect(textOf($, '[aria-labelledby=movers] li:first-child .score')).toBe('+50 upvotes');
    const titles = $('[aria-labelledby=trending] a, [aria-labelledby=entered] li a')
      .toArray()
      .map(({ attribs }) => attribs.href);
    expect(new Set(titles).size).toBe(titles.length);
    expect(load({ movers: null })('[aria-labelledby=movers]')).toHaveLength(0);
  });

  it('lists the topics that rise with their shares before and now, and leaves the section out when no topic rises', () => {
    const $ = load();
    expect(textOf($, '[aria-labelledby=rising] li:first-child')).toBe('teapots24 of 96 papers 3.00% → 25.0%');
    expect($('[aria-labelledby=rising] li:last-child a').attr('href')).toBe('/topics?q=slow+lanterns');
    expect(load({ rising: [] })('[aria-labelledby=rising]')).toHaveLength(0);
  });

  it('says once that the archive no longer collects, instead of what it lacks of today', () => {
    const today = { day: '2025-05-09', status: 'missing', papers: 0, last: null } as const;
    const saidOf = (collects: boolean) =>
      textOf(load({ stopped: { at: '2025-01-08T18:12:03Z', collects } }, aList({ today })), '.today');
    expect(saidOf(false)).toBe('This archive no longer collects; its newest data is of 8 Jan 2025.');
    expect(saidOf(true)).toBe('Nothing could be captured since 8 Jan 2025.');
    expect(textOf(load({ stopped: { at: '2025-01-08T18:12:03Z', collects: true } }), '#days')).toMatch(/^\d+ days to /);
  });

  it('has at most eight stops of the Tab key before the first paper', () => {
    const $ = load();
    $('details:not([open]) > :not(summary)').remove();
    const stops = $('a:not([tabindex="-1"]), summary, input, button').toArray();
    expect(stops.findIndex((stop) => $(stop).closest('.lead').length > 0)).toBeLessThanOrEqual(8);
  });

  it('shows how far older daily lists are filled in, until every day was tried', () => {
    const history = { since: day('2024-01-01'), days: 100, captured: 30, left: 68 };
    expect(textOf(load({ history }), 'aside')).toContain('Daily lists since 1 Jan 2024: 30 of 100 days captured');
    expect(textOf(load({ history: { ...history, left: 0 } }), 'aside')).not.toContain('Daily lists since');
  });

  it('says how much of its first run is collected, and asks the script to look again', () => {
    const $ = load({ collecting: { done: 3, total: 15 } }, anEmptyList('missing'));
    expect(textOf($, '[data-refresh]')).toBe('Collecting now: 3 of 15 lists. Refresh');
    expect($('.nothing')).toHaveLength(0);
  });

  it('explains an empty day instead of showing another one', () => {
    const $ = load({}, anEmptyList('missing'));
    expect(textOf($, '.nothing')).toContain('This list was not captured on this day.');
    expect($('.papers')).toHaveLength(0);
  });
});
