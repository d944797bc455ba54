import { html } from 'hono/html';
import { formatCount, formatLongDay, formatNumber, formatPercent } from '../../lib/format.ts';
import type { HistoryProgress } from '../../query/coverage.ts';
import type { FrontAnswer } from '../../query/list.schema.ts';
import type { MoversAnswer } from '../../query/movers.schema.ts';
import type { RisingTopic } from '../../query/topic-trends.ts';
import { listPath, withQuery } from '../paths.ts';
import { arrow, type Markup, renderTime } from './elements.ts';
import { type AroundList, renderCoverage, renderDays, renderLede, renderToday } from './list.ts';
import { renderPage } from './page.ts';
import { renderPaperList, renderTitle, renderUpvotes } from './paper-row.ts';
import { describeEmptyList, describeHistoryProgress } from './text.ts';
import { topicLink, topicName } from './topics.ts';

/** What the front page shows besides the newest lists. */
export type FrontPageData = AroundList & {
  /** What moved on trending in a day; null if too little was captured. */
  readonly movers: MoversAnswer | null;
  /** Topics that more papers of the week are about than before, beyond chance. */
  readonly rising: readonly RisingTopic[];
  /** How far older daily lists are filled in; null where that is not configured. */
  readonly history: HistoryProgress | null;
  /** The lists that the first run has captured; null when it is not under way. */
  readonly collecting: { readonly done: number; readonly total: number } | null;
};

/** Papers in each list beside the day's. */
const BESIDE = 5;

type SidePaper = { readonly id: string | null; readonly title: string };

const renderSide = (id: string, heading: Markup | string, papers: readonly (readonly [SidePaper, Markup])[]): Markup =>
  papers.length === 0
    ? html``
    : html`<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>
  <ol class="side">${papers.slice(0, BESIDE).map(([paper, score]) => html`<li><span>${renderTitle(paper)}</span> ${score}</li>`)}</ol></section>`;

/** Renders the topics that rise, with their shares before and now. */
const renderRising = (rising: readonly RisingTopic[]): Markup =>
  rising.length === 0
    ? html``
    : html`<section aria-labelledby="rising"><h2 id="rising"><a href="/topics?sort=rising">Rising topics</a></h2>
  <ol class="side">${rising.map(
    (
      topic,
    ) => html`<li><span><a href="${topicLink(topic)}">${topicName(topic)}</a><span class="under quiet">${formatNumber(topic.papers)} of ${formatCount(topic.total, 'paper')}</span></span>
    <span class="score">${formatPercent(topic.papersBefore / topic.totalBefore)}${arrow}<span class="figure">${formatPercent(topic.papers / topic.total)}</span></span></li>`,
  )}</ol></section>`;

/** Renders the front page: the newest daily list, with trending and the days before beside it. */
export function renderFrontPage({ sample, daily, trending }: FrontAnswer, data: FrontPageData): string {
  const { at, days, movers, rising, history, collecting } = data;
  const { day, papers } = daily;
  const trendingNow = trending.papers.slice(0, BESIDE);
  const isAbove = (id: string | null) => trendingNow.some((paper) => paper.id === id);
  const entered = (movers?.entered ?? []).filter(({ id }) => !isAbove(id));
  const moved = (movers?.moved ?? []).filter(({ upvotesPerHour }) => (upvotesPerHour ?? 0) > 0);
  return renderPage({
    title: 'Daily and trending papers',
    sample,
    section: 'today',
    formats: [['JSON', withQuery('/index.json', { at })]],
    feed: '/daily',
    main: html`<div class="head">
  <h1>${formatLongDay(day)}</h1>
  ${collecting ? html`<p class="asof" data-refresh>Collecting now: ${collecting.done} of ${collecting.total} lists. <a href="/">Refresh</a></p>` : ''}
  ${papers.length === 0 ? '' : renderLede(daily, data)}
  ${at === null ? '' : html`<p class="asof">As of ${renderTime(at)}. <a href="/">Show the latest</a></p>`}
</div>
<div class="columns">
<div>
  ${
    papers.length === 0
      ? collecting
        ? ''
        : html`<div class="nothing"><p>${days.some(({ status }) => status !== 'missing') ? describeEmptyList(daily, at) : 'Nothing has been captured yet. The first papers appear here once they are collected.'}</p></div>`
      : html`${renderPaperList(papers, data.replay)}
  <p class="more"><a href="${listPath('daily', day)}">Filter, sort and replay this list</a></p>`
  }
</div>
<aside aria-label="Around this day">
  ${renderToday(daily, data)}
  ${renderCoverage(daily)}
  ${renderDays('daily', day, days, days.at(-1)?.day ?? day, data.stopped === null)}
  ${history && history.left > 0 ? html`<p class="quiet">${describeHistoryProgress(history)}. <a href="/coverage">See which days</a></p>` : ''}
  ${renderSide(
    'trending',
    html`<a href="${listPath('trending')}">Trending</a>`,
    trendingNow.map((paper) => [paper, html`<span class="score">${renderUpvotes(paper.upvotes)}</span>`]),
  )}
  ${renderSide(
    'movers',
    html`<a href="/movers?list=trending">Biggest movers</a>`,
    moved.map((paper) => [
      paper,
      html`<span class="score gain">+${formatNumber((paper.upvotesAfter ?? 0) - (paper.upvotesBefore ?? 0))}<span class="unseen"> upvotes</span></span>`,
    ]),
  )}
  ${renderSide(
    'entered',
    'New on trending',
    entered.map((paper) => [paper, html`<span class="score">${renderUpvotes(paper.upvotes)}</span>`]),
  )}
  ${renderRising(rising)}
  <p class="quiet">Hugging Face’s daily and trending papers, recorded every hour, so you can see what was popular and how it got there.</p>
</aside>
</div>`,
  });
}
