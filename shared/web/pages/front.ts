import { html } from 'hono/html';
import { formatCount, formatDay, formatLongDay } from '../../lib/format.ts';
import type { FrontAnswer, ListAnswer } from '../../query/list.schema.ts';
import { listPath, withQuery } from '../paths.ts';
import { type Markup, renderTime } from './elements.ts';
import { renderPage } from './page.ts';
import { hasPreviousRanks, renderCompactPaper } from './paper-row.ts';
import { describeCoverage, describeEmptyList, describeToday } from './text.ts';

/** Papers per column; the list's own page has all. */
const SHOWN = 15;

function renderColumn(answer: ListAnswer, id: string, words: string, at: string | null): Markup {
  const { list, day, papers, today } = answer;
  const isComparable = hasPreviousRanks(papers);
  const all = papers.length > SHOWN ? `All ${formatCount(papers.length, 'paper')}` : 'The full list with abstracts';
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
      : html`<ol class="papers">${papers.slice(0, SHOWN).map((paper) => renderCompactPaper(paper, isComparable))}</ol>
  <p class="more"><a href="${listPath(list, day)}">${all}</a></p>`
  }
</section>`;
}

/** Renders the front page: the newest daily and trending lists, as of `at` (null: now). */
export const renderFrontPage = ({ sample, daily, trending }: FrontAnswer, at: string | null): string =>
  renderPage({
    title: 'Daily and trending papers',
    sample,
    section: null,
    formats: [['JSON', withQuery('/index.json', { at })]],
    main: html`<div class="head">
  <h1>Daily and trending papers</h1>
  <p class="lede">Hugging Face’s daily and trending papers, recorded every hour, so you can see what was popular and how it got there.</p>
  ${at === null ? '' : html`<p>As of ${renderTime(at)}. <a href="/">Show the latest</a></p>`}
</div>
<div class="columns">${renderColumn(daily, 'daily', 'Daily', at)}${renderColumn(trending, 'trending', 'Trending', at)}</div>`,
  });
