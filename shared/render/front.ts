import { html } from 'hono/html';
import type { FrontAnswer, ListAnswer } from '../query/answers.ts';
import { isComparable, shortEntry } from './entry.ts';
import { type Markup, moment } from './link.ts';
import { type Html, page } from './page.ts';
import { listPath, withQuery } from './paths.ts';
import { counted, coverageWords, dayWords, emptinessWords, longDayWords, todayWords } from './words.ts';

/** As many papers as are read over a coffee; the list itself has all. */
const SHOWN = 15;

function column(answer: ListAnswer, id: string, words: string, at: string | null): Markup {
  const { list, target, papers, today } = answer;
  const comparable = isComparable(papers);
  const all = papers.length > SHOWN ? `All ${counted(papers.length, 'paper')}` : 'The whole list, with abstracts';
  return html`<section class="column" aria-labelledby="${id}">
  <h2 id="${id}"><a href="${listPath(list, target)}">${words}</a></h2>
  <p class="eyebrow">${longDayWords(target)}</p>
  ${
    today && today.day !== target
      ? html`<p class="today">Today, <a href="${listPath(list, today.day)}">${dayWords(today.day)}</a>, ${todayWords(today)}.</p>`
      : ''
  }
  <p class="coverage ${answer.coverage.status}">${coverageWords(answer)}</p>
  ${
    papers.length === 0
      ? html`<div class="nothing"><p>${emptinessWords(answer, at)}</p></div>`
      : html`<ol class="papers">${papers.slice(0, SHOWN).map((paper) => shortEntry(paper, comparable))}</ol>
  <p class="more"><a href="${listPath(list, target)}">${all}</a></p>`
  }
</section>`;
}

/** The front page: the newest daily list and trending side by side, as known at `at` (null: now). */
export const frontPage = ({ sample, daily, trending }: FrontAnswer, at: string | null): Html =>
  page({
    title: 'Daily and trending papers',
    sample,
    here: null,
    twins: [['JSON', withQuery('/index.json', { at })]],
    main: html`<div class="head">
  <h1>Daily and trending papers</h1>
  <p class="lede">What Hugging Face shows, looked at every hour and kept: what was there when, and how it rose.</p>
  ${at === null ? '' : html`<p>As it was known at ${moment(at)}. <a href="/">Now</a></p>`}
</div>
<div class="columns">${column(daily, 'daily', 'Daily', at)}${column(trending, 'trending', 'Trending', at)}</div>`,
  });
