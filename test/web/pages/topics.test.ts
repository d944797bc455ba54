import * as cheerio from 'cheerio/slim';
import { describe, expect, it } from 'vitest';
import { renderTopicPage, renderTopicsPage } from '../../../shared/web/pages/topics.ts';
import { aTopic, theTopics, theTrends } from './spans.ts';

const load = (...given: Parameters<typeof renderTopicsPage>) => cheerio.load(renderTopicsPage(...given));
const textOf = ($: ReturnType<typeof load>, selector: string) => $(selector).text().replaceAll(/\s+/g, ' ').trim();

describe('the overview of topics', () => {
  const $ = load(theTopics(), 'papers', theTrends());

  it('draws nine weeks of each topic in groups by trend, and hatches a week without captures', () => {
    const groups = $('.panels section').toArray();
    expect(groups.map((group) => [$(group).find('h2').text(), $(group).find('li').length])).toEqual([
      ['Rising', 2],
      ['Steady', 5],
      ['Fading', 1],
    ]);
    expect($('.panels li').eq(0).find('.weeks rect')).toHaveLength(8);
    expect($('.panels li').eq(0).find('.weeks path')).toHaveLength(1);
    expect($('.weeks').attr('aria-label')).toContain('2.00%, unknown, 1.00%');
  });

  it('gives both denominators, and offers each topic for a comparison', () => {
    expect(textOf($, '.panels li:first-child p:last-of-type')).toContain('20 of 99, before 0 of 700');
    expect($('.panels [value="teapots"], .panels [value="\\"lantern-networks\\""]')).toHaveLength(2);
    expect($('form.panels').attr('action')).toBe('/compare');
  });

  it('claims no trend where nothing was captured before', () => {
    const { to, topics } = theTrends();
    const young = { to, topics: topics.map((topic) => ({ ...topic, trend: null, totalBefore: 0 })) };
    expect(textOf(load(theTopics(), 'papers', young), '.panels h2')).toBe('This week');
    expect(textOf(load(theTopics(), 'papers', young), '.panels li:first-child')).not.toContain('before');
  });
});

describe('the coverage of a range', () => {
  it('appears once, also when its facts are open', () => {
    const badge = textOf(load(theTopics()), '.badge');
    expect(badge).toMatch(/^(\S.* captured, last on [^·]*?) · .*Coverage$/);
    expect(badge.match(/captured/g)).toHaveLength(1);
  });
});

describe('the table of topics', () => {
  it('compares with the days before only where something was captured then', () => {
    const { topics } = theTopics();
    const headings = (known: boolean) =>
      load(theTopics({ topics: topics.map((topic) => (known ? topic : { ...topic, papersBefore: null })) }))(
        'th[scope=col]',
      ).length;
    expect([headings(true), headings(false)]).toEqual([6, 3]);
  });
});

describe('the page of a topic', () => {
  it.each([
    ['keyword', ['Papers', 'With keywords', 'Listed', 'Share']],
    ['phrase', ['Papers', 'Listed', 'Share']],
  ] as const)('of a %s has each number once', (kind, columns) => {
    const $ = cheerio.load(renderTopicPage(aTopic({ kind })));
    const headings = $('thead th').get();
    expect(headings.slice(1, columns.length + 1).map((heading) => $(heading).text())).toEqual(columns);
    expect($('tbody tr:first-child > *')).toHaveLength(headings.length);
  });
});
