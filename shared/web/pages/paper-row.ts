/** A paper as a row of a list, and the elements it is made of. */

import { html } from 'hono/html';
import { formatCount, formatDay, formatDecimal, formatNumber } from '../../lib/format.ts';
import { texToText } from '../../lib/tex.ts';
import type { PaperFields } from '../../query/common.schema.ts';
import type { ListedPaper } from '../../query/list.schema.ts';
import type { ReplayAnswer } from '../../query/replay.schema.ts';
import { indexPath, paperPath } from '../paths.ts';
import { joinWithCommas, type Markup, renderExternalLink, renderLink } from './elements.ts';
import { renderSparkline } from './upvote-chart.ts';

/** Authors named in a row; papers with hundreds exist. */
const AUTHORS_NAMED = 3;
/** Keywords shown in a row: about two lines on a phone. */
const KEYWORDS_SHOWN = 6;
/** Characters of a row's summary, about two lines on a wide screen, and of the first one's. */
const [SUMMARY_LENGTH, LEAD_SUMMARY_LENGTH] = [140, 300];

/** Renders how a paper's rank changed since the capture before; nothing where `isComparable` is false. */
export function renderRankChange(
  { rank, previousRank }: Pick<ListedPaper, 'rank' | 'previousRank'>,
  isComparable: boolean,
): Markup {
  if (!isComparable) return html``;
  if (previousRank === null) return html`<span class="move new">new</span>`;
  const by = previousRank - rank;
  if (by === 0) return html`<span class="move level"><span class="unseen">same rank as before</span></span>`;
  const direction = by > 0 ? 'up' : 'down';
  return html`<span class="move ${direction}"><span class="unseen">${direction} by </span>${formatNumber(Math.abs(by))}</span>`;
}

/**
 * Whether any paper was in the capture before. If none was, there most likely was no such capture,
 * and calling every paper new would be a guess.
 */
const hasPreviousRanks = (papers: readonly ListedPaper[]): boolean =>
  papers.some(({ previousRank }) => previousRank !== null);

/** Renders a title, linked to the paper's page if its id is known. An empty one means that the table lacks the paper's content. */
export const renderTitle = ({ id, title }: { readonly id: string | null; readonly title: string }): Markup =>
  title === ''
    ? html`${id ?? 'A paper'}: <em>its title and abstract are missing in the table of this archive</em>`
    : renderLink(id === null ? null : paperPath(id), texToText(title));

/** Renders a number of upvotes, or that it is unknown. */
export const renderUpvotes = (upvotes: number | null): Markup =>
  upvotes === null
    ? html`<span class="votes unknown">upvotes unknown</span>`
    : html`<span class="votes"><span class="figure">${formatNumber(upvotes)}</span><span class="unseen"> ${upvotes === 1 ? 'upvote' : 'upvotes'}</span></span>`;

/** Renders the upvotes gained since a paper was first seen in the list; nothing if unknown. */
export const renderGain = (gain: number | null): Markup =>
  gain === null
    ? html``
    : html`<span class="gain${gain < 0 ? ' lost' : gain === 0 ? ' level' : ''}">${gain > 0 ? '+' : ''}${gain === 0 ? '±0' : formatNumber(gain)}<span class="unseen"> since first seen</span></span>`;

/** How many times the expected upvotes a paper has, such as `3.2`; null where either is unknown or none are expected. */
export const timesExpected = ({
  upvotes,
  expectedUpvotes,
}: Pick<ListedPaper, 'upvotes' | 'expectedUpvotes'>): string | null =>
  upvotes === null || !expectedUpvotes ? null : formatDecimal(upvotes / expectedUpvotes);

/** Renders a paper's upvotes beside the expected ones; nothing where either is unknown. */
function renderExpected(paper: ListedPaper): Markup {
  const times = timesExpected(paper);
  return times === null ? html`` : html`<p class="quiet">${times}× expected</p>`;
}

/** Renders the first authors and how many more there are; nothing if they are unknown. */
export function renderByline(authors: PaperFields['authors']): Markup {
  if (authors === null) return html``;
  const named = authors.slice(0, AUTHORS_NAMED).map((name) => renderLink(indexPath('authors', name), name));
  const more = authors.length - named.length;
  return html`${joinWithCommas(named)}${more > 0 ? ` and ${formatNumber(more)} more` : ''}`;
}

/** Renders the organization, linked to its page; nothing without one. */
export const renderOrganization = (organization: PaperFields['organization']): Markup =>
  organization
    ? html`<span class="organization">${renderLink(indexPath('organizations', organization.name), organization.fullname || organization.name)}</span>`
    : html``;

/** Renders keywords linked to their pages, only the first few unless `all`. `renderWord` may mark parts of a word. */
export function renderKeywords(
  keywords: readonly string[] | null,
  all: boolean,
  renderWord: (word: string) => string | Markup = (word) => word,
): Markup {
  if (!keywords || keywords.length === 0) return html``;
  const shown = all ? keywords : keywords.slice(0, KEYWORDS_SHOWN);
  return html`<ul class="chips" aria-label="Keywords">${shown.map(
    (word) => html`<li>${renderLink(indexPath('keywords', word), renderWord(word))}</li>`,
  )}</ul>`;
}

/** The address of the PDF of a paper on arXiv. */
export const toPdfUrl = (arxivUrl: string): string => arxivUrl.replace('/abs/', '/pdf/');

/** Cuts a text at a space so that it has at most `length` characters. */
function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.lastIndexOf(' ', length);
  return `${text.slice(0, cut > 0 ? cut : length)}\u00a0…`;
}

/** Renders the AI summary or the beginning of the abstract; nothing if both are unknown. */
function renderSummary({ aiSummary, abstract }: PaperFields, length = SUMMARY_LENGTH): Markup {
  if (aiSummary !== null)
    return html`<p class="summary"><span class="tag" title="AI summary from Hugging Face">AI</span> ${shorten(texToText(aiSummary), length)}</p>`;
  return abstract === null ? html`` : html`<p class="summary">${shorten(texToText(abstract), length)}</p>`;
}

/** Renders what a reader may open next: code with its stars, the comments, the paper on arXiv. */
function renderActivity({ githubUrl, githubStars, comments, url, arxivUrl }: PaperFields): Markup {
  const stars = githubStars === null ? '' : html` <span class="stars">${formatCount(githubStars, 'star')}</span>`;
  const items = [
    ...(githubUrl === null ? [] : [html`${renderExternalLink(githubUrl, 'Code')}${stars}`]),
    ...(comments === null || comments === 0 || url === null
      ? []
      : [renderExternalLink(url, formatCount(comments, 'comment'))]),
    ...(arxivUrl === null ? [] : [renderExternalLink(arxivUrl, 'arXiv')]),
  ];
  return items.length === 0 ? html`` : html`<ul class="elsewhere">${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** Renders the abstract, folded; nothing if it is unknown. */
const renderAbstract = ({ title, abstract }: PaperFields): Markup =>
  abstract === null
    ? html``
    : html`<details><summary>Abstract<span class="unseen"> of ${texToText(title)}</span></summary><p>${texToText(abstract)}</p></details>`;

/**
 * Renders a ranked paper with what a page adds: `moved` below its rank, `above` its title, `score` beside it. A rank of null is not shown. A
 * `lead` is large, a `brief` one has neither summary nor links.
 */
export const renderRankedPaper = (
  paper: Omit<ListedPaper, 'rank'> & { readonly rank: number | null },
  { moved, above, score }: { readonly moved: Markup; readonly above: Markup; readonly score: Markup },
  size: 'lead' | 'full' | 'brief' = 'full',
): Markup => html`<li class="paper${size === 'lead' ? ' lead' : ''}" data-first="${paper.firstSeen}">
  <p class="place">${paper.rank === null ? '' : html`<span class="unseen">Rank </span><span class="rank">${paper.rank}</span>`}${moved}</p>
  <div class="what">
    ${above}
    <h2>${renderTitle(paper)}</h2>
    <p class="byline">${renderByline(paper.authors)}${renderOrganization(paper.organization)}</p>
    ${size === 'brief' ? '' : renderSummary(paper, size === 'lead' ? LEAD_SUMMARY_LENGTH : SUMMARY_LENGTH)}
    ${size === 'lead' ? renderKeywords(paper.keywords, false) : ''}
    ${size === 'brief' ? '' : renderActivity(paper)}
  </div>
  <div class="score">${score}</div>
</li>`;

/** Papers of a list shown with a summary; those below are shorter. */
export const SUMMARISED = 10;

/** Renders the papers of a list: the first one large, some with a summary, the rest compact. `replay` has their upvotes over the day. */
export function renderPaperList(papers: readonly ListedPaper[], replay: ReplayAnswer): Markup {
  const isComparable = hasPreviousRanks(papers);
  const places = new Map(replay.ids.map((id, place) => [id, place]));
  const renderScore = (paper: ListedPaper): Markup => {
    const series = replay.upvotes.map((row) => row[places.get(paper.id) ?? -1] ?? null);
    return html`<p>${renderUpvotes(paper.upvotes)}${renderGain(paper.gain)}</p>${paper.id === null ? '' : renderSparkline(series)}${renderExpected(paper)}`;
  };
  return html`<ol class="papers">${papers.map((paper, at) => {
    if (at >= SUMMARISED)
      return renderCompactPaper(
        paper,
        isComparable,
        paper.firstSeen === papers[at - 1]?.firstSeen ? null : paper.firstSeen,
      );
    const moved = renderRankChange(paper, isComparable);
    return renderRankedPaper(paper, { moved, above: html``, score: renderScore(paper) }, at === 0 ? 'lead' : 'full');
  })}</ol>`;
}

/** Renders a paper of a list in two lines. It is the element that long lists have most of, so it carries little markup. */
function renderCompactPaper(
  { rank, previousRank, authors, organization, upvotes, gain, ...paper }: ListedPaper,
  isComparable: boolean,
  first: string | null,
): Markup {
  const by = previousRank === null ? null : previousRank - rank;
  const move = isComparable && by !== 0 ? renderShortMove(by) : '';
  const names = [
    ...(authors?.slice(0, 1).map((name) => (authors.length > 1 ? `${name} et al.` : name)) ?? []),
    ...(organization ? [organization.fullname || organization.name] : []),
  ];
  return html`<li${first === null ? '' : html` data-first="${first}"`}><b class="rank">${rank}</b><h2>${renderTitle(paper)}</h2>${upvotes === null ? renderUpvotes(null) : html`<b class="votes figure">${formatNumber(upvotes)}</b>`}${move}<p>${names.join(' · ')}</p>${gain ? html`<i class="gain${gain < 0 ? ' lost' : ''}">${gain > 0 ? '+' : ''}${formatNumber(gain)}</i>` : ''}</li>
`;
}

/** Renders a change of rank, which the stylesheet puts in words; null for a paper that was not in the capture before. */
const renderShortMove = (by: number | null): Markup =>
  by === null
    ? html`<i class="move new">new</i>`
    : html`<i class="move ${by > 0 ? 'up' : 'down'}">${formatNumber(Math.abs(by))}</i>`;

/** Renders a paper outside a list: with the day it was listed on instead of a rank. */
export const renderDatedPaper = (paper: PaperFields): Markup => html`<li class="paper dated">
  <div class="what">
    <p class="eyebrow">${paper.listedOn === null ? 'On no daily list' : renderLink(`/daily/${paper.listedOn}`, formatDay(paper.listedOn))}</p>
    <h2>${renderTitle(paper)}</h2>
    <p class="byline">${renderByline(paper.authors)}${renderOrganization(paper.organization)}</p>
    ${renderSummary(paper)}
    <div class="more-about">${renderActivity(paper)}${renderAbstract(paper)}</div>
  </div>
  <div class="score"><p>${renderUpvotes(paper.upvotes)}</p></div>
</li>`;
