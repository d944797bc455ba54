import { html } from 'hono/html';
import { formatCount } from '../../lib/format.ts';
import type { FoundPaper, SearchAnswer } from '../../query/schemas/search.ts';
import { listPath, nextPath, withQuery } from '../paths.ts';
import { type Markup, renderDay } from './elements.ts';
import { type PageHtml, renderPage } from './page.ts';
import { renderSearchResult, renderSourceNote } from './search-result.ts';
import { formatListName } from './text.ts';

/** The order that was asked for; null: none. */
type Asked = SearchAnswer['sort'] | null;

const SORTS = ['relevance', 'date', 'upvotes'] as const;

/** What was asked for, as parameters have it. */
const toQuery = ({ q, list, from, to, minUpvotes, maxRank }: SearchAnswer) => ({
  q,
  list,
  from,
  to,
  minUpvotes: minUpvotes === null ? null : String(minUpvotes),
  maxRank: maxRank === null ? null : String(maxRank),
});

/** The lists there are, and the one that was asked for. */
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
  <p class="words"><label class="unseen" for="q">Words to look for</label>
  <input id="q" name="q" type="search" value="${answer.q ?? ''}" maxlength="300" placeholder="Words in titles, abstracts, names" autocomplete="off" aria-describedby="q-hint">
  <button>Search</button></p>
  <p class="hint" id="q-hint">All words must be there: <code>"a phrase"</code>, <code>begin*</code>, <code>title:word</code>, <code>author:name</code>, <code>keyword:word</code>; <code>-word</code> must not be there.</p>
  <p class="filter"><label for="list">On</label> ${renderListChoice(answer)}</p>
  <p class="filter"><label for="from">from</label> <input id="from" name="from" type="date" value="${answer.from ?? ''}"></p>
  <p class="filter"><label for="to">to</label> <input id="to" name="to" type="date" value="${answer.to ?? ''}"></p>
  <p class="filter"><label for="minUpvotes">Upvotes, at least</label> <input id="minUpvotes" name="minUpvotes" type="number" min="0" max="9999999" value="${answer.minUpvotes ?? ''}"></p>
  <p class="filter"><label for="maxRank">Best rank, at most</label> <input id="maxRank" name="maxRank" type="number" min="1" max="9999999" value="${answer.maxRank ?? ''}"></p>
  ${sort === null ? '' : html`<input type="hidden" name="sort" value="${sort}">`}
</form>`;

const renderWhere = ({ list, day, bestRank }: FoundPaper): Markup =>
  html`<a href="${listPath(list, day)}">${formatListName(list)}, ${renderDay(day)}</a>, best rank ${bestRank}`;

const renderSorts = (answer: SearchAnswer): Markup =>
  html`<p class="sorts"><span>${formatCount(answer.total, 'paper')} by</span> ${SORTS.filter(
    (by) => by !== 'relevance' || answer.q !== null,
  ).map(
    (by) =>
      html`<a href="${withQuery('/search', { ...toQuery(answer), sort: by })}"${by === answer.sort ? html` aria-current="true"` : ''}>${by}</a> `,
  )}</p>`;

const renderNoResults = ({ q }: SearchAnswer): Markup => html`<section class="nothing" aria-labelledby="nothing">
  <h2 id="nothing">No papers found</h2>
  <p>${q === null ? 'No paper was on a list that fits all of these.' : 'No paper that was seen holds all of these words on a list that fits.'}
  Whole words are compared, without accents: “begin*” finds longer ones.</p>
</section>`;

/** The form, and what was found, with the words marked; `sort` is the order that was asked for, if any was. */
export function renderSearchPage(answer: SearchAnswer, sort: Asked): PageHtml {
  const { q, terms, papers, next, sample } = answer;
  const query = { ...toQuery(answer), sort };
  const more = nextPath(next);
  return renderPage({
    title: q === null ? 'Search' : `Search: ${q}`,
    sample,
    section: 'search',
    formats: [
      ['JSON', withQuery('/search.json', query)],
      ['CSV', withQuery('/search.csv', query)],
      ['BibTeX', withQuery('/search.bib', query)],
    ],
    main: html`<div class="head">
  <h1>Search</h1>
  <p class="lede">Every paper that was seen on any list: title, abstract, authors and keywords.</p>
</div>
${renderForm(answer, sort)}
${papers.length === 0 ? renderNoResults(answer) : html`<div class="tools">${renderSorts(answer)}</div><ol class="papers">${papers.map((paper) => renderSearchResult(paper, renderWhere(paper), terms))}</ol>`}
${more === null ? '' : html`<p class="more"><a rel="next" href="${more}">More papers</a></p>`}
${renderSourceNote(answer)}`,
  });
}
