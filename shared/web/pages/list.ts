import { html } from 'hono/html';
import { formatCount, formatDay, formatLongDay, formatTime, formatTimeOn } from '../../lib/format.ts';
import type { Instant } from '../../lib/time.ts';
import { addDays, parseDay, startOfDay } from '../../lib/time.ts';
import type { ListAnswer } from '../../query/list.schema.ts';
import type { ListView } from '../../query/list.ts';
import { filterQuery, listPath, withQuery } from '../paths.ts';
import { type Markup, renderTime } from './elements.ts';
import { renderPage } from './page.ts';
import { hasPreviousRanks, renderListedPaper } from './paper-row.ts';
import { describeCoverage, describeEmptyList, describeToday, formatListName } from './text.ts';

/** How a list page was asked for. */
export type ListPageOptions = Omit<ListView, 'at' | 'sort'> & {
  /** The time asked for; null for the newest. */
  readonly at: string | null;
  /** The current day, `YYYY-MM-DD`: later days have not come yet. */
  readonly today: string;
  /** `rank` if absent. */
  readonly sort?: string;
};

const SORTS = ['rank', 'upvotes', 'gain'] as const;

/** Times worth a link, those between the first and the last capture. */
function quickTimes({ day: listed, coverage: { first, last } }: ListAnswer): readonly (readonly [string, string])[] {
  const day = parseDay(listed);
  if (!day || !first || !last) return [];
  const start = startOfDay(day).slice(0, 11);
  const marks: (readonly [string, string])[] = [
    ['first capture', first],
    ['noon', `${start}12:00:00Z` as Instant],
    ['18:00', `${start}18:00:00Z` as Instant],
    ['end of the day', startOfDay(addDays(day, 1))],
    ['a week later', startOfDay(addDays(day, 7))],
  ];
  return marks.filter(([, at], place) => place === 0 || (at > first && at < last));
}

/** Renders what today holds so far if the list shown is older. */
export const renderToday = ({ day, list, today }: ListAnswer): Markup =>
  today && today.day !== day
    ? html`<p class="today">Today, <a href="${listPath(list, today.day)}">${formatDay(today.day)}</a>, ${describeToday(today)}.</p>`
    : html``;

/** Renders how complete a list is; the facts and `more` are folded. */
export function renderCoverage(answer: ListAnswer, more: Markup = html``): Markup {
  const { list, day, coverage, observedAt } = answer;
  const state = { true: 'complete', false: 'incomplete', null: 'may be incomplete' }[`${coverage.complete}`];
  return html`<details class="badge ${coverage.status}"><summary>${observedAt === null ? describeCoverage(answer) : html`${coverage.status === 'empty' ? 'no papers listed' : state} · as of ${formatTimeOn(day, observedAt)}`}</summary>
  <p>${describeCoverage(answer)}</p>
  <p><a href="${withQuery('/captures', { list, from: day, to: day })}">Captures of this day</a> · <a href="${withQuery('/coverage', { list })}">Coverage of other days</a></p>
  ${more}</details>`;
}

/** Parameters that another view of the list keeps. */
type Query = Readonly<Record<string, string | null | undefined>>;

/** Renders a form for another time of the list, and links to the times that are worth it. */
function renderTimeForm(answer: ListAnswer, path: string, at: string | null, query: Query): Markup {
  const { day } = answer;
  return html`<form class="at" method="get" action="${path}">
    <label for="at">As of</label>
    <input id="at" name="at" type="text" value="${at ?? ''}" placeholder="${day}T18:00:00Z" aria-describedby="at-hint" autocomplete="off" spellcheck="false">
    ${Object.entries(query).map(([name, value]) => (value ? html`<input type="hidden" name="${name}" value="${value}">` : ''))}
    <button>Show</button>
    <p class="hint" id="at-hint">A time in UTC, such as ${day}T18:00:00Z${quickTimes(answer).map(
      ([words, time]) =>
        html` · <a href="${withQuery(path, { at: time, ...query })}" title="${formatTime(time)}">${words}</a>`,
    )}</p>
  </form>`;
}

const renderEmptyList = (
  answer: ListAnswer,
  at: string | null,
  isFuture: boolean,
): Markup => html`<section class="nothing" aria-labelledby="nothing">
  <h2 id="nothing">No papers to show</h2>
  <p>${describeEmptyList(answer, at, isFuture)}</p>
</section>`;

/** Renders a day of a list, with links to the days and times around it. */
export function renderListPage(answer: ListAnswer, options: ListPageOptions): string {
  const { list, day, observedAt, papers, sample } = answer;
  const { today, at, sort = 'rank' } = options;
  const isFuture = day > today;
  const on = parseDay(day);
  const path = listPath(list, day);
  const filters = filterQuery(options);
  const query = { ...filters, sort: sort === 'rank' ? null : sort };
  const isComparable = hasPreviousRanks(papers);
  const hasExpected = papers.some(({ expectedUpvotes }) => expectedUpvotes !== null);
  const most = Math.max(0, ...papers.map(({ upvotes }) => upvotes ?? 0));
  const step = (day: string | null, rel: string, words: string): Markup =>
    day === null
      ? html`<span class="quiet">${words}</span>`
      : html`<a rel="${rel}" href="${listPath(list, day)}">${words}<span class="beside"> ${formatDay(day)}</span></a>`;

  const main = html`<div class="head">
  <p class="eyebrow"><a href="${listPath(list)}">${formatListName(list)}</a></p>
  <h1>${formatLongDay(day)}</h1>
  ${isFuture ? '' : renderCoverage(answer, renderTimeForm(answer, path, at, query))}
  ${renderToday(answer)}
  <nav class="steps" aria-label="Days">${step(on && addDays(on, -1), 'prev', 'Previous day')}${step(on && day < today ? addDays(on, 1) : null, 'next', 'Next day')}</nav>
</div>
${at === null ? '' : html`<p class="asof">As of ${renderTime(at)}${observedAt === null ? '' : html`, from the capture at ${renderTime(observedAt)}`}. <a href="${withQuery(path, query)}">Show the latest</a></p>`}
${
  papers.length > 0
    ? html`<div class="tools"><p class="sorts"><span>Sort ${formatCount(papers.length, 'paper')} by</span> ${SORTS.map(
        (by) =>
          html`<a href="${withQuery(path, { at, ...filters, sort: by === 'rank' ? null : by })}"${by === sort ? html` aria-current="true"` : ''}>${by}</a> `,
      )}</p></div>`
    : ''
}
${papers.length === 0 ? renderEmptyList(answer, at, isFuture) : html`<ol class="papers">${papers.map((paper) => renderListedPaper(paper, isComparable, most, hasExpected))}</ol>`}
${observedAt === null || papers.length === 0 ? '' : html`<p class="quiet">From the capture at ${renderTime(observedAt)}. Arrows compare with the capture before it; the lighter part of a bar shows upvotes gained since the paper was first seen here.${hasExpected ? html` <a href="/expected">Expected</a>: the median of the papers of the 90 days before at the same age; a dash where fewer than 100 were captured at that age, or the paper is older than 14 days.` : ''}</p>`}`;

  return renderPage({
    title: `${formatListName(list)}, ${formatDay(day)}`,
    sample,
    section: list === 'daily' ? 'today' : list === 'trending' ? list : null,
    formats: [
      ['JSON', withQuery(`${path}.json`, { at, ...query })],
      ['CSV', withQuery(`${path}.csv`, { at, ...query })],
      ['BibTeX', withQuery(`${path}.bib`, { at, ...query })],
    ],
    feed: withQuery(listPath(list), filters),
    main,
  });
}
