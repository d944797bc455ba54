import { html } from 'hono/html';
import { formatCount } from '../../lib/format.ts';
import type { FoundPaper, SearchAnswer } from '../../query/search.schema.ts';
import { listPath, withQuery } from '../paths.ts';
import { type Markup, renderDay } from './elements.ts';
import { renderPage } from './page.ts';
import { renderSearchResult, renderSourceNote } from './search-result.ts';
import { formatListName } from './text.ts';

/** The order asked for; null if none was. */
type Asked = SearchAnswer['sort'] | null;

const SORTS = ['relevance', 'date', 'upvotes'] as const;

/** The parameters that ask the same question again. */
const toQuery = ({ q, list, from, to, minUpvotes, maxRank }: SearchAnswer) => ({
  q,
  list,
  from,
  to,
  minUpvotes: minUpvotes === null ? null : String(minUpvotes),
  maxRank: maxRank === null ? null : String(maxRank),
});

/** Renders a choice of the archive's lists. */
const renderListChoice = ({ list, coverage }: SearchAnswer): Markup => html`<select id="list" name="list">
    <option value="">any list</option>${[
      ...new Set([...coverage.map((on) => on.list), ...(list === null ? [] : [list])]),
    ].map(
      (name) => html`<option value="${name}"${name === list ? html` selected` : ''}>${formatListName(name)}</option>`,
    )}</select>`;

const renderForm = (
  answer: SearchAnswer,
  sort: Asked,
): Markup => html`<form class="search" method="get" action="/search" role="search">
  <p class="words"><label class="unseen" for="q">Search</label>
  <input id="q" name="q" type="search" value="${answer.q ?? ''}" maxlength="300" placeholder="Title, abstract, author or keyword" autocomplete="off" aria-describedby="q-hint">
  <button>Search</button></p>
  <p class="hint" id="q-hint">All words must match. Exact phrase: <code>"a phrase"</code>. Beginning of a word: <code>begin*</code>. One field: <code>title:word</code>, <code>author:name</code>, <code>keyword:word</code>. Exclude: <code>-word</code>.</p>
  <p class="filter"><label for="list">List</label> ${renderListChoice(answer)}</p>
  <p class="filter"><label for="from">From</label> <input id="from" name="from" type="date" value="${answer.from ?? ''}"></p>
  <p class="filter"><label for="to">To</label> <input id="to" name="to" type="date" value="${answer.to ?? ''}"></p>
  <p class="filter"><label for="minUpvotes">Minimum upvotes</label> <input id="minUpvotes" name="minUpvotes" type="number" min="0" max="9999999" value="${answer.minUpvotes ?? ''}"></p>
  <p class="filter"><label for="maxRank">Maximum rank</label> <input id="maxRank" name="maxRank" type="number" min="1" max="9999999" value="${answer.maxRank ?? ''}"></p>
  ${sort === null ? '' : html`<input type="hidden" name="sort" value="${sort}">`}
</form>`;

const renderWhere = ({ list, day, bestRank }: FoundPaper): Markup =>
  html`<a href="${listPath(list, day)}">${formatListName(list)}, ${renderDay(day)}</a>, best rank ${bestRank}`;

const renderSorts = (answer: SearchAnswer): Markup =>
  html`<p class="sorts"><span>Sort ${formatCount(answer.total, 'paper')} by</span> ${SORTS.filter(
    (by) => by !== 'relevance' || answer.q !== null,
  ).map(
    (by) =>
      html`<a href="${withQuery('/search', { ...toQuery(answer), sort: by })}"${by === answer.sort ? html` aria-current="true"` : ''}>${by}</a> `,
  )}</p>`;

const renderNoResults = ({ q }: SearchAnswer): Markup => html`<section class="nothing" aria-labelledby="nothing">
  <h2 id="nothing">No papers found</h2>
  <p>${q === null ? 'No paper matches all of these filters.' : 'No paper matches all of these words and filters. Search compares whole words and ignores accents; “begin*” also finds longer words.'}</p>
</section>`;

/** Renders the search form and the papers found; `sort` is the order asked for, null if none was. */
export function renderSearchPage(answer: SearchAnswer, sort: Asked): string {
  const { q, terms, papers, next, sample } = answer;
  const query = { ...toQuery(answer), sort };
  return renderPage({
    title: q === null ? 'Search' : `Search: ${q}`,
    sample,
    section: 'search',
    formats: [
      ['JSON', withQuery('/search.json', query)],
      ['CSV', withQuery('/search.csv', query)],
      ['BibTeX', withQuery('/search.bib', query)],
    ],
    feed: withQuery('/search', toQuery(answer)),
    main: html`<div class="head">
  <h1>Search</h1>
  <p class="lede">Titles, abstracts, authors and keywords of every paper seen on any list.</p>
</div>
${renderForm(answer, sort)}
${papers.length === 0 ? renderNoResults(answer) : html`<div class="tools">${renderSorts(answer)}</div><ol class="papers">${papers.map((paper) => renderSearchResult(paper, renderWhere(paper), terms))}</ol>`}
${next === null ? '' : html`<p class="more"><a rel="next" href="${next}">More papers</a></p>`}
${renderSourceNote(answer)}`,
  });
}
