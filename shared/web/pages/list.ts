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
import { parsePeriod, periodOf } from '../../lib/period.ts';
import { addDays, type Day, type Instant, parseDay, parseInstant, secondsBetween } from '../../lib/time.ts';
import { slugOf } from '../../model/paper.ts';
import type { CoverageDay } from '../../query/coverage.schema.ts';
import type { ListAnswer, ListedPaper } from '../../query/list.schema.ts';
import type { ListView } from '../../query/list.ts';
import type { ReplayAnswer } from '../../query/replay.schema.ts';
import { filterQuery, listPath, type Query, withQuery } from '../paths.ts';
import { type Markup, renderColumns, renderDay, renderFolded, renderHidden, renderTime } from './elements.ts';
import { renderPage } from './page.ts';
import { renderPaperList } from './paper-row.ts';
import { describeCoverage, describeEmptyList, describeStop, describeToday, formatListName } from './text.ts';

/** How a list page was asked for. */
export type ListPageOptions = Omit<ListView, 'sort' | 'at'> & {
  /** The time asked for; null for the newest. */
  readonly at: string | null;
  /** The current day, `YYYY-MM-DD`: later days have not come yet. */
  readonly today: string;
  /** `rank` if absent. */
  readonly sort?: string;
};

/** A day of the strip. */
export type DayOfStrip = Pick<CoverageDay, 'day' | 'status' | 'papers' | 'first'>;
/** What a list is shown with. */
export type AroundList = {
  readonly now: Instant;
  /** The time asked for; null for now. */
  readonly at: string | null;
  /** The days around it, oldest first; empty unless it is a daily list as it is now. */
  readonly days: readonly DayOfStrip[];
  /** Its captures. */
  readonly replay: ReplayAnswer;
  /** The newest capture of any list, and whether the archive still tries to collect; null unless that was days ago. */
  readonly stopped: { readonly at: string; readonly collects: boolean } | null;
};

const SORTS = ['rank', 'upvotes', 'gain'] as const;
/** An older capture has a date instead of an age. */
const AGE_HOURS = 48;
/** Keywords that the filter suggests. */
const SUGGESTED = 12;

/** Renders what today holds so far if the list shown is older; of an archive that stopped, how old its newest data is. */
export const renderToday = ({ day, list, today }: ListAnswer, { stopped }: AroundList): Markup =>
  stopped !== null
    ? html`<p class="today">${describeStop(stopped)}</p>`
    : today && today.day !== day
      ? html`<p class="today">Today, <a href="${listPath(list, today.day)}">${formatDay(today.day)}</a>, ${describeToday(today)}.</p>`
      : html``;

/** Keywords with the number of papers that share them, most first; those of one paper are left out. */
function countKeywords(papers: readonly ListedPaper[]): (readonly [word: string, papers: number])[] {
  const keywords = papers.flatMap((paper) => [...new Map(paper.keywords?.map((word) => [slugOf(word), word]))]);
  return [...Map.groupBy(keywords, ([slug]) => slug).values()]
    .filter((same) => same.length > 1)
    .toSorted((a, b) => b.length - a.length)
    .map((same) => [same[0]?.[1] ?? '', same.length]);
}

/** Renders `28 papers · busiest topic: agents · last captured 8 minutes ago`. */
export function renderLede({ papers, total, coverage, day }: ListAnswer, { now, at }: AroundList): Markup {
  const [topic] = countKeywords(papers)[0] ?? [];
  const captured = coverage.last === null ? null : parseInstant(coverage.last);
  const listed = Math.max(coverage.listed ?? 0, total);
  const hours = captured && Math.max(0, secondsBetween(captured, now)) / 3600;
  return html`<p class="lede">${total < listed ? `${formatNumber(total)} of ` : ''}${formatCount(listed, 'paper')}${topic === undefined ? '' : ` · busiest topic: ${topic}`}${
    captured === null || hours === null
      ? ''
      : at !== null
        ? ` · captured ${formatTimeOn(day, captured)}`
        : hours > AGE_HOURS
          ? html` · last captured ${renderDay(captured.slice(0, 10))}`
          : html` · last captured <time datetime="${captured}" data-age>${formatDuration(hours)} ago</time>`
  }</p>`;
}

/** Renders how complete a list is; the facts are folded. */
export function renderCoverage(answer: ListAnswer): Markup {
  const { list, day, coverage, observedAt } = answer;
  const state = { true: 'complete', false: 'incomplete', null: 'may be incomplete' }[`${coverage.complete}`];
  const words = describeCoverage(answer);
  return renderFolded(
    coverage.status,
    observedAt === null
      ? words
      : `${coverage.status === 'empty' ? 'no papers listed' : state} · as of ${formatTimeOn(day, observedAt)}`,
    html`<p>${words}</p>
  <p><a href="${withQuery('/captures', { list, from: day, to: day })}">Captures of this day</a> · <a href="${withQuery('/coverage', { list })}">Coverage of other days</a></p>`,
  );
}

/** Renders a bar per day, as high as its number of papers; a day without a usable capture is hatched. */
function renderStrip(days: readonly DayOfStrip[], shown: string, areLast: boolean): Markup {
  const most = Math.max(1, ...days.map(({ papers }) => papers));
  const bar = ({ day, status, papers }: DayOfStrip): Markup => {
    const isGap = status === 'missing' || status === 'failed';
    const height = Math.round((36 * papers) / most);
    const label = `${formatDay(day)}: ${isGap ? status : formatCount(papers, 'paper')}`;
    return html`<li><a href="${listPath('daily', day)}"${day === shown ? html` aria-current="true"` : ''} aria-label="${label}" title="${label}"><svg class="${isGap ? 'gap' : ''}" viewBox="0 0 10 36" preserveAspectRatio="none" aria-hidden="true"><rect width="10" height="${height}" y="${36 - height}"/></svg><span>${Number(day.slice(8))}</span></a></li>`;
  };
  return days.length === 0
    ? html``
    : html`<h2 id="days">${areLast ? `Last ${days.length} days` : `${days.length} days to ${formatDay(days.at(-1)?.day ?? shown)}`}</h2><ol class="strip">${days.map(bar)}</ol>`;
}

/** The same day of the month before or after, or the last day of a shorter month. */
function addMonth(day: Day, by: -1 | 1): Day {
  const monthOf = (of: Day) => parsePeriod('month', periodOf('month', of)) ?? { from: of, to: of };
  const { from, to } = monthOf(day);
  const beside = monthOf(by < 0 ? addDays(from, -1) : addDays(to, 1));
  const same = addDays(beside.from, Number(day.slice(8)) - 1);
  if (same > beside.to) return beside.to;
  return same;
}

/** Renders the way to other days of a list. `newest` is the last day that may have one, `areLast` whether no day follows those of the strip. */
export function renderDays(
  list: string,
  shown: string,
  days: readonly DayOfStrip[],
  newest: string,
  areLast = days.at(-1)?.day === newest,
): Markup {
  const day = parseDay(shown);
  if (!day) return html``;
  const step = (to: Day, words: string, rel = '') =>
    to > newest
      ? ''
      : html`<a${rel === '' ? '' : html` rel="${rel}"`} href="${listPath(list, to)}" title="${formatDay(to)}">${words}</a> `;
  const period = (kind: 'week' | 'month') =>
    html`<a href="${withQuery(`/top/${kind}/${periodOf(kind, day)}`, { list: list === 'daily' ? null : list })}">${formatPeriod(kind, periodOf(kind, day))}</a>`;
  return html`<section>${renderStrip(days, shown, areLast)}
  <nav class="steps" aria-label="Other days">
    <p>${step(addDays(day, -1), 'Previous day', 'prev')}${step(addDays(day, 1), 'Next day', 'next')}</p>
    <p>${step(addDays(day, -7), 'Previous week')}${step(addDays(day, 7), 'Next week')}</p>
    <p>${step(addMonth(day, -1), 'Previous month')}${step(addMonth(day, 1), 'Next month')}</p>
    ${day > newest ? '' : html`<p>${period('week')} ${period('month')}</p>`}</nav>
</section>`;
}

/** Renders the filters and the order, folded until one is set. */
function renderFilters(
  { papers }: ListAnswer,
  path: string,
  { at, sort = 'rank', ...filters }: ListPageOptions,
): Markup {
  const { keyword, text, minUpvotes, code } = filters;
  const isSet = sort !== 'rank' || Object.values(filterQuery(filters)).some(Boolean);
  return html`<details class="filters"${isSet ? html` open` : ''}><summary>Filter and sort</summary>
<form method="get" action="${path}">
  <label for="text">Text</label><input id="text" name="text" type="text" value="${text ?? ''}" maxlength="300">
  <label for="keyword">Keyword</label><input id="keyword" name="keyword" type="text" value="${keyword ?? ''}" maxlength="100" list="keywords">
  <datalist id="keywords">${countKeywords(papers)
    .slice(0, SUGGESTED)
    .map(([word]) => html`<option value="${word}"></option>`)}</datalist>
  <label for="minUpvotes">Upvotes from</label><input id="minUpvotes" name="minUpvotes" type="number" min="0" max="9999999" value="${minUpvotes ?? ''}">
  <label><input type="checkbox" name="code" value="true"${code ? html` checked` : ''}> Has code</label>
  <label for="sort">Sort by</label><select id="sort" name="sort">${SORTS.map((by) => html`<option value="${by === 'rank' ? '' : by}"${by === sort ? html` selected` : ''}>${by}</option>`)}</select>
  ${at === null ? '' : html`<input type="hidden" name="at" value="${at}">`}
  <button>Show</button>${isSet ? html` <a href="${withQuery(path, { at })}">Show all by rank</a>` : ''}
</form></details>`;
}

/** Renders the captures of a day, each a link to the list as it was then; the script makes a slider of them. */
function renderReplay(
  { replay: { list, day, times } }: AroundList,
  path: string,
  at: string | null,
  query: Query,
): Markup {
  const slider =
    times.length > 1 && !list.includes(':')
      ? html` data-replay="${listPath(list, day)}/replay" data-captures="${times.length}"`
      : '';
  const latest = at === null ? '' : html`<a href="${withQuery(path, query)}">Show the latest</a>`;
  return html`<div class="replay"><details><summary>Replay ${formatCount(times.length, 'capture')}</summary>
<div${slider}>
  <p class="hint">${times.map((time, place) => html`${time.slice(0, 10) === (times[place - 1] ?? day).slice(0, 10) ? '' : html`<strong>${formatDay(time.slice(0, 10))}</strong> `}<a href="${withQuery(path, { at: time, ...query })}"${time === at ? html` aria-current="true"` : ''}>${time.slice(11, 16)}</a> `)}UTC</p>
  <form method="get" action="${path}"><label for="at">As of</label><input id="at" name="at" type="text" value="${at ?? ''}" placeholder="${day}T18:00:00Z" autocomplete="off" spellcheck="false">${renderHidden(query)}<button>Show</button></form>
</div></details>${latest}</div>`;
}

const renderEmptyList = (answer: ListAnswer, { at, ...options }: ListPageOptions): Markup => {
  const isFiltered = (answer.coverage.listed ?? 0) > 0 && Object.values(filterQuery(options)).some(Boolean);
  return html`<section class="nothing" aria-labelledby="nothing">
  <h2 id="nothing">No papers to show</h2>
  <p>${isFiltered ? 'No paper of this list passes all filters.' : describeEmptyList(answer, at, answer.day > options.today)}</p>
</section>`;
};

/** Renders a day of a list, with the way to the days and times around it. */
export function renderListPage(answer: ListAnswer, options: ListPageOptions, around: AroundList): string {
  const { list, day, observedAt, papers, sample } = answer;
  const { today, at, sort = 'rank' } = options;
  const path = listPath(list, day);
  const query = { ...filterQuery(options), sort: sort === 'rank' ? null : sort };
  const isCaptured = observedAt !== null && (answer.coverage.listed ?? 0) > 0;
  return renderPage({
    title: `${formatListName(list)}, ${formatDay(day)}`,
    description: papers[0] ? `${formatCount(papers.length, 'paper')}, first “${papers[0].title}”.` : null,
    sample,
    section: list === 'daily' ? 'today' : list === 'trending' ? list : 'data',
    formats: [
      ['JSON', withQuery(`${path}.json`, { at, ...query })],
      ['CSV', withQuery(`${path}.csv`, { at, ...query })],
      ['BibTeX', withQuery(`${path}.bib`, { at, ...query })],
    ],
    feed: withQuery(listPath(list), filterQuery(options)),
    main: html`<div class="head">
  <p class="eyebrow">${formatListName(list)}</p>
  <h1>${formatLongDay(day)}</h1>
  ${isCaptured ? renderLede(answer, around) : ''}
</div>
${at === null ? '' : html`<p class="asof">As of ${renderTime(at)}${observedAt === null ? '' : html`, from the capture at ${renderTime(observedAt)}`}.${isCaptured ? '' : html` <a href="${withQuery(path, query)}">Show the latest</a>`}</p>`}
${renderColumns(
  isCaptured ? 'Filters and other days' : 'Other days',
  html`${papers.length === 0 ? renderEmptyList(answer, options) : renderPaperList(papers, around.replay)}
  ${isCaptured && (around.replay.times.length > 1 || at !== null) ? renderReplay(around, path, at, query) : ''}`,
  html`${renderToday(answer, around)}
  ${isCaptured ? renderFilters(answer, path, options) : ''}
  ${day > today ? '' : renderCoverage(answer)}
  ${renderDays(list, day, around.days, today)}
  ${isCaptured ? html`<p class="quiet">Arrows compare with the capture before; lines show the upvotes in the captures of this day. <a href="/expected">Expected</a> is the median of the papers of the 90 days before at the same age, where enough is known.</p>` : ''}`,
)}`,
  });
}
