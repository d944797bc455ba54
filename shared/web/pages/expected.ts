import { html } from 'hono/html';
import { formatDateRange, formatDay, formatDecimal, formatNumber } from '../../lib/format.ts';
import { EXPECTED_MIN_PAPERS } from '../../model/expected.ts';
import type { ExpectedAnswer } from '../../query/expected.schema.ts';
import { withQuery } from '../paths.ts';
import { type Markup, renderRangeCoverage, renderTable, renderTime, unknownValue } from './elements.ts';
import { renderPage } from './page.ts';
import { formatAge, roundUpScale } from './upvote-chart.ts';

type Point = ExpectedAnswer['points'][number];
type Known = { readonly [name in keyof Point]: number };

const [WIDTH, HEIGHT] = [720, 200];

/** Renders the median as a line and the quartiles as a band; ages are evenly spaced, since half of them are in the first day. */
function renderCurve(points: readonly Point[]): Markup {
  const known = points.flatMap((point, at) => (point.median === null ? [] : [{ at, point: point as Known }]));
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last)
    return html`<p class="quiet">No curve yet: no age has the ${EXPECTED_MIN_PAPERS} papers that it takes, captured near that age.</p>`;
  const top = roundUpScale(Math.max(...known.map(({ point }) => point.q3)));
  const x = (at: number): string => ((WIDTH * at) / (points.length - 1)).toFixed(1);
  const spots = (of: 'q1' | 'median' | 'q3') =>
    known.map(({ at, point }) => `${x(at)} ${(HEIGHT * (1 - point[of] / top)).toFixed(1)}`);
  return html`<figure class="rise">
  <div class="plot">
    <div class="scale" aria-hidden="true"><span>${formatNumber(top)}</span><span>${formatNumber(top / 2)}</span><span>0</span></div>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${`Median upvotes from ${formatDecimal(first.point.median)} at ${formatAge(first.point.ageHours)} to ${formatDecimal(last.point.median)} at ${formatAge(last.point.ageHours)}`}">
      <path class="grid" d="M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}"/>
      <path class="area" d="M${[...spots('q3'), ...spots('q1').reverse()].join('L')}Z"/>
      <path class="line" d="M${spots('median').join('L')}"/>
      ${known.map(({ at, point }) => html`<path class="dot" d="M${x(at)} ${(HEIGHT * (1 - point.median / top)).toFixed(1)}h0"><title>${`${formatAge(point.ageHours)}: ${formatDecimal(point.median)}, half of the papers ${formatDecimal(point.q1)} to ${formatDecimal(point.q3)}`}</title></path>`)}
    </svg>
    <p class="span"><span>1 hour</span><span>14 days</span></p>
  </div>
  <figcaption>Line: median. Band: the middle half of the papers. Ages are not to scale.</figcaption>
</figure>`;
}

const renderValue = (value: number | null): Markup => (value === null ? unknownValue : html`${formatDecimal(value)}`);

/** Renders the upvotes to expect of the papers of a day, by their age. */
export function renderExpectedPage({ day, from, to, points, sample, catalogAsOf, coverage }: ExpectedAnswer): string {
  return renderPage({
    title: `Expected upvotes, ${formatDay(day)}`,
    sample,
    section: 'data',
    formats: [
      ['JSON', withQuery('/expected.json', { day })],
      ['CSV', withQuery('/expected.csv', { day })],
    ],
    main: html`<div class="head">
  <p class="eyebrow">Papers listed on ${formatDay(day)}</p>
  <h1>Expected upvotes</h1>
  <p class="coverage">From the daily lists of ${formatDateRange(from, to)}</p>
  ${renderRangeCoverage(coverage, { from, to })}
</div>
<div class="tools"><form class="range" method="get" action="/expected">
  <label for="day">List day</label><input id="day" name="day" type="date" value="${day}">
  <button>Show</button>
</form></div>
${renderCurve(points)}
${renderTable(
  'Upvotes by age',
  html`<table>
  <thead><tr><th scope="col">Age</th><th scope="col" class="number">Papers</th><th scope="col" class="number">Lower quartile</th><th scope="col" class="number">Median</th><th scope="col" class="number">Upper quartile</th></tr></thead>
  <tbody>${points.map(
    ({ ageHours, papers, q1, median, q3 }) =>
      html`<tr><th scope="row">${formatAge(ageHours)}</th><td class="number">${formatNumber(papers)}</td><td class="number">${renderValue(q1)}</td><td class="number">${renderValue(median)}</td><td class="number">${renderValue(q3)}</td></tr>`,
  )}</tbody>
</table>`,
)}
<p class="quiet">Ages count from the start of a paper’s list day. A paper counts at an age if it was captured within a sixth of that age, at least an hour. A dash: fewer than ${EXPECTED_MIN_PAPERS} papers, as in a new archive, or where days were collected later.${catalogAsOf === null ? '' : html` As of ${renderTime(catalogAsOf)}.`}</p>`,
  });
}
