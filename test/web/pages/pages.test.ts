import * as cheerio from 'cheerio/slim';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Day } from '../../../shared/lib/time.ts';
import { withoutSchedule } from '../../../shared/query/coverage.ts';
import type { SearchAnswer } from '../../../shared/query/search.schema.ts';
import { renderCapturesPage } from '../../../shared/web/pages/captures.ts';
import { renderCoveragePage } from '../../../shared/web/pages/coverage.ts';
import { renderDigestsPage } from '../../../shared/web/pages/digests.ts';
import { renderFrontPage } from '../../../shared/web/pages/front.ts';
import { renderListPage } from '../../../shared/web/pages/list.ts';
import { renderMoversPage } from '../../../shared/web/pages/movers.ts';
import { renderNamePapersPage } from '../../../shared/web/pages/name-papers.ts';
import { renderHistoryPage, renderPaperPage } from '../../../shared/web/pages/paper.ts';
import { renderProblemPage } from '../../../shared/web/pages/problem.ts';
import { renderSearchPage } from '../../../shared/web/pages/search.ts';
import { renderSimilarPage } from '../../../shared/web/pages/similar.ts';
import { renderHealthPage, renderVersionsPage } from '../../../shared/web/pages/status.ts';
import { renderTopPage } from '../../../shared/web/pages/top.ts';
import { routes } from '../../../shared/web/routes.ts';
import { script } from '../../../shared/web/static/script.ts';
import { styleSheet } from '../../../shared/web/static/style.ts';
import {
  aCapture,
  aCatalogPaper,
  aCoverage,
  aHistory,
  aList,
  aListedPaper,
  aMovers,
  anEmptyList,
  aPaperAnswer,
  aReading,
  aTrendingCoverage,
  MOVERS_ASKED,
  someFrontPageData,
  someSurroundings,
} from './answers.ts';
import { aSearch, aSimilar } from './found.ts';
import { pages } from './pages.ts';
import { aTop } from './spans.ts';

const NEWEST = { today: '2025-01-08', at: null };
const AROUND = someSurroundings();
const drawn = (html: string) => cheerio.load(html);
const textOf = (html: string, selector: string): string => drawn(html)(selector).text().replaceAll(/\s+/g, ' ').trim();
const textsOf = (html: string, selector: string): string[] =>
  drawn(html)(selector)
    .toArray()
    .map((element) => drawn(html)(element).text());
const links = (html: string): string[] =>
  drawn(html)('[href]')
    .toArray()
    .map((element) => element.attribs.href ?? '');

/** Every address that the site has; a page must not link to any other. */
const OURS = [
  /^(#content|#files|#beside|\/style\.css|\/icon\.svg|\/openapi\.json|\/docs|\/index\.json(?:\?.*)?)$/,
  // another time of the same list
  /^\?at=[\w:-]+$/,
  // files of an export, which the manifest names
  /^\/exports\/[\w.=/-]+$/,
  ...routes.map(({ question: { path }, formats }) => {
    const pattern = path.replaceAll('.', '\\.').replace(':id', '(?:[\\w.-]+/)?[\\d.]+?').replaceAll(/:\w+/g, '[^/?]+?');
    return new RegExp(`^${pattern}(?:\\.(?:${formats.join('|')}))?(?:\\?.*)?$`);
  }),
];
const isOurs = (link: string): boolean => OURS.some((pattern) => pattern.test(link));

describe.each(Object.entries(pages))('the page %s', (_, html) => {
  it('is one document with one h1, landmarks and a title', () => {
    const $ = drawn(html);
    expect(html.startsWith('<!doctype html>')).toBe(true);
    for (const only of ['h1', 'main', 'head > title', 'body > header', 'body > footer'])
      expect($(only)).toHaveLength(1);
    expect($('html').attr('lang')).toBe('en');
  });

  it('has no script but the one file, no inline style, and no handler', () => {
    const $ = drawn(html);
    const scripts = $('script').not('[type="application/ld+json"]').toArray();
    expect(scripts.map(({ attribs }) => attribs)).toEqual([{ src: '/script.js', defer: '' }]);
    expect($('style, [style], iframe, object')).toHaveLength(0);
    const handlers = $('*')
      .toArray()
      .flatMap((element) => Object.keys('attribs' in element ? element.attribs : {}))
      .filter((name) => name.startsWith('on'));
    expect(handlers).toEqual([]);
  });

  it('loads nothing from another site', () => {
    const $ = drawn(html);
    expect($('[src]:not(script)')).toHaveLength(0);
    expect($('link[rel=stylesheet]').attr('href')).toBe('/style.css');
  });

  it('links only to pages that exist, and marks links to other sites', () => {
    const [outside, inside] = [
      links(html).filter((url) => url.startsWith('http')),
      links(html).filter((url) => !url.startsWith('http')),
    ];
    expect(inside.filter((link) => !isOurs(link))).toEqual([]);
    const marked = drawn(html)('a[rel="noreferrer nofollow"]');
    expect(marked).toHaveLength(outside.length);
  });

  it('never shows undefined, null, NaN or an object', () => {
    expect(textOf(html, 'body')).not.toMatch(/undefined|\bnull\b|NaN|\[object/);
  });
});

describe('the stylesheet', () => {
  it('has with the script at most 40 kB, and the script less than 15 kB', () => {
    expect(script.length).toBeLessThan(15_000);
    expect(script.length + styleSheet.length).toBeLessThanOrEqual(40_000);
  });

  it('loads no other file', () => expect(styleSheet).not.toMatch(/@import|url\(|@font-face/));
});

describe('a list page', () => {
  const html = renderListPage(aList(), NEWEST, AROUND);

  it('shows rank, movement, upvotes and gain', () => {
    const first = drawn(html)('.paper').first();
    expect(first.find('.rank').text()).toBe('1');
    expect(first.find('.move').text()).toBe('up by 1');
    expect(first.find('.votes').text()).toBe('70 upvotes');
    expect(first.find('.gain').text()).toBe('+66 since first seen');
  });

  it('calls a paper new only if there was a capture before', () => {
    expect(textOf(html, '.move.new')).toBe('new');
    const first = renderListPage(aList({ papers: [aListedPaper(0, { previousRank: null })] }), NEWEST, AROUND);
    expect(drawn(first)('.move')).toHaveLength(0);
  });

  it('says that upvotes are unknown instead of showing 0', () => {
    const copied = renderListPage(
      aList({ papers: [aListedPaper(0, { id: null, upvotes: null, gain: null, expectedUpvotes: null })] }),
      NEWEST,
      AROUND,
    );
    expect(textOf(copied, '.score')).toBe('upvotes unknown');
    expect(drawn(copied)('.title a')).toHaveLength(0);
  });

  it('says of a paper whose content is missing that it is, instead of showing an empty title', () => {
    const page = renderListPage(aList({ papers: [aListedPaper(0, { id: '2501.00001', title: '' })] }), NEWEST, AROUND);
    expect(textOf(page, '.paper h2')).toMatch(/^2501\.00001: its title and abstract are missing/);
  });

  it('shows accents that titles and abstracts write in TeX', () => {
    const given = { title: 'Schr\\"odinger', abstract: 'At 5\\%', aiSummary: null };
    const page = renderListPage(aList({ papers: [aListedPaper(0, given)] }), NEWEST, AROUND);
    expect([textOf(page, '.paper h2'), textOf(page, '.summary')]).toEqual(['Schrödinger', 'At 5%']);
  });

  it('names three authors and counts the others', () => {
    const authors = ['A One', 'B Two', 'C Three', 'D Four', 'E Five'];
    const many = renderListPage(aList({ papers: [aListedPaper(0, { authors, organization: null })] }), NEWEST, AROUND);
    expect(textOf(many, '.byline')).toBe('A One, B Two, C Three and 2 more');
  });

  it('shows no byline if the authors are unknown, on any page', () => {
    const unknown = { authors: null, organization: null };
    const list = aList({ papers: [aListedPaper(0, unknown)] });
    expect(textOf(renderListPage(list, NEWEST, AROUND), '.byline')).toBe('');
    expect(
      textOf(renderFrontPage({ sample: false, daily: list, trending: list }, someFrontPageData()), '.byline'),
    ).toBe('');
    expect(drawn(renderPaperPage(aPaperAnswer(unknown), aHistory()))('.byline')).toHaveLength(0);
  });

  it('links the previous day, the next day if it has come, and the data', () => {
    expect(drawn(html)('a[rel=prev]').attr('href')).toBe('/daily/2025-01-07');
    expect(drawn(html)('a[rel=next]')).toHaveLength(0);
    expect(
      drawn(html)('.formats a')
        .toArray()
        .map((element) => element.attribs.href),
    ).toEqual([
      '/daily/2025-01-08.json',
      '/daily/2025-01-08.csv',
      '/daily/2025-01-08.bib',
      '/daily.atom',
      '/daily.feed.json',
    ]);
  });

  it('keeps the time and the order in its links and its form', () => {
    const at = '2025-01-08T19:00:00Z';
    const $ = drawn(renderListPage(aList(), { ...NEWEST, at, sort: 'gain' }, AROUND));
    expect($('.formats a').first().attr('href')).toBe('/daily/2025-01-08.json?at=2025-01-08T19%3A00%3A00Z&sort=gain');
    expect($('[name=sort] [selected]').text()).toBe('gain');
    expect($('.filters input[name=at]').attr('value')).toBe(at);
    expect($('.asof').text()).toContain('As of 8 Jan 2025, 19:00 UTC');
  });

  it('links every capture of its day, and names the file that the slider replays', () => {
    const $ = drawn(html);
    expect(textOf(html, '.replay summary')).toBe('Replay 4 captures');
    expect($('.replay a').last().attr('href')).toBe('/daily/2025-01-08?at=2025-01-08T18%3A12%3A03Z');
    expect($('[data-replay]').attr('data-replay')).toBe('/daily/2025-01-08/replay');
    expect(drawn(renderListPage(anEmptyList('missing'), NEWEST, AROUND))('.replay')).toHaveLength(0);
  });

  it('folds its filters until one is set, and says how many papers of the list pass them', () => {
    expect(drawn(html)('.filters').attr('open')).toBeUndefined();
    const filters = { keyword: 'teapots', text: 'slow', minUpvotes: 10, code: 'true' } as const;
    const filtered = aList({ papers: [aListedPaper(0)], coverage: { listed: 7 } });
    const $ = drawn(renderListPage(filtered, { ...NEWEST, ...filters }, AROUND));
    expect($('.filters[open]')).toHaveLength(1);
    expect(
      $('.filters input')
        .toArray()
        .map(({ attribs }) => attribs.value),
    ).toEqual(['slow', 'teapots', '10', 'true']);
    expect($('.head .lede').text()).toMatch(/^1 of 7 papers/);
    const none = drawn(renderListPage({ ...filtered, papers: [], total: 0 }, { ...NEWEST, ...filters }, AROUND));
    expect(none('.nothing p').text()).toBe('No paper of this list passes all filters.');
  });

  it('suggests the keywords that several papers share', () => {
    expect(drawn(html)('#keywords option').first().attr('value')).toBe('teapots');
  });

  it.each(['empty', 'failed', 'missing'] as const)('of a %s day explains itself and links the captures', (status) => {
    const $ = drawn(renderListPage(anEmptyList(status), NEWEST, AROUND));
    expect($('.nothing h2').text()).toBe('No papers to show');
    expect($('.badge a').first().attr('href')).toBe('/captures?list=daily&from=2025-01-08&to=2025-01-08');
    expect($('.paper')).toHaveLength(0);
  });

  it('says of a future day only that it has not come yet', () => {
    const $ = drawn(renderListPage(anEmptyList('missing'), { today: '2025-01-07', at: null }, AROUND));
    expect($('.nothing p').text()).toBe('This day has not come yet.');
    expect($('.coverage').text()).toBe('');
    expect($('a[rel=next], a[href^="/top/"]')).toHaveLength(0);
    expect($('.narrow').text()).toBe('Other days');
  });

  it('says how many papers today has so far, unless it shows today', () => {
    const today = { day: '2025-01-09', status: 'captured', papers: 5, last: null } as const;
    const shown = renderListPage(aList({ today }), NEWEST, AROUND);
    expect(textOf(shown, '.today')).toBe('Today, 9 Jan 2025, has 5 papers so far.');
    expect(drawn(shown)('.today a').attr('href')).toBe('/daily/2025-01-09');
    expect(
      drawn(renderListPage(aList({ today: { ...today, day: '2025-01-08' } }), NEWEST, AROUND))('.today'),
    ).toHaveLength(0);
  });
});

describe('a paper page', () => {
  it('shows similar papers where they are at hand, and else the way to them', () => {
    const similar = drawn(renderPaperPage(aPaperAnswer(), aHistory(), aSimilar()))('[aria-labelledby=similar]');
    expect(similar.find('li').length).toBeGreaterThan(0);
    const none = drawn(renderPaperPage(aPaperAnswer(), aHistory()))('[aria-labelledby=similar]');
    expect(none.find('li')).toHaveLength(0);
    expect(none.find('a').attr('href')).toBe('/papers/2501.90003/similar');
    expect(none.find('p').text()).toContain('not loaded yet');
    const nothing = { ...aSimilar(), papers: [] };
    expect(textOf(renderPaperPage(aPaperAnswer(), aHistory(), nothing), '[aria-labelledby=similar] p')).toBe(
      'None are known yet.',
    );
  });

  it('makes addresses in the abstract links, without the full stop behind them', () => {
    const html = renderPaperPage(aPaperAnswer({ abstract: 'See https://example.org/code.' }), aHistory());
    expect(drawn(html)('.abstract a').attr('href')).toBe('https://example.org/code');
  });

  it('says in one sentence that a paper was seen once, without milestones', () => {
    const seen = '2025-01-08T05:02:11Z';
    const html = renderPaperPage(aPaperAnswer({ firstSeen: seen, lastSeen: seen }), aHistory(1));
    expect(textOf(html, 'aside')).toContain('Seen once so far: 6 upvotes, rank 1 on daily, 8 Jan 2025, 05:02 UTC.');
    expect(drawn(html)('#milestones')).toHaveLength(0);
  });

  it('folds the appearances of a paper that was on many lists', () => {
    const answer = aPaperAnswer();
    const appearances = Array.from({ length: 9 }, () => answer.appearances[0] as (typeof answer.appearances)[number]);
    const html = renderPaperPage({ ...answer, appearances }, aHistory());
    expect(textOf(html, '[aria-labelledby=appearances] summary')).toBe('On 9 lists from 8 Jan 2025 to 8 Jan 2025');
  });

  it('shows what changed, with the old and the new value', () => {
    const html = renderPaperPage(aPaperAnswer(), aHistory());
    expect(textOf(html, '.provenance .versions > li:nth-child(2) li:last-child')).toBe(
      'code none https://github.com/example/teapots',
    );
  });

  const MILESTONES = '[aria-labelledby=milestones]';

  it('lists its milestones in order of time, and shows an unknown rate as unknown', () => {
    const html = renderPaperPage(aPaperAnswer(), aHistory());
    expect(textsOf(html, `${MILESTONES} .figures > div:nth-child(1) > *`)).toEqual([
      'Upvotes per hour, first 6 h',
      '5.1',
      '31 upvotes in 6.1 h',
    ]);
    expect(textsOf(html, `${MILESTONES} .figures > div:nth-child(2) > dd`)).toEqual([
      '–unknown',
      'not captured at that age',
    ]);
    expect(textsOf(html, `${MILESTONES} .figures > div:nth-child(4) > *`)).toEqual([
      'Time on trending',
      '21.5 hours',
      'plus up to 7 hours not observed, in 2 stays',
    ]);
    expect(textsOf(html, `${MILESTONES} .versions li li`)).toEqual([
      'First seen on Daily papers, 8 Jan 2025, at rank 5 with 4 upvotes',
      'Best rank: 1 on Daily papers, 8 Jan 2025',
      'First seen on trending',
      'Abstract changed',
      'Code link appeared',
      expect.stringMatching(/^Title changed from “Pebbles” to “/),
      'AI summary appeared',
      'Moved from the list of 8 Jan 2025 to the list of 9 Jan 2025',
      'Most upvotes: 62',
      'Last seen on trending, before it returned',
      'Seen on trending again',
    ]);
  });

  it('has no time on trending where it was never seen there', () => {
    const answer = aPaperAnswer();
    const trending = { hours: 0, unwatchedHours: 0, entries: 0, stays: [] };
    const html = renderPaperPage({ ...answer, life: { ...answer.life, peak: null, trending } }, aHistory());
    expect(textsOf(html, `${MILESTONES} .figures dt`)).toHaveLength(3);
  });

  it.each([
    ['between captures only', 7, 2, ['up to 7 hours', 'in 2 stays']],
    ['in one capture', 0, 1, ['seen once']],
    ['in two captures', 0, 2, ['seen 2 times']],
  ])('claims no time on trending for a paper that was there %s', (_, unwatchedHours, entries, words) => {
    const answer = aPaperAnswer();
    const trending = { hours: 0, unwatchedHours, entries, stays: [] };
    const html = renderPaperPage({ ...answer, life: { ...answer.life, trending } }, aHistory());
    expect(textsOf(html, `${MILESTONES} .figures > div:nth-child(4) > dd`)).toEqual(words);
  });

  it('folds the milestones after the ninth, with the numbers that follow', () => {
    const { life, ...answer } = aPaperAnswer();
    const at = (day: number) => `2025-01-${String(day).padStart(2, '0')}T00:00:00Z`;
    const stays = Array.from({ length: 8 }, (_, n) => ({ from: at(10 + 2 * n), to: at(11 + 2 * n) }));
    const trending = { ...life.trending, entries: 8, stays };
    const html = renderPaperPage({ ...answer, life: { ...life, trending } }, aHistory());
    expect(textsOf(html, `${MILESTONES} > ol > li`)).toHaveLength(9);
    expect(textsOf(html, `${MILESTONES} details li strong`)[0]).toBe('10');
  });

  it('draws the upvotes of its appearances if there are no observations', () => {
    expect(drawn(renderPaperPage(aPaperAnswer(), aHistory(0)))('.tracks .line')).toHaveLength(1);
  });

  it('folds the authors after the tenth', () => {
    const authors = Array.from({ length: 664 }, (_, n) => `Author Number${n}`);
    const html = renderPaperPage(aPaperAnswer({ authors }), aHistory());
    expect(textOf(html, '.head summary')).toBe('and 654 more authors');
    expect(drawn(html)('.head details a')).toHaveLength(654);
  });
});

describe('a paper page for other programs', () => {
  it('describes the paper to search engines, and a title cannot end that element', () => {
    const title = '</script><script>alert(1)</script>';
    const $ = drawn(renderPaperPage(aPaperAnswer({ title }), aHistory()));
    const article = JSON.parse($('script[type="application/ld+json"]').text());
    expect(article).toMatchObject({ '@type': 'ScholarlyArticle', headline: title, datePublished: '2025-01-07' });
    expect($('script')).toHaveLength(2);
  });

  it('has the tags that reference managers read', () => {
    const $ = drawn(renderPaperPage(aPaperAnswer({ authors: ['Ada Example', 'Eve Sample'] }), aHistory()));
    const tags = (name: string) =>
      $(`meta[name=citation_${name}]`)
        .toArray()
        .map(({ attribs }) => attribs.content);
    expect(tags('author')).toEqual(['Ada Example', 'Eve Sample']);
    expect(tags('publication_date')).toEqual(['2025/01/07']);
    expect(tags('pdf_url')).toEqual(['https://arxiv.org/pdf/2501.90003']);
  });

  it('has a description for previews, that of the site if neither summary nor abstract is known', () => {
    const description = (given: Parameters<typeof aPaperAnswer>[0]) =>
      drawn(renderPaperPage(aPaperAnswer(given), aHistory()))('meta[name=description]').attr('content');
    expect(description({ aiSummary: 'Short.' })).toBe('Short.');
    expect(description({ aiSummary: null, abstract: null })).toContain('recorded every hour');
  });
});

describe('the strip of days', () => {
  it.each([
    ['2025-01-08', 'Last 14 days'],
    ['2025-01-20', '14 days to 8 Jan 2025'],
  ])('seen on %s has the heading %s', (today, heading) => {
    expect(textOf(renderListPage(aList(), { today, at: null }, AROUND), '#days')).toBe(heading);
  });
});

describe('Mathematics and accents of TeX', () => {
  const title = '$\\mathcal{O}(n^{2})$ Teapots of Erd\\H{o}s';
  const texts = { title, abstract: title, aiSummary: title };
  const found = { ...aSearch().papers[0], ...texts } as SearchAnswer['papers'][number];
  it.each([
    ['a list', renderListPage(aList({ papers: [aListedPaper(0, texts)] }), NEWEST, AROUND)],
    ['a paper', renderPaperPage(aPaperAnswer(texts), aHistory(), aSimilar())],
    ['a search', renderSearchPage({ ...aSearch(), papers: [found] }, null)],
    ['similar papers', renderSimilarPage({ ...aSimilar(), title })],
    [
      'digests',
      renderDigestsPage({
        issues: [{ day: '2025-01-08', papers: 1, titles: [title] }],
        total: 1,
        next: null,
        sample: false,
      }),
    ],
  ])('are readable on the page of %s', (_, html) => {
    // a paper's versions are shown as they were captured
    const text = textOf(html.replace(/<details class="provenance">.*<\/details>/s, ''), 'main');
    expect(text).toContain('Teapots of Erdős');
    expect(text).not.toMatch(/\\mathcal|\\H/);
  });
});

describe('the coverage calendar', () => {
  it('of an archive that stopped draws the days up to its newest, and says how many follow without a capture', () => {
    const calendar = aCoverage('2024-11-20' as Day, 400);
    const days = calendar.days.map((day, n) => (n < 10 ? day : { ...day, status: 'missing' as const }));
    const $ = drawn(renderCoveragePage({ ...calendar, days }));
    expect($('.month a')).toHaveLength(9);
    expect($('.outlooks').first().text()).toBe('Nothing was captured in the 391 days after 28 Nov 2024.');
  });

  it('shows years as rows of squares, one for each day, and the way to each month', () => {
    const $ = drawn(renderCoveragePage(aCoverage('2024-03-12' as Day, 993)));
    expect(textsOf($.html(), '.year h2')).toEqual(['2026', '2025', '2024']);
    const squares = $('.year [data-monday] path')
      .toArray()
      .map(({ attribs }) => attribs.d?.match(/M/g)?.length ?? 0);
    expect(squares.reduce((sum, count) => sum + count, 0)).toBe(993);
    expect($('.head .lede').text()).toMatch(/^\d+ of 993 days captured$/);
    expect($('.year').eq(1).find('a').first().attr('href')).toBe('/coverage?list=daily&from=2025-01-01&to=2025-01-31');
    expect($.html().length).toBeLessThan(60_000);
  });

  it('counts days without papers and days that were cut as captured, as every other page does', () => {
    const coverage = aCoverage();
    const summary = { ...coverage.summary, captured: 60, partial: 5, empty: 20, failed: 2, missing: 3 };
    const text = drawn(renderCoveragePage({ ...coverage, summary }))('.head').text();
    expect(text).toContain('85 of 90 days captured');
    expect(text).toContain('60 captured, 5 partial, 20 empty, 2 failed, 3 missing;');
  });

  it('shows every day as a link under its weekday, with text besides the colour', () => {
    const coverage = aCoverage();
    const $ = drawn(renderCoveragePage(coverage));
    const days = $('.month a').toArray();
    expect(new Set(days.map((day) => day.attribs.href)).size).toBe(coverage.days.length);
    const tenth = $('.month a[href="/daily/2025-01-08"]');
    expect(tenth.parent().index()).toBe(2);
    for (const day of days)
      expect($(day).clone().children('.date, .outlook, .unseen').remove().end().text()).toMatch(/^(?:\d+|[PEFM])$/);
  });

  it('says what will become of an incomplete day, in a sentence, in its cell and to a screen reader', () => {
    const html = renderCoveragePage(aCoverage());
    expect(textsOf(html, '.outlooks')).toEqual([
      expect.stringMatching(/^\d+ days will be retried\.$/),
      expect.stringMatching(/^\d+ days may still change and will be captured again\.$/),
      expect.stringMatching(/^6 days can only be filled by a backfill\.$/),
    ]);
    const missing = drawn(html)('.month a[href="/daily/2024-12-29"]');
    expect(missing.find('.outlook').text()).toBe('retry');
    expect(missing.text()).toContain('29 Dec 2024: missing, will be retried. ');
    expect(textsOf(html, '.legend .outlook')).toEqual(['retry', 'settling', 'backfill']);
    const settled = drawn(html)('.month a[href="/daily/2024-11-20"]');
    expect(settled.find('.outlook')).toHaveLength(0);
  });

  it('promises no retry where no schedule runs', () => {
    const html = renderCoveragePage(withoutSchedule(aCoverage()));
    expect(textsOf(html, '.outlooks')).toEqual([expect.stringMatching(/^6 days can only be filled by a backfill\.$/)]);
    expect(textsOf(html, '.legend .outlook')).toEqual(['backfill']);
  });

  it('says which days of trending are lost, and how many hours of the others', () => {
    const html = renderCoveragePage(aTrendingCoverage());
    expect(textsOf(html, '.outlooks')).toEqual([
      expect.stringMatching(/^18 days are lost: the past of this list cannot be captured\.$/),
      expect.stringMatching(/^[\d,]+ hours of past days passed without a capture\.$/),
    ]);
    const some = drawn(html)('.month a[href="/trending/2024-11-20"]');
    expect(some.find('.outlook').text()).toBe('7 h');
    expect(some.text()).toContain('7 hours without a capture');
    expect(textsOf(html, '.legend .outlook')).toEqual(['lost', '7 h']);
  });

  it('shows the newest month first', () => {
    const captions = drawn(renderCoveragePage(aCoverage()))('caption').toArray();
    expect(captions.map((caption) => drawn(renderCoveragePage(aCoverage()))(caption).text())).toEqual([
      'February 2025',
      'January 2025',
      'December 2024',
      'November 2024',
    ]);
  });
});

describe('the sample banner', () => {
  const list = aList();
  const front = { daily: list, trending: list };
  const capture = aCapture();
  const named = {
    kind: 'author',
    slug: 'ada',
    name: 'Ada',
    from: null,
    to: null,
    papers: [],
    coverage: aReading,
    total: 0,
    next: null,
  } as const;
  const captures = { list: null, from: null, to: null, captures: [capture], total: 1, next: null, lists: [] };
  const problem = { type: 'about:blank', title: 'Not found', status: 404, detail: 'No such page.' };
  const now = '2025-01-08T18:12:03Z';
  const everyPage = (sample: boolean): string[] => [
    renderFrontPage({ ...front, sample }, someFrontPageData()),
    renderListPage({ ...list, sample }, NEWEST, AROUND),
    renderPaperPage({ ...aPaperAnswer(), sample }, aHistory()),
    renderHistoryPage({ ...aHistory(), sample }, 'Tables that last'),
    renderNamePapersPage({ ...named, papers: [aCatalogPaper()], sample }),
    renderMoversPage({ ...aMovers(), sample }, MOVERS_ASKED),
    renderCoveragePage({ ...aCoverage(), sample }),
    renderCapturesPage({ ...captures, sample }),
    renderProblemPage(problem, sample),
    renderHealthPage({ status: 'ok', now, lists: [], sample }),
    renderVersionsPage({ paperkeep: '0.1.0', node: 'v24', schema: 1, parsers: {}, sample }),
  ];

  it('is on every page of a sample and on no other', () => {
    for (const html of everyPage(true)) expect(textOf(html, '.sample')).toContain('These papers are invented');
    for (const html of everyPage(false)) expect(drawn(html)('.sample')).toHaveLength(0);
  });
});

describe('the page of health', () => {
  it('gives the age of a capture in minutes, hours or, of an archive that stopped, days', () => {
    const lists = [40, 300, 260_000].map((ageMinutes) => ({ list: 'daily', last: null, ageMinutes, stale: false }));
    const html = renderHealthPage({ status: 'stale', now: '2025-01-08T18:12:03Z', lists, sample: false });
    expect(textsOf(html, 'td.number')).toEqual(['40 minutes', '5 hours', '181 days']);
  });
});

describe('a leaderboard', () => {
  it('shows a summary of the first ten papers only', () => {
    const papers = [10, 11].map((rank) => ({
      ...(aTop().papers[0] as ReturnType<typeof aTop>['papers'][number]),
      rank,
    }));
    const $ = drawn(renderTopPage(aTop({ papers }), null));
    expect(
      $('.paper')
        .toArray()
        .map((row) => $(row).find('.summary').length),
    ).toEqual([1, 0]);
  });

  it('by expected upvotes says that upvotes are held against them', () => {
    const html = renderTopPage(aTop({ by: 'expected', ageHours: 48 }), null);
    expect(textOf(html, '.lede')).toMatch(/ranked by upvotes against expected$/);
  });

  it('gives no rank to a paper of which it is unknown what the others are ranked by', () => {
    const [first, second] = aTop().papers;
    if (!first || !second) throw new Error('no papers');
    const html = renderTopPage(aTop({ by: 'gain', papers: [first, { ...second, value: null }] }), null);
    expect(drawn(html)('.rank')).toHaveLength(1);
    expect(textOf(html, '.paper:last-child .score')).toBe('gain unknown');
  });
});

describe('hostile text of the feed', () => {
  const evil = fc.constantFrom(
    '<script>alert(1)</script>',
    '"><script src=//evil.example>',
    "' onmouseover='alert(1)",
    '</title><script>',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)//http://x',
    ' javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    '//evil.example/x',
    '</textarea></style></svg><img src=x onerror=alert(1)>',
  );
  const text = fc.oneof(evil, fc.string({ unit: 'binary' }));

  it('stays text: no script, no event handler, and only http links', () => {
    const hostile = fc.record({
      title: text,
      abstract: text,
      authors: fc.array(text, { minLength: 1, maxLength: 4 }),
      keywords: fc.array(text, { maxLength: 3 }),
      aiSummary: text,
      organization: fc.record({ name: text, fullname: text }),
      submittedBy: text,
      githubUrl: text,
      projectUrl: text,
      arxivUrl: text,
      url: text,
    });
    fc.assert(
      fc.property(hostile, text, (given, word) => {
        const listed = aList({ papers: [aListedPaper(0, given)] });
        const answer = aPaperAnswer(given);
        const versions = answer.versions.map((version) => ({ ...version, changed: [...Object.keys(given), word] }));
        for (const html of [
          renderListPage(listed, { ...NEWEST, at: word, sort: word }, AROUND),
          renderFrontPage({ sample: false, daily: listed, trending: listed }, someFrontPageData()),
          renderPaperPage({ ...answer, versions }, aHistory()),
          renderNamePapersPage({
            kind: 'author',
            slug: 'x',
            name: word,
            from: null,
            to: null,
            papers: [aCatalogPaper(0, given)],
            coverage: aReading,
            total: 1,
            next: null,
            sample: false,
          }),
          renderMoversPage(aMovers({ entered: [{ id: word, title: word, rank: 1, upvotes: 1 }] }), {
            ...MOVERS_ASKED,
            from: word,
          }),
          renderProblemPage(
            { type: word, title: word, status: 404, detail: word, errors: [{ parameter: word, detail: word }] },
            false,
          ),
          renderCapturesPage({
            list: 'daily',
            from: null,
            to: null,
            captures: [aCapture({ outcome: word, why: word, via: word })],
            total: 1,
            next: null,
            lists: [word],
            sample: false,
          }),
        ]) {
          expect(html).not.toMatch(/<(?:img|iframe|style)/i);
          const $ = drawn(html);
          expect($('script:not([src="/script.js"]):not([type="application/ld+json"])')).toHaveLength(0);
          expect($('[onmouseover], [onerror], [style]')).toHaveLength(0);
          for (const url of links(html)) expect(url).toMatch(/^(?:https?:|\/(?!\/)|#|\?at=)/);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has none of the control characters that HTML forbids', () => {
    const papers = [aListedPaper(0, { title: 'Bells\u0007, \u0000nulls\u009f and\ttabs' })];
    const html = renderListPage(aList({ papers }), NEWEST, AROUND);
    expect(html).toContain('Bells, nulls and\ttabs');
    expect(html).not.toMatch(/(?![\t\n])\p{Cc}/u);
  });

  it('shows an address that is not http as text', () => {
    const html = renderListPage(
      aList({ papers: [aListedPaper(0, { githubUrl: 'javascript:alert(1)' })] }),
      NEWEST,
      AROUND,
    );
    expect(textOf(html, '.paper .elsewhere li:first-child')).toBe('Code: javascript:alert(1) 1,204 stars');
  });
});

describe('the page of an error', () => {
  const of = (detail: string, errors: { parameter: string; detail: string }[]) =>
    drawn(renderProblemPage({ type: 'about:blank', title: 'Bad request', status: 400, detail, errors }, false));

  it('names each bad parameter, and shows a detail only if it says more', () => {
    const errors = [{ parameter: 'from', detail: 'must be a day' }];
    expect(of('from must be a day', errors)('.lede')).toHaveLength(0);
    expect(of('from must be a day', errors)('.errors').text()).toBe('from must be a day');
    expect(of('this answer has 7.5 MB', errors)('.lede').text()).toBe('This answer has 7.5 MB.');
    expect(of('no such page', [])('.lede').text()).toBe('No such page.');
    expect(of('One parameter could not be read.', [])('.lede').text()).toBe('One parameter could not be read.');
  });
});
