import { html } from 'hono/html';
import { formatCount, formatDuration, formatNumber, formatRate } from '../../lib/format.ts';
import { parseInstant, secondsBetween } from '../../lib/time.ts';
import type { MoversAnswer } from '../../query/schemas/movers.ts';
import { capturePath, listPath, withQuery } from '../paths.ts';
import type { Markup } from './elements.ts';
import { joinWithCommas, renderDay, renderTable, renderTime, unknownValue } from './elements.ts';
import { type PageHtml, renderPage } from './page.ts';
import { renderRankChange, renderTitle, renderUpvotes } from './paper-row.ts';
import { formatListName } from './text.ts';
import { renderUpvoteBar } from './upvote-chart.ts';

/** How movers were asked for: what was not said is null; and what else may be asked. */
export type MoversLinks = {
  readonly window: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly windows: readonly string[];
  readonly lists: readonly string[];
};

type Moved = MoversAnswer['moved'][number];
type Capture = MoversAnswer['coverage']['after'][number];

/** Rows of a part that lie open; the rest is folded away. */
const OPEN = 50;
/** Rows of a part that are drawn at all: a page of some hundred kB. A longer part is told whole by JSON and CSV. */
const DRAWN = 1000;
/** Days that are named one by one before they are only counted. */
const DAYS_NAMED = 8;

/** The three parts, the rest of each folded away. */
function renderSection(id: string, heading: string, rows: readonly Markup[], none: string, csv: string): Markup {
  const rest = rows.slice(OPEN, DRAWN);
  const undrawn = rows.length - OPEN - rest.length;
  return html`<section class="part" aria-labelledby="${id}">
  <h2 id="${id}">${heading} <span class="quiet">${formatNumber(rows.length)}</span></h2>
  ${rows.length === 0 ? html`<p class="quiet">${none}</p>` : html`<ol class="papers">${rows.slice(0, OPEN)}</ol>`}
  ${rest.length === 0 ? '' : html`<details><summary>${formatNumber(rest.length)} more</summary><ol class="papers">${rest}</ol></details>`}
  ${undrawn > 0 ? html`<p class="quiet">${formatCount(undrawn, 'row')} more than a page holds: <a href="${csv}">all of them as CSV</a></p>` : ''}
</section>`;
}

const renderRank = (words: string, rank: number | null, beside: Markup = html``): Markup =>
  html`<p class="place"><span class="unseen">${words} </span><span class="rank">${rank ?? unknownValue}</span>${beside}</p>`;

const renderMovedPaper =
  (most: number) =>
  (row: Moved): Markup => {
    const { rankBefore, rankAfter, upvotesBefore, upvotesAfter, hours, upvotesPerHour } = row;
    const gain = upvotesBefore === null || upvotesAfter === null ? null : upvotesAfter - upvotesBefore;
    const moves = rankAfter === null ? html`` : renderRankChange({ rank: rankAfter, previousRank: rankBefore }, true);
    const elsewhere = rankAfter === null ? html` · on another day’s list now` : '';
    const told =
      gain === null
        ? 'upvotes unknown'
        : `${formatCount(upvotesBefore ?? 0, 'upvote')}, then ${formatNumber(upvotesAfter ?? 0)}, in ${formatDuration(hours)}`;
    return html`<li class="paper short">
  ${renderRank('Rank', rankAfter, moves)}
  <div class="what"><h3 class="title">${renderTitle(row)}</h3>
    <p class="byline">${told}${elsewhere}</p></div>
  <div class="score rate"><p>${
    upvotesPerHour === null
      ? html`<span class="figure">${unknownValue}</span>`
      : html`<span class="gain ${upvotesPerHour < 0 ? 'lost' : ''}"><span class="figure">${formatRate(upvotesPerHour)}</span></span>`
  } <span class="quiet">per hour</span></p>${renderUpvoteBar({ upvotes: upvotesAfter, firstUpvotes: upvotesBefore, gain }, most)}</div>
</li>`;
  };

const renderEnteredPaper = (row: MoversAnswer['entered'][number]): Markup => html`<li class="paper short">
  ${renderRank('Rank', row.rank)}
  <div class="what"><h3 class="title">${renderTitle(row)}</h3></div>
  <div class="score"><p>${renderUpvotes(row.upvotes)}</p></div>
</li>`;

const renderLeftPaper = (row: MoversAnswer['left'][number]): Markup => html`<li class="paper short">
  ${renderRank('Was at rank', row.rankBefore)}
  <div class="what"><h3 class="title">${renderTitle(row)}</h3></div>
</li>`;

const renderDays = (named: readonly string[]): Markup => {
  const more = named.length - DAYS_NAMED;
  return html`${joinWithCommas(named.slice(0, DAYS_NAMED).map(renderDay))}${more > 0 ? ` and ${formatNumber(more)} more` : ''}`;
};

/** Between which captures things moved: from the newest one of one moment to that of the other. */
function renderInterval({ list, from, to, hours, coverage: { before, after } }: MoversAnswer): Markup {
  if (hours === 0) return html`The newest capture of both moments is that of ${renderTime(to.observedAt)}.`;
  // those of a daily list are many, and stand in a table
  const end = (edge: MoversAnswer['from'], [capture]: readonly Capture[]) =>
    list === 'daily' || !capture
      ? renderTime(edge.observedAt)
      : html`<a href="${capturePath(list, capture.day, capture.at)}">${renderTime(edge.observedAt)}</a>`;
  return html`From ${end(from, before)} to ${end(to, after)}: ${formatDuration(hours)}.`;
}

/** The moments that were asked for, where they are not those of the captures. */
function renderAskedTimes({ from, to }: MoversAnswer): Markup {
  const since = ({ asked, observedAt }: MoversAnswer['from']) => {
    const [then, at] = [parseInstant(asked), parseInstant(observedAt)];
    return then && at && at < then
      ? html`${renderTime(asked)} (${formatDuration(secondsBetween(at, then) / 3600)} later)`
      : null;
  };
  const [first, second] = [since(from), since(to)].filter((edge) => edge !== null);
  return first ? html`No newer capture was taken by ${first}${second && html` and by ${second}`}.` : html``;
}

/** Which list days are missing, and which came only between the two moments. */
function renderMissingDays({ list, coverage: { before, after, missing } }: MoversAnswer): Markup {
  if (list !== 'daily') return html``;
  const known = new Set(before.map(({ day }) => day));
  const between = after.map(({ day }) => day).filter((day) => !known.has(day));
  return html`${missing.length === 0 ? 'Every list day was captured.' : html`Without a usable capture: ${renderDays(missing)}.`}
  ${between.length === 0 ? '' : html`First captured between the two moments, so that all their papers count as entered: ${renderDays(between)}.`}`;
}

/** Of which list days one of two different captures is known to be cut: what it did not see counts as gone, or as new. */
function renderCutLists({ coverage: { before, after } }: MoversAnswer): Markup {
  const cutOf = (captures: readonly Capture[], others: readonly Capture[]) =>
    captures
      .filter(({ day, at, complete }) => {
        const isSame = others.some((other) => other.day === day && other.at === at);
        return complete === false && !isSame;
      })
      .map(({ day }) => day);
  const [first, second] = [cutOf(before, after), cutOf(after, before)];
  return html`${second.length === 0 ? '' : html`Known to be cut at the second moment, so that what was not seen may count as left: ${renderDays(second)}.`}
  ${first.length === 0 ? '' : html`Known to be cut at the first moment, so that what was not seen may count as entered: ${renderDays(first)}.`}`;
}

/** The captures of each list day. */
function renderCaptureTable({ list, coverage: { before, after } }: MoversAnswer): Markup {
  const then = new Map(before.map((capture) => [capture.day, capture]));
  const cell = (capture: Capture | undefined) =>
    capture === undefined
      ? html`<td>${unknownValue}</td><td class="number">${unknownValue}</td>`
      : html`<td><a href="${capturePath(list, capture.day, capture.at)}">${renderTime(capture.at)}</a></td><td class="number">${formatNumber(capture.papers)}${capture.complete === false ? ', cut' : ''}</td>`;
  return renderTable(
    'The captures compared',
    html`<table>
  <thead><tr><th scope="col">List day</th><th scope="col">First capture</th><th scope="col" class="number">Papers</th><th scope="col">Second capture</th><th scope="col" class="number">Papers</th></tr></thead>
  <tbody>${after
    .slice(-DRAWN)
    .map(
      (capture) =>
        html`<tr><th scope="row"><a href="${listPath(list, capture.day)}">${renderDay(capture.day)}</a></th>${cell(then.get(capture.day))}${cell(capture)}</tr>`,
    )}</tbody></table>`,
  );
}

/** What entered a list, left it and moved between two captures. */
export function renderMoversPage(answer: MoversAnswer, links: MoversLinks): PageHtml {
  const { list, from, to, entered, left, moved, coverage, sample } = answer;
  const { window, windows, lists } = links;
  const asked = { from: links.from, to: links.to, window };
  const ofList = (name: string) => (name === 'daily' ? null : name);
  const query = { list: ofList(list), ...asked };
  const csv = withQuery('/movers.csv', query);
  const most = Math.max(0, ...moved.map(({ upvotesAfter }) => upvotesAfter ?? 0));
  const isNothing = entered.length + left.length + moved.length === 0;
  const tab = (path: string, words: string, isHere: boolean) =>
    html`<li><a href="${path}"${isHere ? html` aria-current="true"` : ''}>${words}</a></li>`;
  return renderPage({
    title: `Movers, ${formatListName(list).toLowerCase()}`,
    sample,
    section: 'movers',
    formats: [
      ['JSON', withQuery('/movers.json', query)],
      ['CSV', csv],
    ],
    main: html`<div class="head">
  <p class="eyebrow">Movers</p>
  <h1>${formatListName(list)}</h1>
  <p>${formatNumber(moved.length)} moved, ${formatNumber(entered.length)} entered, ${formatNumber(left.length)} left.</p>
  <p class="lede">${renderInterval(answer)}</p>
  <p class="coverage">${renderAskedTimes(answer)} ${renderMissingDays(answer)} ${renderCutLists(answer)} <a href="${withQuery('/coverage', { list })}">Coverage</a></p>
  <nav aria-label="Movers of other lists"><ul class="tabs">${[...new Set(['daily', 'trending', ...lists, list])].map(
    (name) => tab(withQuery('/movers', { list: ofList(name), ...asked }), formatListName(name), name === list),
  )}</ul></nav>
  <nav aria-label="Other windows"><ul class="tabs">${windows.map((name) =>
    tab(withQuery('/movers', { list: ofList(list), to: links.to, window: name }), `Last ${name}`, name === window),
  )}</ul></nav>
</div>
<form class="range" method="get" action="/movers">
  <input type="hidden" name="list" value="${list}">
  <label for="from">From</label> <input id="from" name="from" type="text" value="${from.asked}" autocomplete="off" spellcheck="false">
  <label for="to">to</label> <input id="to" name="to" type="text" value="${to.asked}" autocomplete="off" spellcheck="false">
  <button>Show</button>
</form>
${
  isNothing
    ? html`<section class="nothing" aria-labelledby="nothing">
  <h2 id="nothing">Nothing to compare</h2>
  <p>${from.observedAt === to.observedAt ? 'Nothing was captured between the two moments, so nothing can be said of what moved.' : 'The captures of the two moments show no papers that could be compared.'}</p>
  <p><a href="${withQuery('/captures', { list })}">The captures of this list</a></p>
</section>`
    : html`${renderSection('moved', 'Moved', moved.map(renderMovedPaper(most)), 'No paper was seen in two captures.', csv)}
${renderSection('entered', 'Entered', entered.map(renderEnteredPaper), 'Nothing entered.', csv)}
${renderSection('left', 'Left', left.map(renderLeftPaper), 'Nothing left.', csv)}
<p class="quiet">Moved papers stand by upvotes per hour between their two captures. The arrows compare ranks within one list; the lighter part of a bar is what came in between.</p>`
}
${list === 'daily' && coverage.after.length > 0 ? html`<details class="wide"><summary>The captures compared</summary>${renderCaptureTable(answer)}</details>` : ''}`,
  });
}
