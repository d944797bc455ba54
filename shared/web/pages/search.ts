import { html } from 'hono/html';
import { formatCount, formatDay, formatNumber } from '../../lib/format.ts';
import type { FoundPaper, SearchAnswer } from '../../query/search.schema.ts';
import { listPath, withQuery } from '../paths.ts';
import { type Markup, renderColumns, renderDay, renderHidden, renderMoreLink } from './elements.ts';
import { renderPage } from './page.ts';
import { renderSearchResult, renderSourceNote } from './search-result.ts';
import { formatListName } from './text.ts';

/** The order asked for; null if none was. */
type Asked = SearchAnswer['sort'] | null;

const SORTS = ['relevance', 'date', 'upvotes'] as const;

/** The parameters that ask the same question again. */
export const toSearchQuery = (answer: SearchAnswer) => ({
  q: answer.q,
  list: answer.list,
  keyword: answer.keyword,
  organization: answer.organization,
  code: answer.code ? 'true' : null,
  from: answer.from,
  to: answer.to,
  minUpvotes: answer.minUpvotes === null ? null : String(answer.minUpvotes),
  maxRank: answer.maxRank === null ? null : String(answer.maxRank),
});

/** Renders a choice of the archive's lists. */
const renderListChoice = ({ list, coverage }: SearchAnswer): Markup => html`<select id="list" name="list">
    <option value="">any list</option>${[
      ...new Set([...coverage.map((on) => on.list), ...(list === null ? [] : [list])]),
    ].map(
      (name) => html`<option value="${name}"${name === list ? html` selected` : ''}>${formatListName(name)}</option>`,
    )}</select>`;

/** Renders the box for words; the filters go along unseen. */
const renderForm = (
  answer: SearchAnswer,
  sort: Asked,
): Markup => html`<form class="search" method="get" action="/search" role="search">
  <label class="unseen" for="q">Search</label>
  <input id="q" name="q" type="search" value="${answer.q ?? ''}" maxlength="300" placeholder="Words, id or URL" autocomplete="off" aria-describedby="q-hint">
  <button>Search</button>
  ${renderHidden({ ...toSearchQuery(answer), q: null, sort })}
</form>`;

/** Renders the filters that are no facets, folded until one is set; the others go along unseen. */
function renderFields(answer: SearchAnswer, sort: Asked): Markup {
  const { list, from, to, minUpvotes, maxRank, ...others } = toSearchQuery(answer);
  const isSet = [list, from, to, minUpvotes, maxRank].some((value) => value !== null);
  return html`<details${isSet ? html` open` : ''}><summary>List, days, upvotes and rank</summary>
<form method="get" action="/search">
  <label for="list">List</label>${renderListChoice(answer)}
  <label for="from">From</label><input id="from" name="from" type="date" value="${from ?? ''}">
  <label for="to">To</label><input id="to" name="to" type="date" value="${to ?? ''}">
  <label for="minUpvotes">Upvotes from</label><input id="minUpvotes" name="minUpvotes" type="number" min="0" max="9999999" value="${minUpvotes ?? ''}">
  <label for="maxRank">Rank up to</label><input id="maxRank" name="maxRank" type="number" min="1" max="9999999" value="${maxRank ?? ''}">
  ${renderHidden({ ...others, sort })}<button>Show</button>
</form></details>`;
}

/** The filters in words, by their parameters. */
const describeFilters = (answer: SearchAnswer): readonly (readonly [parameter: string, words: string | null])[] => [
  ['list', answer.list && `on ${formatListName(answer.list)}`],
  ['keyword', answer.keyword && `keyword ${answer.keyword}`],
  ['organization', answer.organization && `organization ${answer.organization}`],
  ['code', answer.code ? 'with code' : null],
  ['from', answer.from && `from ${formatDay(answer.from)}`],
  ['to', answer.to && `to ${formatDay(answer.to)}`],
  ['minUpvotes', answer.minUpvotes === null ? null : `at least ${formatCount(answer.minUpvotes, 'upvote')}`],
  ['maxRank', answer.maxRank === null ? null : `best rank ${answer.maxRank} or better`],
];

/** The filters that are set. */
const describeSet = (answer: SearchAnswer): string =>
  describeFilters(answer)
    .flatMap(([, words]) => (words ? `, ${words}` : []))
    .join('');

/** Renders the filters that are set, each a link to the search without it; nothing without filters. */
function renderFilters(answer: SearchAnswer, sort: Asked): Markup {
  const query = { ...toSearchQuery(answer), sort };
  const set = describeFilters(answer).filter(([, words]) => words !== null);
  return set.length === 0
    ? html``
    : html`<section><h2>Filters</h2><ul class="chips">${set.map(
        ([parameter, words]) =>
          html`<li><a href="${withQuery('/search', { ...query, [parameter]: null })}"><span class="unseen">Remove the filter: </span>${words} <span aria-hidden="true">×</span></a></li>`,
      )}</ul></section>`;
}

/** Links of one facet: more keywords would be longer than the papers. */
const FACET_LINKS = 10;

const FACETS = [
  ['year', 'Year', (year: string) => ({ from: `${year}-01-01`, to: `${year}-12-31` })],
  ['list', 'List', (list: string) => ({ list })],
  ['keyword', 'Keyword', (keyword: string) => ({ keyword })],
  ['organization', 'Organization', (organization: string) => ({ organization })],
  ['code', 'Code', (code: string) => ({ code })],
] as const;

/** Renders what the papers found have in common, each a link to the search with it as a filter; leaves out what is a filter already. */
function renderFacets(answer: SearchAnswer, sort: Asked): Markup {
  const query: Readonly<Record<string, string | null>> = { ...toSearchQuery(answer), sort };
  const groups = FACETS.flatMap(([facet, heading, toFilter]) => {
    const links = answer.facets[facet]
      .map((value) => ({ ...value, filter: Object.entries(toFilter(value.value)) }))
      .filter(({ filter }) => !filter.every(([name, value]) => query[name] === value))
      .slice(0, FACET_LINKS)
      .map(({ name, count, filter }) => {
        const words = facet === 'list' ? formatListName(name) : facet === 'code' ? 'with code' : name;
        const path = withQuery('/search', { ...query, ...Object.fromEntries(filter) });
        return html`<li><a href="${path}" rel="nofollow">${words} <span class="stars">${formatNumber(count)}</span></a></li>`;
      });
    return links.length === 0 ? [] : [html`<section><h2>${heading}</h2><ul class="chips">${links}</ul></section>`];
  });
  return html`${groups}`;
}

const renderWhere = ({ list, day, bestRank }: FoundPaper): Markup =>
  html`<a href="${listPath(list, day)}">${formatListName(list)}, ${renderDay(day)}</a>, best rank ${bestRank}`;

const renderSorts = (answer: SearchAnswer): Markup =>
  html`<section><h2>Sort by</h2><p class="sorts">${SORTS.filter((by) => by !== 'relevance' || answer.q !== null).map(
    (by) =>
      html`<a href="${withQuery('/search', { ...toSearchQuery(answer), sort: by })}"${by === answer.sort ? html` aria-current="true"` : ''}>${by}</a> `,
  )}</p></section>`;

/** What the box for words understands. */
const hint = html`<section><h2>Words</h2><p class="hint" id="q-hint">All words must match, or those on one side of <code>OR</code>; parentheses group. Exact phrase: <code>"a phrase"</code>. Beginning of a word: <code>begin*</code>. One field: <code>title:word</code>, <code>author:name</code>, <code>keyword:word</code>. Exclude: <code>-word</code>.</p></section>`;

const renderNoResults = ({ q }: SearchAnswer): Markup => html`<section class="nothing" aria-labelledby="nothing">
  <h2 id="nothing">No papers found</h2>
  <p>${q === null ? 'No paper matches all of these filters.' : 'No paper matches all of these words and filters. Search compares whole words and ignores accents; “begin*” also finds longer words.'}</p>
</section>`;

/** Renders the search form and the papers found; `sort` is the order asked for, null if none was. */
export function renderSearchPage(answer: SearchAnswer, sort: Asked): string {
  const { q, terms, papers, total, next, sample } = answer;
  const query = { ...toSearchQuery(answer), sort };
  const set = describeSet(answer);
  return renderPage({
    title: q === null ? 'Search' : `Search: ${q}`,
    sample,
    section: 'search',
    formats: [
      ['JSON', withQuery('/search.json', query)],
      ['CSV', withQuery('/search.csv', query)],
      ['BibTeX', withQuery('/search.bib', query)],
    ],
    feed: withQuery('/search', toSearchQuery(answer)),
    main: html`<div class="head">
  <h1>Search</h1>
  <p class="lede">${papers.length > 0 && (q !== null || set !== '') ? `${formatCount(total, 'paper')}${set}` : 'Titles, abstracts, authors and keywords of every paper seen on any list.'}</p>
</div>
${renderForm(answer, sort)}
${renderColumns(
  'Filters and order',
  html`${papers.length === 0 ? renderNoResults(answer) : html`<ol class="papers">${papers.map((paper) => renderSearchResult(paper, renderWhere(paper), terms))}</ol>`}
${renderMoreLink(next, 'More papers')}`,
  html`${renderFilters(answer, sort)}
${papers.length === 0 ? '' : renderSorts(answer)}
${renderFacets(answer, sort)}
${renderFields(answer, sort)}
${hint}`,
)}
${renderSourceNote(answer)}`,
  });
}
