import { html } from 'hono/html';
import { formatCount, formatDay, formatMonth, formatNumber, WEEKDAYS } from '../../lib/format.ts';
import { parsePeriod } from '../../lib/period.ts';
import { addDays, countDays, type Day, parseDay, weekdayOf } from '../../lib/time.ts';
import type { CoverageAnswer, CoverageDay } from '../../query/coverage.schema.ts';
import { listPath, withQuery } from '../paths.ts';
import type { Markup } from './elements.ts';
import { renderDay, renderRangeForm, renderTable, renderTime, unknownValue } from './elements.ts';
import { renderPage } from './page.ts';
import { describeIncompleteDays, formatListName } from './text.ts';

type Status = CoverageDay['status'];

/** The text in a day's cell, since colour alone is not enough, and what it means. A captured day shows its number of papers. */
const SIGNS: Readonly<Record<Status, readonly [sign: string, meaning: string]>> = {
  captured: ['12', 'captured; the number is how many papers were seen'],
  partial: ['P', 'partial: only part of the list was seen'],
  empty: ['E', 'empty: no papers listed'],
  failed: ['F', 'failed: tried without a usable answer'],
  missing: ['M', 'missing: not captured'],
};
const STATUSES = Object.keys(SIGNS) as Status[];

const legend = html`<ul class="legend" aria-label="Legend">${STATUSES.map(
  (status) => html`<li><span class="sign ${status}">${SIGNS[status][0]}</span> ${SIGNS[status][1]}</li>`,
)}</ul>`;

const yearLegend = html`<ul class="legend" aria-label="Legend">${STATUSES.map((status) => html`<li><svg class="square" viewBox="-0.1 -0.5 1 1" aria-hidden="true"><path class="${status} c4" d="M0 0h.8"/></svg> ${SIGNS[status][1].replace('; the number is how many papers were seen', ', the stronger the colour, the more often')}</li>`)}</ul>`;

type Outlook = NonNullable<CoverageDay['outlook']>;

/** What will become of an incomplete day: the label in its cell, and what it means. */
const OUTLOOKS: Readonly<Record<Outlook, readonly [label: string, meaning: string]>> = {
  healing: ['retry', 'will be retried'],
  settling: ['settling', 'may still change and will be captured again'],
  backfill: ['backfill', 'can only be filled by a backfill'],
  lost: ['lost', 'lost: the past of this list cannot be captured'],
};

/** Explains the labels that the days shown have. */
const renderOutlookLegend = (days: readonly CoverageDay[]): Markup => {
  const items = [
    ...(Object.keys(OUTLOOKS) as Outlook[])
      .filter((outlook) => days.some((day) => day.outlook === outlook))
      .map((outlook) => OUTLOOKS[outlook]),
    ...(days.some(hasLostHours) ? [['7 h', 'hours of that day without a capture'] as const] : []),
  ];
  return items.length === 0
    ? html``
    : html`<ul class="legend" aria-label="Labels">${items.map(
        ([word, meaning]) => html`<li><span class="outlook">${word}</span> ${meaning}</li>`,
      )}</ul>`;
};

const hasLostHours = ({ outlook, lostHours }: CoverageDay): boolean => outlook !== 'lost' && (lostHours ?? 0) > 0;

/** The label of an incomplete day; null if there is nothing to say. */
const outlookLabel = (day: CoverageDay): string | null =>
  hasLostHours(day) ? `${day.lostHours} h` : day.outlook && OUTLOOKS[day.outlook][0];

const renderDayCell = (list: string, on: CoverageDay): Markup => {
  const { day, status, papers, failures, outlook, lostHours } = on;
  const label = [
    `${formatDay(day)}: ${status}`,
    ...(status === 'captured' || status === 'partial' ? [formatCount(papers, 'paper')] : []),
    ...(failures > 0 ? [formatCount(failures, 'failed visit')] : []),
    ...((lostHours ?? 0) > 0 ? [`${formatCount(lostHours ?? 0, 'hour')} without a capture`] : []),
    ...(outlook === null ? [] : [OUTLOOKS[outlook][1]]),
  ].join(', ');
  const word = outlookLabel(on);
  const date = String(Number(day.slice(8)));
  return html`<td><a class="sign ${status}" href="${listPath(list, day)}" title="${label}"><span class="date">${date}</span><span class="unseen">${label.slice(date.length)}. </span>${status === 'captured' ? formatNumber(papers) : SIGNS[status][0]}${word === null ? '' : html`<span class="outlook">${word}</span>`}</a></td>`;
};

function renderMonth(list: string, days: readonly CoverageDay[]): Markup {
  const first = parseDay(days[0]?.day ?? '');
  const before = first ? weekdayOf(first) - 1 : 0;
  const cells = [
    ...Array.from({ length: before }, () => html`<td></td>`),
    ...days.map((day) => renderDayCell(list, day)),
  ];
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) => {
    const row = cells.slice(week * 7, week * 7 + 7);
    return [...row, ...Array.from({ length: 7 - row.length }, () => html`<td></td>`)];
  });
  return html`<table class="month"><caption>${formatMonth(first ?? '')}</caption>
  <thead><tr>${WEEKDAYS.map((name) => html`<th scope="col" abbr="${name}">${name.slice(0, 2)}</th>`)}</tr></thead>
  <tbody>${weeks.map((row) => html`<tr>${row}</tr>`)}</tbody></table>`;
}

/** The most days shown with a cell each, as months; more are squares, a row per year. */
const CELLS = 93;
/** More missing days than these at the end are not drawn: an archive that stopped shows what it has. */
const MISSING_AT_END = 31;
/** The most days in the table. */
const TABLE_ROWS = 31;

/** How dark a captured day is: a quarter for each quarter of the expected visits. */
const shadeOf = ({ captures, expected }: CoverageDay): number =>
  Math.min(4, Math.max(1, Math.ceil((4 * captures) / Math.max(1, expected))));

/** Formats how many days have each status: `402 captured, 1 failed`. */
const describeStatuses = (countOf: (status: Status) => number): string =>
  STATUSES.flatMap((status) => (countOf(status) === 0 ? [] : `${formatNumber(countOf(status))} ${status}`)).join(', ');

/** Renders a year, whose days have no gap, as 53 weeks of 7 squares, with links to its months. Days of one look are one path, so that years stay small. */
function renderYear(list: string, days: readonly CoverageDay[]): Markup {
  const [first, last] = [parseDay(days[0]?.day ?? ''), parseDay(days.at(-1)?.day ?? '')];
  if (!first || !last) return html``;
  const year = first.slice(0, 4);
  const newYear = `${year}-01-01` as Day;
  const monday = addDays(newYear, 1 - weekdayOf(newYear));
  const start = countDays(monday, first);
  const squares = days.map((day, at) => ({
    look: day.status === 'captured' ? `captured c${shadeOf(day)}` : day.status,
    path: `M${Math.floor((start + at) / 7)} ${(start + at) % 7}h.8`,
  }));
  const looks = Map.groupBy(squares, ({ look }) => look);
  const counts = describeStatuses((status) => days.filter((day) => day.status === status).length);
  const known = new Set(days.map(({ day }) => day.slice(0, 7)));
  const months = Array.from({ length: 12 }, (_, at) => `${year}-${String(at + 1).padStart(2, '0')}`).map((month) =>
    known.has(month) ? parsePeriod('month', month) : null,
  );
  return html`<section class="year"><h2>${year}</h2><p class="quiet">${counts}</p>
<svg viewBox="-0.1 -0.5 53.1 7" role="img" aria-label="${`${year}: ${counts}`}" data-monday="${monday}" data-from="${first}" data-to="${last}" data-path="${listPath(list)}">${[...looks].map(([look, same]) => html`<path class="${look}" d="${same.map(({ path }) => path).join('')}"/>`)}</svg>
<p class="steps">${months.map((month) => (month ? html`<a href="${withQuery('/coverage', { list, ...month })}" aria-label="${formatMonth(month.from)}">${formatMonth(month.from).slice(0, 3)}</a> ` : html`<span></span>`))}</p></section>`;
}

/** Groups days by the beginning of their dates, newest first. */
const groupDays = (days: readonly CoverageDay[], length: 4 | 7): CoverageDay[][] =>
  [...Map.groupBy(days, ({ day }) => day.slice(0, length))]
    .toSorted(([a], [b]) => (a < b ? 1 : -1))
    .map(([, same]) => same);

const formatComplete = (complete: boolean | null): string => (complete === null ? 'unknown' : complete ? 'yes' : 'no');

const renderDayTable = (list: string, days: readonly CoverageDay[]): Markup =>
  renderTable(
    'Every day, newest first',
    html`<table>
  <thead><tr><th scope="col">Day</th><th scope="col">Status</th><th scope="col" class="number">Captures</th><th scope="col" class="number">Failed</th><th scope="col" class="number">Expected</th>
    <th scope="col" class="number">Longest gap</th><th scope="col" class="number">Papers</th><th scope="col">Complete</th><th scope="col">Settled</th><th scope="col">Outlook</th><th scope="col">First</th><th scope="col">Last</th></tr></thead>
  <tbody>${days.toReversed().map(
    (
      on,
    ) => html`<tr><th scope="row"><a href="${listPath(list, on.day)}">${renderDay(on.day)}</a></th><td>${on.status}</td><td class="number">${on.captures}</td><td class="number">${on.failures}</td><td class="number">${on.expected}</td>
    <td class="number">${on.longestGapMinutes === null ? unknownValue : `${formatNumber(on.longestGapMinutes)} min`}</td><td class="number">${formatNumber(on.papers)}</td><td>${formatComplete(on.complete)}</td><td>${formatComplete(on.settled)}</td><td>${outlookLabel(on) ?? ''}</td>
    <td>${on.first === null ? unknownValue : renderTime(on.first)}</td><td>${on.last === null ? unknownValue : renderTime(on.last)}</td></tr>`,
  )}</tbody></table>`,
  );

/** Renders the calendar of what was captured, newest first: few days as months with a link each, more as a row of squares per year. */
export function renderCoveragePage({ list, from, to, days, summary, lists, sample }: CoverageAnswer): string {
  const query = { list, from, to };
  // as `daysCaptured` of a range: the list of a day without papers is captured too
  const captured = summary.captured + summary.partial + summary.empty;
  const since = days.length - 1 - days.findLastIndex(({ status }) => status !== 'missing');
  const drawn = since > MISSING_AT_END && since < days.length ? days.slice(0, -since) : days;
  return renderPage({
    title: `Coverage of ${formatListName(list).toLowerCase()}`,
    sample,
    section: 'data',
    formats: [
      ['JSON', withQuery('/coverage.json', query)],
      ['CSV', withQuery('/coverage.csv', query)],
    ],
    main: html`<div class="head">
  <p class="eyebrow">Coverage</p>
  <h1>${formatListName(list)}</h1>
  <p class="lede">${formatNumber(captured)} of ${formatCount(days.length, 'day')} captured</p>
  <p class="coverage">${renderDay(from)}${from === to ? '' : html` to ${renderDay(to)}`}: ${describeStatuses((status) => summary[status])};
  ${formatCount(summary.captures, 'capture')}, ${formatCount(summary.failures, 'failed visit')}.</p>
  ${drawn === days ? '' : html`<p class="outlooks">Nothing was captured in the ${formatCount(since, 'day')} after ${renderDay(drawn.at(-1)?.day ?? '')}.</p>`}
  ${describeIncompleteDays(summary).map((sentence) => html`<p class="outlooks">${sentence}</p>`)}
  <nav aria-label="Coverage of other lists"><ul class="tabs">${[...new Set([list, ...lists])]
    .toSorted()
    .map(
      (name) =>
        html`<li><a href="${withQuery('/coverage', { list: name })}"${name === list ? html` aria-current="true"` : ''}>${formatListName(name)}</a></li>`,
    )}</ul></nav>
</div>
${renderRangeForm('/coverage', { from, to }, { list })}
${
  drawn.length > CELLS
    ? html`${yearLegend}${groupDays(drawn, 4).map((inYear) => renderYear(list, inYear))}`
    : html`${legend}${renderOutlookLegend(drawn)}<div class="months">${groupDays(drawn, 7).map((inMonth) => renderMonth(list, inMonth))}</div>`
}
${drawn.length === 0 || drawn.length > TABLE_ROWS ? '' : html`<details class="wide"><summary>Every day as a table</summary>${renderDayTable(list, drawn)}</details>`}
<p class="more"><a href="${withQuery('/captures', query)}">Captures of these days</a></p>`,
  });
}
