/** Pieces that pages over all papers have in common. */
import { html } from 'hono/html';
import type { NewAnswer, SearchTerm } from '../query/answers/search.ts';
import { affiliation, chips, votes } from './entry.ts';
import { commas, date, inward, type Markup, moment } from './link.ts';
import { excerpt, isHit, marked } from './marks.ts';
import { namedPath, paperPath } from './paths.ts';
import { amount, counted, listWords } from './words.ts';

type Paper = NewAnswer['papers'][number];

/** As many authors as are named before only those who were looked for are. */
const AUTHORS_NAMED = 3;

function byline(authors: Paper['authors'], terms: readonly SearchTerm[]): Markup {
  if (authors === null) return html``;
  const shown = authors.filter((name, at) => at < AUTHORS_NAMED || isHit(name, 'author', terms));
  const more = authors.length - shown.length;
  const links = shown.map((name) => inward(namedPath('authors', name), marked(name, 'author', terms)));
  return html`${commas(links)}${more > 0 ? ` and ${amount(more)} more` : ''}`;
}

/** A paper that was found: `above` says where or when it was seen. What was looked for is marked. */
export const foundEntry = (
  paper: Paper,
  above: Markup,
  terms: readonly SearchTerm[],
): Markup => html`<li class="paper dated">
  <div class="what">
    <p class="eyebrow">${above}</p>
    <h2 class="title">${inward(paperPath(paper.id), marked(paper.title, 'title', terms))}</h2>
    <p class="byline">${byline(paper.authors, terms)}${affiliation(paper.organization)}</p>
    ${paper.abstract === null ? '' : html`<p class="excerpt">${excerpt(paper.abstract, terms)}</p>`}
    ${chips(paper.keywords, false, (word) => marked(word, 'keyword', terms))}
  </div>
  <div class="score"><p>${votes(paper.upvotes)}</p></div>
</li>`;

/** What an answer was read from: how new it is, and what each list holds. */
export const sourceNote = ({ catalogAsOf, coverage }: Pick<NewAnswer, 'catalogAsOf' | 'coverage'>): Markup =>
  html`<p class="quiet">${catalogAsOf === null ? '' : html`As of ${moment(catalogAsOf)}. `}${coverage.map(
    ({ list, first, last, daysCaptured }) =>
      html`${listWords(list)}, ${date(first)} to ${date(last)}: ${counted(daysCaptured, 'day')} captured. `,
  )}</p>`;
