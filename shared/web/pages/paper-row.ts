/** One paper of a list, as the lists draw it. */

import { html } from 'hono/html';
import { formatCount, formatDay, formatNumber } from '../../lib/format.ts';
import type { ListedPaper, NamedAnswer } from '../../query/schemas.ts';
import { indexPath, paperPath } from '../paths.ts';
import { joinWithCommas, type Markup, renderExternalLink, renderLink } from './elements.ts';
import { renderUpvoteBar } from './upvote-chart.ts';

type AnyPaper = NamedAnswer['papers'][number];

/** As many authors as a list names before it only counts; papers with hundreds exist. */
const AUTHORS_NAMED = 3;
/** As many keywords as fit two lines of a phone. */
const KEYWORDS_SHOWN = 6;

// Drawn, not typed: fonts without arrows are common.
const drawArrow = (path: string): Markup =>
  html`<svg class="arrow" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" focusable="false"><path d="${path}"/></svg>`;
const UP = drawArrow('M5 1 9.5 8.5h-9z');
const DOWN = drawArrow('M5 9 .5 1.5h9z');
const LEVEL = drawArrow('M1 4h8v2H1z');
const VOTE = html`<svg class="vote" viewBox="0 0 10 10" width="11" height="11" aria-hidden="true" focusable="false"><path d="M1 7 5 3l4 4"/></svg>`;

/**
 * Where a paper stands against the capture before. Says nothing when that capture holds none of the papers:
 * then there was most likely no capture before, and "new" would be a guess.
 */
export function renderRankChange(
  { rank, previousRank }: Pick<ListedPaper, 'rank' | 'previousRank'>,
  comparable: boolean,
): Markup {
  if (!comparable) return html``;
  if (previousRank === null) return html`<span class="move new">new</span>`;
  const by = previousRank - rank;
  if (by === 0) return html`<span class="move level">${LEVEL}<span class="unseen">same rank as before</span></span>`;
  const [name, words, drawn] = by > 0 ? ['up', 'up', UP] : ['down', 'down', DOWN];
  return html`<span class="move ${name}">${drawn}<span class="unseen">${words} by </span>${formatNumber(Math.abs(by))}</span>`;
}

/** True when at least one paper was in the capture before. */
export const hasPreviousRanks = (papers: readonly ListedPaper[]): boolean =>
  papers.some(({ previousRank }) => previousRank !== null);

/** The title, linked to the paper's page where it has one. */
export const renderTitle = ({ id, title }: { readonly id: string | null; readonly title: string }): Markup =>
  renderLink(id === null ? null : paperPath(id), title);

/** Upvotes with what they are, or that they are not known. */
export const renderUpvotes = (upvotes: number | null): Markup =>
  upvotes === null
    ? html`<span class="votes unknown">votes unknown</span>`
    : html`<span class="votes">${VOTE}<span class="figure">${formatNumber(upvotes)}</span><span class="unseen"> ${upvotes === 1 ? 'upvote' : 'upvotes'}</span></span>`;

/** What a paper gained since it was first seen in the list; nothing where it cannot be known. */
export const renderGain = (gain: number | null): Markup =>
  gain === null
    ? html``
    : html`<span class="gain ${gain < 0 ? 'lost' : ''}">${gain > 0 ? '+' : ''}${gain === 0 ? '±0' : formatNumber(gain)}<span class="unseen"> since first seen</span></span>`;

/** The first authors, and how many more there are; nothing where they are not known. */
export function renderByline(authors: AnyPaper['authors']): Markup {
  if (authors === null) return html``;
  const named = authors.slice(0, AUTHORS_NAMED).map((name) => renderLink(indexPath('authors', name), name));
  const more = authors.length - named.length;
  return html`${joinWithCommas(named)}${more > 0 ? ` and ${formatNumber(more)} more` : ''}`;
}

/** The organization, linked to its page; nothing where the feed named none. */
export const renderOrganization = (organization: AnyPaper['organization']): Markup =>
  organization
    ? html`<span class="organization">${renderLink(indexPath('organizations', organization.name), organization.fullname || organization.name)}</span>`
    : html``;

/** Keywords, each linked to its page; the first six where `all` is false. `draw` draws one, as it is unless told. */
export function renderKeywords(
  keywords: readonly string[] | null,
  all: boolean,
  draw: (word: string) => string | Markup = (word) => word,
): Markup {
  if (!keywords || keywords.length === 0) return html``;
  const shown = all ? keywords : keywords.slice(0, KEYWORDS_SHOWN);
  return html`<ul class="chips" aria-label="Keywords">${shown.map(
    (word) => html`<li>${renderLink(indexPath('keywords', word), draw(word))}</li>`,
  )}</ul>`;
}

/** Where else to read on: code, project, arXiv, the feed's own page. */
export function renderExternalLinks({ githubUrl, githubStars, projectUrl, arxivUrl, url }: AnyPaper): Markup {
  const stars = githubStars === null ? '' : html` <span class="stars">(${formatCount(githubStars, 'star')})</span>`;
  const links = [
    githubUrl === null ? null : html`${renderExternalLink(githubUrl, 'Code')}${stars}`,
    projectUrl === null ? null : renderExternalLink(projectUrl, 'Project'),
    arxivUrl === null ? null : renderExternalLink(arxivUrl, 'arXiv'),
    url === null ? null : renderExternalLink(url, 'Hugging Face'),
  ].filter((link) => link !== null);
  return links.length === 0 ? html`` : html`<ul class="elsewhere">${links.map((link) => html`<li>${link}</li>`)}</ul>`;
}

/** The abstract, folded away; nothing where it is not known. */
const renderAbstract = ({ title, abstract, aiSummary }: AnyPaper): Markup =>
  abstract === null && aiSummary === null
    ? html``
    : html`<details><summary>Abstract<span class="unseen"> of ${title}</span></summary>
      ${aiSummary === null ? '' : html`<p class="machine"><em>The feed’s summary, written by a model:</em> ${aiSummary}</p>`}
      ${abstract === null ? '' : html`<p>${abstract}</p>`}</details>`;

/** A paper of a list, with everything; `most` are the most upvotes in the list, which the bars are drawn against. */
export const renderListedPaper = (paper: ListedPaper, comparable: boolean, most: number): Markup =>
  renderRankedPaper(paper, {
    moved: renderRankChange(paper, comparable),
    above: html``,
    score: html`<p>${renderUpvotes(paper.upvotes)}${renderGain(paper.gain)}</p>${renderUpvoteBar(paper, most)}`,
  });

/** The same with what a page of its own says of the paper: below its rank, above its title, and beside. */
export const renderRankedPaper = (
  paper: ListedPaper,
  { moved, above, score }: { readonly moved: Markup; readonly above: Markup; readonly score: Markup },
): Markup => html`<li class="paper">
  <p class="place"><span class="unseen">Rank </span><span class="rank">${paper.rank}</span>${moved}</p>
  <div class="what">
    ${above}
    <h2 class="title">${renderTitle(paper)}</h2>
    <p class="byline">${renderByline(paper.authors)}${renderOrganization(paper.organization)}</p>
    ${renderKeywords(paper.keywords, false)}
    ${renderExternalLinks(paper)}
    ${renderAbstract(paper)}
  </div>
  <div class="score">${score}</div>
</li>`;

/** A paper of a list in two lines, for the front page. */
export const renderCompactPaper = (paper: ListedPaper, comparable: boolean): Markup => html`<li class="paper short">
  <p class="place"><span class="unseen">Rank </span><span class="rank">${paper.rank}</span>${renderRankChange(paper, comparable)}</p>
  <div class="what">
    <h3 class="title">${renderTitle(paper)}</h3>
    <p class="byline">${renderByline(paper.authors?.slice(0, 1) ?? null)}${(paper.authors?.length ?? 0) > 1 ? ' et al.' : ''}${renderOrganization(paper.organization)}</p>
  </div>
  <div class="score"><p>${renderUpvotes(paper.upvotes)}${renderGain(paper.gain)}</p></div>
</li>`;

/** A paper outside of any list: no rank, but its day. */
export const renderDatedPaper = (paper: AnyPaper): Markup => html`<li class="paper dated">
  <div class="what">
    <p class="eyebrow">${paper.listedOn === null ? 'on no daily list that is known' : renderLink(`/daily/${paper.listedOn}`, formatDay(paper.listedOn))}</p>
    <h2 class="title">${renderTitle(paper)}</h2>
    <p class="byline">${renderByline(paper.authors)}${renderOrganization(paper.organization)}</p>
    ${renderKeywords(paper.keywords, false)}
    ${renderExternalLinks(paper)}
    ${renderAbstract(paper)}
  </div>
  <div class="score"><p>${renderUpvotes(paper.upvotes)}</p></div>
</li>`;
