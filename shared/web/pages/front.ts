import { html } from 'hono/html';
import { formatCount, formatDay, formatLongDay } from '../../lib/format.ts';
import type { FrontAnswer, ListAnswer } from '../../query/schemas.ts';
import { listPath, withQuery } from '../paths.ts';
import { type Markup, renderTime } from './elements.ts';
import { type PageHtml, renderPage } from './page.ts';
import { hasPreviousRanks, renderCompactPaper } from './paper-row.ts';
import { describeCoverage, describeEmptyList, describeToday } from './text.ts';

/** As many papers as are read over a coffee; the list itself has all. */
const SHOWN = 15;

function renderColumn(answer: ListAnswer, id: string, words: string, at: string | null): Markup {
  const { list, day, papers, today } = answer;
  const comparable = hasPreviousRanks(papers);
  const all = papers.length > SHOWN ? `All ${formatCount(papers.length, 'paper')}` : 'The whole list, with abstracts';
  return html`<section class="column" aria-labelledby="${id}">
  <h2 id="${id}"><a href="${listPath(list, day)}">${words}</a></h2>
  <p class="eyebrow">${formatLongDay(day)}</p>
  ${
    today && today.day !== day
      ? html`<p class="today">Today, <a href="${listPath(list, today.day)}">${formatDay(today.day)}</a>, ${describeToday(today)}.</p>`
      : ''
  }
  <p class="coverage ${answer.coverage.status}">${describeCoverage(answer)}</p>
  ${
    papers.length === 0
      ? html`<div class="nothing"><p>${describeEmptyList(answer, at)}</p></div>`
      : html`<ol class="papers">${papers.slice(0, SHOWN).map((paper) => renderCompactPaper(paper, comparable))}</ol>
  <p class="more"><a href="${listPath(list, day)}">${all}</a></p>`
  }
</section>`;
}

/** The front page: the newest daily list and trending side by side, as known at `at` (null: now). */
export const renderFrontPage = ({ sample, daily, trending }: FrontAnswer, at: string | null): PageHtml =>
  renderPage({
    title: 'Daily and trending papers',
    sample,
    section: null,
    formats: [['JSON', withQuery('/index.json', { at })]],
    main: html`<div class="head">
  <h1>Daily and trending papers</h1>
  <p class="lede">What Hugging Face shows, looked at every hour and kept: what was there when, and how it rose.</p>
  ${at === null ? '' : html`<p>As it was known at ${renderTime(at)}. <a href="/">Now</a></p>`}
</div>
<div class="columns">${renderColumn(daily, 'daily', 'Daily', at)}${renderColumn(trending, 'trending', 'Trending', at)}</div>`,
  });
