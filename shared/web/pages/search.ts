import { html } from 'hono/html';
import { formatCount, formatDay, formatNumber } from '../../lib/format.ts';
import type { FoundPaper, SearchAnswer } from '../../query/search.schema.ts';
import { listPath, withQuery } from '../paths.ts';
import { type Markup, renderDay, renderHidden, renderMoreLink } from './elements.ts';
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

/** True when one of the fields of the form has a value, so that the form must show it. */
const isFiltered = ({ list, from, to, minUpvotes, maxRank }: SearchAnswer): boolean =>
  [list, from, to, minUpvotes, maxRank].some((value) => value !== null);

const renderForm = (
  answer: SearchAnswer,
  sort: Asked,
): Markup => html`<form class="search" method="get" action="/search" role="search">
  <p class="words"><label class="unseen" for="q">Search</label>
  <input id="q" name="q" type="search" value="${answer.q ?? ''}" maxlength="300" placeholder="Title, abstract, author or keyword" autocomplete="off" aria-describedby="q-hint">
  <button>Search</button></p>
  <p class="hint" id="q-hint">All words must match, or those on one side of <code>OR</code>; parentheses group. Exact phrase: <code>"a phrase"</code>. Beginning of a word: <code>begin*</code>. One field: <code>title:word</code>, <code>author:name</code>, <code>keyword:word</code>. Exclude: <code>-word</code>.</p>
  <details${isFiltered(answer) ? html` open` : ''}><summary>Filters</summary><div>
  <p class="filter"><label for="list">List</label> ${renderListChoice(answer)}</p>
  <p class="filter"><label for="from">From</label> <input id="from" name="from" type="date" value="${answer.from ?? ''}"></p>
  <p class="filter"><label for="to">To</label> <input id="to" name="to" type="date" value="${answer.to ?? ''}"></p>
  <p class="filter"><label for="minUpvotes">Minimum upvotes</label> <input id="minUpvotes" name="minUpvotes" type="number" min="0" max="9999999" value="${answer.minUpvotes ?? ''}"></p>
  <p class="filter"><label for="maxRank">Maximum rank</label> <input id="maxRank" name="maxRank" type="number" min="1" max="9999999" value="${answer.maxRank ?? ''}"></p>
  </div></details>
  ${renderHidden({ keyword: answer.keyword, organization: answer.organization, code: answer.code ? 'true' : null, sort })}
</form>`;

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

/** Renders the filters that are set, each a link to the search without it; nothing without filters. */
function renderFilters(answer: SearchAnswer, sort: Asked): Markup {
  const query = { ...toSearchQuery(answer), sort };
  const set = describeFilters(answer).filter(([, words]) => words !== null);
  return set.length === 0
    ? html``
    : html`<ul class="chips filters" aria-label="Filters">${set.map(
        ([parameter, words]) =>
          html`<li><a href="${withQuery('/search', { ...query, [parameter]: null })}"><span class="unseen">Remove the filter: </span>${words} <span aria-hidden="true">×</span></a></li>`,
      )}</ul>`;
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
  html`<p class="sorts"><span>Sort ${formatCount(answer.total, 'paper')} by</span> ${SORTS.filter(
    (by) => by !== 'relevance' || answer.q !== null,
  ).map(
    (by) =>
      html`<a href="${withQuery('/search', { ...toSearchQuery(answer), sort: by })}"${by === answer.sort ? html` aria-current="true"` : ''}>${by}</a> `,
  )}</p>`;

const renderNoResults = ({ q }: SearchAnswer): Markup => html`<section class="nothing" aria-labelledby="nothing">
  <h2 id="nothing">No papers found</h2>
  <p>${q === null ? 'No paper matches all of these filters.' : 'No paper matches all of these words and filters. Search compares whole words and ignores accents; “begin*” also finds longer words.'}</p>
</section>`;

/** Renders the search form and the papers found; `sort` is the order asked for, null if none was. */
export function renderSearchPage(answer: SearchAnswer, sort: Asked): string {
  const { q, terms, papers, next, sample } = answer;
  const query = { ...toSearchQuery(answer), sort };
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
  <p class="lede">Titles, abstracts, authors and keywords of every paper seen on any list.</p>
</div>
${renderForm(answer, sort)}
${renderFilters(answer, sort)}
<div class="columns">
<div>
${papers.length === 0 ? renderNoResults(answer) : html`<div class="tools">${renderSorts(answer)}<a class="narrow" href="#narrow">Narrow the search</a></div><ol class="papers">${papers.map((paper) => renderSearchResult(paper, renderWhere(paper), terms))}</ol>`}
${renderMoreLink(next, 'More papers')}
</div>
<aside id="narrow" aria-label="Narrow the search">${renderFacets(answer, sort)}</aside>
</div>
${renderSourceNote(answer)}`,
  });
}
