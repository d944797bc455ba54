import { html } from 'hono/html';
import type { DigestAnswer, DigestsAnswer } from '../../digest/issues.schema.ts';
import { DIGESTS_PATH } from '../../digest/links.ts';
import { formatCount, formatDay, formatLongDay } from '../../lib/format.ts';
import { texToText } from '../../lib/tex.ts';
import { addDays, type Day } from '../../lib/time.ts';
import { renderMoreLink } from './elements.ts';
import { renderPage } from './page.ts';
import { renderSearchResult } from './search-result.ts';

/** Titles that the list of issues shows of each. */
const TITLES_SHOWN = 3;

/** Renders the issue of a day. */
export const renderDigestPage = ({ day, papers, total, gaps, sample }: DigestAnswer): string =>
  renderPage({
    title: `Digest of ${formatDay(day)}`,
    sample,
    section: 'data',
    formats: [
      ['JSON', `${DIGESTS_PATH}/${day}.json`],
      ['CSV', `${DIGESTS_PATH}/${day}.csv`],
      ['BibTeX', `${DIGESTS_PATH}/${day}.bib`],
    ],
    main: html`<div class="head">
  <p class="eyebrow">Digest</p>
  <h1>${formatLongDay(day)}</h1>
  <p class="lede">${formatCount(total, 'paper')} new on the daily list or on trending, most upvotes first.</p>
  ${gaps.map((gap) => html`<p class="quiet">${gap}</p>`)}
</div>
${papers.length === 0 ? html`<div class="nothing"><p>No papers were new on this day.</p></div>` : html`<ol class="papers">${papers.map((paper) => renderSearchResult(paper, html`${paper.why}`, []))}</ol>`}
<nav class="steps" aria-label="Digests"><a rel="prev" href="${DIGESTS_PATH}/${addDays(day as Day, -1)}">Previous day</a><a rel="next" href="${DIGESTS_PATH}/${addDays(day as Day, 1)}">Next day</a><a href="${DIGESTS_PATH}">All digests</a></nav>`,
  });

/** Renders the list of issues. */
export const renderDigestsPage = ({ issues, next, sample }: DigestsAnswer): string =>
  renderPage({
    title: 'Digests',
    sample,
    section: 'data',
    formats: [
      ['JSON', `${DIGESTS_PATH}.json`],
      ['CSV', `${DIGESTS_PATH}.csv`],
    ],
    feed: DIGESTS_PATH,
    main: html`<div class="head">
  <h1>Digests</h1>
  <p class="lede">What is mailed to subscribers who follow everything, by list day.</p>
</div>
${
  issues.length === 0
    ? html`<div class="nothing"><p>There are no issues of the last 14 days.</p></div>`
    : html`<ol class="papers">${issues.map(
        ({ day, papers, titles }) => html`<li class="paper dated"><div class="what">
  <h2><a href="${DIGESTS_PATH}/${day}">${formatLongDay(day)}</a></h2>
  <p class="summary">${titles.slice(0, TITLES_SHOWN).map(texToText).join(' · ')}${papers > TITLES_SHOWN ? ' …' : ''}</p>
</div><div class="score"><p>${formatCount(papers, 'paper')}</p></div></li>`,
      )}</ol>`
}
${renderMoreLink(next, 'Older issues')}`,
  });
