import { html } from 'hono/html';
import { formatCount, formatDuration, formatNumber, formatRate } from '../../lib/format.ts';
import { parseInstant, secondsBetween } from '../../lib/time.ts';
import type { MoversAnswer } from '../../query/movers.schema.ts';
import type { MoversSort } from '../../query/movers.ts';
import { capturePath, listPath, withQuery } from '../paths.ts';
import type { Markup } from './elements.ts';
import {
  arrow,
  joinWithCommas,
  renderColumns,
  renderDay,
  renderFolded,
  renderHidden,
  renderTable,
  renderTime,
  unknownValue,
} from './elements.ts';
import { renderPage } from './page.ts';
import { renderRankChange, renderTitle, renderUpvotes } from './paper-row.ts';
import { renderSlopeChart, type Slope } from './slope-chart.ts';
import { formatListName } from './text.ts';

/** What was asked for (null where it was left out) and what else may be. */
export type MoversLinks = {
  readonly window: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly windows: readonly string[];
  readonly lists: readonly string[];
  readonly sort: MoversSort;
};

type Moved = MoversAnswer['moved'][number];
type Capture = MoversAnswer['coverage']['after'][number];

/** Papers in the slope chart. */
const SLOPES = 20;
/** Rows of a section shown at once; the rest is folded. */
const OPEN = 50;
/** Rows of a section at most, some hundred kB of HTML; JSON and CSV have all. */
const DRAWN = 1000;
/** Days named one by one; more are only counted. */
const DAYS_NAMED = 8;

/** Renders a section of rows. */
function renderSection(id: string, heading: string, rows: readonly Markup[], none: string, csv: string): Markup {
  const rest = rows.slice(OPEN, DRAWN);
  const undrawn = rows.length - OPEN - rest.length;
  return html`<section class="part" aria-labelledby="${id}">
  <h2 id="${id}">${heading} <span class="quiet">${formatNumber(rows.length)}</span></h2>
  ${rows.length === 0 ? html`<p class="quiet">${none}</p>` : html`<ol class="papers">${rows.slice(0, OPEN)}</ol>`}
  ${rest.length === 0 ? '' : html`<details><summary>${formatNumber(rest.length)} more</summary><ol class="papers">${rest}</ol></details>`}
  ${undrawn > 0 ? html`<p class="quiet">${formatNumber(undrawn)} more are not shown. <a href="${csv}">Download all as CSV</a></p>` : ''}
</section>`;
}

const renderRank = (words: string, rank: number | null, beside: Markup = html``): Markup =>
  html`<p class="place"><span class="unseen">${words} </span><span class="rank">${rank ?? unknownValue}</span>${beside}</p>`;

/** What papers are sorted by. */
const rateOf = (row: Moved, sort: MoversSort): number | null =>
  sort === 'stars' ? row.starsPerHour : row.upvotesPerHour;

/** `+12 upvotes · 27 → 2`, with the hours where they are not those of all. */
function renderMove(
  { rankBefore, rankAfter, upvotesBefore, upvotesAfter, starsBefore, starsAfter, hours }: Moved,
  hoursOfAll: number,
): Markup {
  const gain = upvotesBefore === null || upvotesAfter === null ? null : upvotesAfter - upvotesBefore;
  const sign = gain !== null && gain > 0 ? '+' : '';
  const counts = [
    gain === null
      ? 'upvotes unknown'
      : `${sign}${formatCount(gain, 'upvote')}${hours === hoursOfAll ? '' : ` in ${formatDuration(hours)}`}`,
    ...(starsBefore === null || starsAfter === null || starsBefore === starsAfter
      ? []
      : [`${starsAfter > starsBefore ? '+' : ''}${formatCount(starsAfter - starsBefore, 'star')}`]),
  ].join(' · ');
  if (rankBefore === null || rankAfter === null) return html`${counts}`;
  return html`${counts} · ${rankBefore === rankAfter ? `still rank ${rankAfter}` : html`${rankBefore}${arrow}${rankAfter}`}`;
}

const renderMovedPaper =
  ({ list, hours }: MoversAnswer, sort: MoversSort) =>
  (row: Moved): Markup => {
    const rate = rateOf(row, sort);
    return html`<li>
  ${renderRank('Rank', row.rankAfter, row.rankAfter === null ? html`` : renderRankChange({ rank: row.rankAfter, previousRank: row.rankBefore }, true))}
  <div class="what"><h3>${renderTitle(row)}</h3>
    <p class="byline">${renderMove(row, hours)}${list === 'daily' && row.listedOn !== null ? html` · <a href="${listPath('daily', row.listedOn)}">${renderDay(row.listedOn)}</a>` : ''}</p></div>
  <div class="score rate"><p>${
    rate === null
      ? html`<span class="figure">${unknownValue}</span>`
      : html`<span class="${rate === 0 ? 'quiet' : rate < 0 ? 'gain lost' : 'gain'}"><span class="figure">${formatRate(rate)}</span></span>`
  } <span class="quiet">${sort === 'stars' ? 'stars per hour' : 'per hour'}</span></p></div>
</li>`;
  };

/** Whether a paper rose: in rank or, where that is the same or cannot be compared, in upvotes. */
function hasClimbed({ rankBefore, rankAfter, upvotesPerHour }: Moved): boolean {
  const by = rankBefore === null || rankAfter === null ? 0 : rankBefore - rankAfter;
  return by === 0 ? (upvotesPerHour ?? 0) > 0 : by > 0;
}

/** The first papers of a list now, with their ranks before. */
const toSlopes = ({ moved, entered }: MoversAnswer): Slope[] =>
  [...moved, ...entered.map(({ rank, ...paper }) => ({ ...paper, rankBefore: null, rankAfter: rank }))].flatMap(
    ({ id, title, rankBefore, rankAfter }) =>
      rankAfter === null || rankAfter > SLOPES ? [] : [{ id, title, rankBefore, rankAfter }],
  );

const renderEnteredPaper = (row: MoversAnswer['entered'][number]): Markup => html`<li>
  ${renderRank('Rank', row.rank)}
  <div class="what"><h3>${renderTitle(row)}</h3></div>
  <div class="score"><p>${renderUpvotes(row.upvotes)}</p></div>
</li>`;

const renderLeftPaper = (row: MoversAnswer['left'][number]): Markup => html`<li>
  ${renderRank('Was at rank', row.rankBefore)}
  <div class="what"><h3>${renderTitle(row)}</h3></div>
</li>`;

const renderDays = (named: readonly string[]): Markup => {
  const more = named.length - DAYS_NAMED;
  return html`${joinWithCommas(named.slice(0, DAYS_NAMED).map(renderDay))}${more > 0 ? ` and ${formatNumber(more)} more` : ''}`;
};

/** Renders the interval between the newest captures at both times. */
const renderInterval = ({ from, to, hours }: MoversAnswer): Markup =>
  hours === 0
    ? html`Both times have the same newest capture, at ${renderTime(to.observedAt)}.`
    : html`From ${renderTime(from.observedAt)} to ${renderTime(to.observedAt)}: ${formatDuration(hours)}.`;

/** Renders links to the two captures compared; nothing for a daily list, which compares many. */
const renderEnds = ({ list, coverage: { before, after } }: MoversAnswer): Markup | '' => {
  const [first, second] = [before[0], after[0]];
  if (list === 'daily' || !first || !second) return '';
  const link = ({ day, at }: Capture) => html`<a href="${capturePath(list, day, at)}">${renderTime(at)}</a>`;
  return html`The captures of ${link(first)} and ${link(second)} were compared. `;
};

/** Says how much older the captures are than the times asked for; empty if they are not. */
function describeLag({ from, to }: MoversAnswer): string {
  const lag = ({ asked, observedAt }: MoversAnswer['from']): string | null => {
    const [then, at] = [parseInstant(asked), parseInstant(observedAt)];
    return then && at && at < then ? formatDuration(secondsBetween(at, then) / 3600) : null;
  };
  const [first, second] = [lag(from), lag(to)];
  if (first && second)
    return `The captures are ${first === second ? first : `${first} and ${second}`} older than the times asked for.`;
  const one = first ?? second;
  return one === null ? '' : `The ${first ? 'first' : 'second'} capture is ${one} older than the time asked for.`;
}

/** Renders which list days were not captured, and which only in between. */
function renderMissingDays({ list, coverage: { before, after, missing } }: MoversAnswer): Markup {
  if (list !== 'daily') return html``;
  const known = new Set(before.map(({ day }) => day));
  const between = after.map(({ day }) => day).filter((day) => !known.has(day));
  return html`${missing.length === 0 ? 'Every day was captured.' : html`Not captured: ${renderDays(missing)}.`}
  ${between.length === 0 ? '' : html`First captured in between, so all papers count as entered: ${renderDays(between)}.`}`;
}

/** Renders which captures were incomplete: a paper that one of them missed may wrongly count as entered or left. */
function renderCutLists({ coverage: { before, after } }: MoversAnswer): Markup {
  const cutOf = (captures: readonly Capture[], others: readonly Capture[]) =>
    captures
      .filter(({ day, at, complete }) => {
        const isSame = others.some((other) => other.day === day && other.at === at);
        return complete === false && !isSame;
      })
      .map(({ day }) => day);
  const [first, second] = [cutOf(before, after), cutOf(after, before)];
  return html`${second.length === 0 ? '' : html`Incomplete in the second capture, so papers may wrongly count as left: ${renderDays(second)}.`}
  ${first.length === 0 ? '' : html`Incomplete in the first capture, so papers may wrongly count as entered: ${renderDays(first)}.`}`;
}

/** Renders the captures compared of each list day. */
function renderCaptureTable({ list, coverage: { before, after } }: MoversAnswer): Markup {
  const then = new Map(before.map((capture) => [capture.day, capture]));
  const cell = (capture: Capture | undefined) =>
    capture === undefined
      ? html`<td>${unknownValue}</td><td class="number">${unknownValue}</td>`
      : html`<td><a href="${capturePath(list, capture.day, capture.at)}">${renderTime(capture.at)}</a></td><td class="number">${formatNumber(capture.papers)}${capture.complete === false ? ', incomplete' : ''}</td>`;
  return renderTable(
    'Captures compared',
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

/** Formats a window such as `24h` or `7d` as `24 hours` or `7 days`. */
const formatWindow = (name: string): string => name.replace(/h$/, ' hours').replace(/d$/, ' days');

const hasMoved = (row: Moved, sort: MoversSort): boolean =>
  row.rankBefore !== row.rankAfter || (rateOf(row, sort) ?? 0) !== 0;

/** Renders which papers entered a list, left it or moved between two captures. */
export function renderMoversPage(answer: MoversAnswer, links: MoversLinks): string {
  const { list, from, to, hours, entered, left, coverage, sample } = answer;
  const { window, windows, lists, sort } = links;
  const moved = answer.moved.filter((row) => hasMoved(row, sort));
  const asked = { from: links.from, to: links.to, window };
  const current = links.from ? null : (window ?? '24h');
  const query = { list, ...asked, sort: sort === 'upvotes' ? null : sort };
  const csv = withQuery('/movers.csv', query);
  const [climbed, fell] = [moved.filter(hasClimbed), moved.filter((row) => !hasClimbed(row))];
  const slopes = list === 'daily' || hours === 0 ? [] : toSlopes(answer);
  const isNothing = entered.length + left.length + answer.moved.length === 0;
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
  <p class="lede">${formatNumber(climbed.length)} climbed · ${formatNumber(entered.length)} new · ${formatNumber(fell.length)} fell · ${formatNumber(left.length)} left</p>
  <p class="coverage">${renderInterval(answer)} ${renderCutLists(answer)}</p>
</div>
${renderColumns(
  'Other lists and times',
  html`${
    isNothing
      ? html`<section class="nothing" aria-labelledby="nothing">
  <h2 id="nothing">Nothing to compare</h2>
  <p>${from.observedAt === to.observedAt ? 'Nothing was captured between the two times.' : 'The captures at both times list no papers.'}</p>
  <p><a href="${withQuery('/captures', { list })}">Captures of this list</a></p>
</section>`
      : html`${slopes.length === 0 ? '' : renderSlopeChart(slopes)}
${renderSection('climbed', 'Climbed', climbed.map(renderMovedPaper(answer, sort)), 'No paper climbed.', csv)}
${renderSection('entered', 'New', entered.map(renderEnteredPaper), 'No paper is new.', csv)}
${renderSection('fell', 'Fell', fell.map(renderMovedPaper(answer, sort)), 'No paper fell.', csv)}
${renderSection('left', 'Left', left.map(renderLeftPaper), 'No paper left.', csv)}`
  }`,
  html`<nav aria-label="Movers of other lists"><h2>List</h2><ul class="tabs">${[
    ...new Set(['trending', 'daily', ...lists]),
  ]
    .filter((name) => name === list || lists.includes(name))
    .map((name) => tab(withQuery('/movers', { list: name, ...asked }), formatListName(name), name === list))}</ul></nav>
  <nav aria-label="Other windows"><h2>Time</h2><ul class="tabs">${windows.map((name) =>
    tab(withQuery('/movers', { list, to: links.to, window: name }), `Last ${formatWindow(name)}`, name === current),
  )}</ul></nav>
  <details${links.from || links.to ? html` open` : ''}><summary>Choose other times</summary><form method="get" action="/movers">
  <label for="from">From</label><input id="from" name="from" type="text" value="${from.asked}" autocomplete="off" spellcheck="false">
  <label for="to">To</label><input id="to" name="to" type="text" value="${to.asked}" autocomplete="off" spellcheck="false">
  ${renderHidden({ list, sort: query.sort })}<button>Show</button>
</form></details>
  <nav aria-label="Order"><h2>Sort by</h2><ul class="tabs">${(['upvotes', 'stars'] as const).map((by) =>
    tab(withQuery('/movers', { list, ...asked, sort: by === 'upvotes' ? null : by }), by, by === sort),
  )}</ul></nav>
  ${renderFolded('', 'What was captured', html`<p>${renderEnds(answer)}${describeLag(answer)} ${renderMissingDays(answer)} <a href="${withQuery('/coverage', { list })}">Coverage</a></p>`)}
  ${isNothing ? '' : html`<p class="quiet">Papers are sorted by upvotes per hour between the two captures. Ranks are compared within one list only. A paper whose rank is the same or unknown counts as climbed when it gained upvotes.</p>`}`,
)}
${list === 'daily' && coverage.after.length > 0 ? html`<details class="wide"><summary>Captures compared</summary>${renderCaptureTable(answer)}</details>` : ''}`,
  });
}
