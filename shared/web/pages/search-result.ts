/** Elements of the pages that search all papers. */

import { html } from 'hono/html';
import { formatCount, formatNumber } from '../../lib/format.ts';
import { texToText } from '../../lib/tex.ts';
import type { NewAnswer } from '../../query/new.schema.ts';
import type { SearchTerm } from '../../query/search.schema.ts';
import { indexPath, paperPath } from '../paths.ts';
import { joinWithCommas, type Markup, renderDay, renderLink, renderTime } from './elements.ts';
import { hasMatch, highlight, renderExcerpt } from './highlight.ts';
import { renderKeywords, renderOrganization, renderUpvotes } from './paper-row.ts';
import { formatListName } from './text.ts';

type Paper = Omit<NewAnswer['papers'][number], 'firstSeen' | 'readAt' | 'ageHours'>;

/** Authors always named; of the others only those who match. */
const AUTHORS_NAMED = 3;

function renderByline(authors: Paper['authors'], terms: readonly SearchTerm[]): Markup {
  if (authors === null) return html``;
  const shown = authors.filter((name, at) => at < AUTHORS_NAMED || hasMatch(name, 'author', terms));
  const more = authors.length - shown.length;
  const links = shown.map((name) => renderLink(indexPath('authors', name), highlight(name, 'author', terms)));
  return html`${joinWithCommas(links)}${more > 0 ? ` and ${formatNumber(more)} more` : ''}`;
}

/** Renders a paper that was found, with the search terms marked; `above` is shown above its title. */
export const renderSearchResult = (
  paper: Paper,
  above: Markup,
  terms: readonly SearchTerm[],
): Markup => html`<li class="paper dated">
  <div class="what">
    <p class="eyebrow">${above}</p>
    <h2>${renderLink(paper.id === null ? null : paperPath(paper.id), highlight(texToText(paper.title), 'title', terms))}</h2>
    <p class="byline">${renderByline(paper.authors, terms)}${renderOrganization(paper.organization)}</p>
    ${paper.abstract === null ? '' : html`<p class="excerpt">${renderExcerpt(texToText(paper.abstract), terms)}</p>`}
    ${renderKeywords(paper.keywords, false, (word) => highlight(word, 'keyword', terms))}
  </div>
  <div class="score"><p>${renderUpvotes(paper.upvotes)}</p></div>
</li>`;

/** Renders how recent the catalog is and which days of each list it covers. */
export const renderSourceNote = ({ catalogAsOf, coverage }: Pick<NewAnswer, 'catalogAsOf' | 'coverage'>): Markup =>
  html`<p class="quiet">${catalogAsOf === null ? '' : html`As of ${renderTime(catalogAsOf)}. `}${coverage.map(
    ({ list, first, last, daysCaptured }) =>
      html`${formatListName(list)}, ${renderDay(first)} to ${renderDay(last)}: ${formatCount(daysCaptured, 'day')} captured. `,
  )}</p>`;
