import { html } from 'hono/html';
import {
  formatCount,
  formatDay,
  formatDuration,
  formatLongDay,
  formatNumber,
  formatPeriod,
  formatTimeOn,
} from '../../lib/format.ts';
import { periodOf } from '../../lib/period.ts';
import { addDays, type Day, type Instant, parseDay, parseInstant, secondsBetween } from '../../lib/time.ts';
import { slugOf } from '../../model/paper.ts';
import type { CoverageDay } from '../../query/coverage.schema.ts';
import type { HistoryProgress } from '../../query/coverage.ts';
import type { FrontAnswer, ListAnswer, ListedPaper } from '../../query/list.schema.ts';
import type { MoversAnswer } from '../../query/movers.schema.ts';
import { listPath, withQuery } from '../paths.ts';
import { type Markup, renderTime } from './elements.ts';
import { renderCoverage, renderToday } from './list.ts';
import { renderPage } from './page.ts';
import {
  hasPreviousRanks,
  renderCompactPaper,
  renderGain,
  renderLeadPaper,
  renderRankChange,
  renderRankedPaper,
  renderTitle,
  renderUpvotes,
} from './paper-row.ts';
import { describeEmptyList, describeHistoryProgress } from './text.ts';
import { renderSparkline } from './upvote-chart.ts';

/** A day of the strip. */
export type FrontPageDay = Pick<CoverageDay, 'day' | 'status' | 'papers'>;
/** What the front page shows besides the newest lists. */
export type FrontPageData = {
  readonly now: Instant;
  /** The time asked for; null for now. */
  readonly at: string | null;
  /** The days that lead up to the newest, oldest first. */
  readonly days: readonly FrontPageDay[];
  /** What moved on trending in a day; null if too little was captured. */
  readonly movers: MoversAnswer | null;
  /** The upvotes of each paper in the captures of the day, by id, oldest first. */
  readonly upvotes: ReadonlyMap<string, readonly (number | null)[]>;
  /** How far older daily lists are filled in; null where that is not configured. */
  readonly history: HistoryProgress | null;
};

/** Papers shown with a summary; those below have two lines each. */
const SUMMARISED = 10;
/** Papers in each list beside the day's. */
const BESIDE = 5;

/** The keyword of most papers, and of the highest of them where several tie; null if no two papers share one. */
function findBusiestTopic(papers: readonly ListedPaper[]): string | null {
  const keywords = papers.flatMap((paper) => [...new Map(paper.keywords?.map((word) => [slugOf(word), word]))]);
  const counts = [...Map.groupBy(keywords, ([slug]) => slug).values()];
  const [most] = counts.toSorted((a, b) => b.length - a.length);
  return most && most.length > 1 ? (most[0]?.[1] ?? null) : null;
}

/** `28 papers · busiest topic: agents · last captured 8 minutes ago`. */
function describeDay({ papers, coverage: { last }, day }: ListAnswer, now: Instant, at: string | null): string {
  const topic = findBusiestTopic(papers);
  const captured = last === null ? null : parseInstant(last);
  return [
    formatCount(papers.length, 'paper'),
    ...(topic === null ? [] : [`busiest topic: ${topic}`]),
    ...(captured === null
      ? []
      : [
          at === null
            ? `last captured ${formatDuration(Math.max(0, secondsBetween(captured, now)) / 3600)} ago`
            : `captured ${formatTimeOn(day, captured)}`,
        ]),
  ].join(' · ');
}

function renderPapers({ papers, day, list }: ListAnswer, upvotes: FrontPageData['upvotes']): Markup {
  const isComparable = hasPreviousRanks(papers);
  const score = (paper: ListedPaper) =>
    html`<p>${renderUpvotes(paper.upvotes)}${renderGain(paper.gain)}</p>${renderSparkline(upvotes.get(paper.id ?? '') ?? [])}`;
  const rest = papers.slice(SUMMARISED);
  return html`<ol class="papers">${papers.slice(0, SUMMARISED).map((paper, at) =>
    at === 0
      ? renderLeadPaper(paper, isComparable, score(paper))
      : renderRankedPaper(paper, {
          moved: renderRankChange(paper, isComparable),
          above: html``,
          score: score(paper),
        }),
  )}${rest.map((paper) => renderCompactPaper(paper, isComparable))}</ol>
  <p class="more"><a href="${listPath(list, day)}">The full list of ${formatDay(day)}</a></p>`;
}

/** Renders a bar per day, as high as its number of papers; a day without a usable capture is hatched. */
function renderDayStrip(days: readonly FrontPageDay[], shown: string): Markup {
  const most = Math.max(1, ...days.map(({ papers }) => papers));
  const bar = ({ day, status, papers }: FrontPageDay): Markup => {
    const isGap = status === 'missing' || status === 'failed';
    const height = Math.round((36 * papers) / most);
    return html`<li><a href="${listPath('daily', day)}"${day === shown ? html` aria-current="true"` : ''} aria-label="${formatDay(day)}: ${isGap ? status : formatCount(papers, 'paper')}" title="${formatDay(day)}: ${isGap ? status : formatCount(papers, 'paper')}">
      <svg class="${isGap ? 'gap' : ''}" viewBox="0 0 10 36" preserveAspectRatio="none" width="10" height="36" aria-hidden="true"><rect width="10" height="${height}" y="${36 - height}"/></svg><span>${Number(day.slice(8))}</span></a></li>`;
  };
  if (days.length === 0) return renderSteps(shown, shown);
  return html`<section aria-labelledby="days">
  <h2 id="days">Last ${days.length} days</h2>
  <ol class="strip">${days.map(bar)}</ol>
  ${renderSteps(shown, days.at(-1)?.day ?? shown)}
</section>`;
}

function renderSteps(shown: string, newest: string): Markup {
  const day = parseDay(shown);
  if (!day) return html``;
  const step = (to: Day, rel: string, words: string) =>
    html`<a rel="${rel}" href="${listPath('daily', to)}">${words}</a>`;
  const period = (kind: 'week' | 'month') =>
    html`<a href="/top/${kind}/${periodOf(kind, day)}">${formatPeriod(kind, periodOf(kind, day))}</a>`;
  return html`<nav class="steps" aria-label="Other days">${step(addDays(day, -1), 'prev', 'Previous day')}${day < newest ? step(addDays(day, 1), 'next', 'Next day') : ''}${period('week')}${period('month')}</nav>`;
}

type SidePaper = { readonly id: string | null; readonly title: string };

const renderSide = (id: string, heading: Markup | string, papers: readonly (readonly [SidePaper, Markup])[]): Markup =>
  papers.length === 0
    ? html``
    : html`<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>
  <ol class="side">${papers.slice(0, BESIDE).map(([paper, score]) => html`<li><span>${renderTitle(paper)}</span> ${score}</li>`)}</ol></section>`;

/** Renders the front page: the newest daily list, with trending and the days before beside it. */
export function renderFrontPage({ sample, daily, trending }: FrontAnswer, data: FrontPageData): string {
  const { at, now, days, movers, upvotes, history } = data;
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
  <p class="lede">${describeDay(daily, now, at)}</p>
  ${at === null ? '' : html`<p class="asof">As of ${renderTime(at)}. <a href="/">Show the latest</a></p>`}
</div>
<div class="columns">
<div>
  ${papers.length === 0 ? html`<div class="nothing"><p>${describeEmptyList(daily, at)}</p></div>` : renderPapers(daily, upvotes)}
</div>
<aside aria-label="Around this day">
  ${renderToday(daily)}
  ${renderCoverage(daily)}
  ${renderDayStrip(days, day)}
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
  <p class="quiet">Hugging Face’s daily and trending papers, recorded every hour, so you can see what was popular and how it got there.</p>
</aside>
</div>`,
  });
}
