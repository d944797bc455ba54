/** A line chart over weeks or months as SVG. An unknown value is a gap in the line, never a zero. */

import { html } from 'hono/html';
import { formatDay, formatPercent } from '../../lib/format.ts';
import { type PeriodKind, parsePeriod } from '../../lib/period.ts';
import { addDays, countDays, parseDay } from '../../lib/time.ts';
import type { Markup } from './elements.ts';

/** A line: its name, and for each period a share from 0 to 1, or null if unknown. */
export type ChartLine = { readonly name: string; readonly shares: readonly (number | null)[] };
/** The periods, and the days on which the feed changed in a way that explains a jump. */
export type ChartAxis = {
  readonly by: PeriodKind;
  readonly periods: readonly string[];
  readonly breaks: readonly { readonly day: string; readonly what: string }[];
};

const WIDTH = 720;
const HEIGHT = 240;
/** With more periods, dots would merge into a thick line; a point with a gap on both sides always has one. */
const DOTTED = 60;
/** Stripes over the height of a period that is a gap. */
const STRIPES = 12;
const LETTERS = 'ABCDEFGH';
/** Least distance between the letters at the ends of lines, as a share of the height: a line of text in 13 rem. */
const APART = 0.085;

/** Rounds a share up to the top of a scale: 1, 2, 4, 6, 8 or 10 times a power of ten. */
function roundUpScale(share: number): number {
  if (share <= 0) return 0.01;
  const unit = 10 ** Math.floor(Math.log10(share));
  return [1, 2, 4, 6, 8, 10].map((step) => step * unit).find((top) => top >= share * (1 - 1e-9)) ?? 1;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Horizontal position of a period's centre, from 0 to 1. */
const centreOf = (at: number, count: number): number => (at + 0.5) / count;

/** Horizontal position of a day, from 0 to 1; null if it is outside all periods. */
function positionOfDay(day: string, { by, periods }: ChartAxis): number | null {
  const on = parseDay(day);
  for (const [at, name] of periods.entries()) {
    const days = parsePeriod(by, name);
    if (on && days && days.from <= on && on <= days.to)
      return (at + countDays(days.from, on) / countDays(days.from, addDays(days.to, 1))) / periods.length;
  }
  return null;
}

/** Splits a line at its gaps into runs of point indexes. */
function splitAtGaps(shares: readonly (number | null)[]): number[][] {
  const runs: number[][] = [];
  shares.forEach((share, at) => {
    if (share === null) return;
    if (at > 0 && shares[at - 1] !== null) runs.at(-1)?.push(at);
    else runs.push([at]);
  });
  return runs;
}

/** Vertical positions of the letters at the ends of lines, from 0 (top) to 1, without overlaps; null for a line without points. */
function placeLetters(lines: readonly ChartLine[], top: number): (number | null)[] {
  const ends = lines.map(({ shares }) => {
    const last = shares.findLast((share) => share !== null);
    return last === undefined || last === null ? null : 1 - last / top;
  });
  const heights = [...ends];
  let below = 1;
  for (const at of ends.map((_, at) => at).toSorted((a, b) => (ends[b] ?? 0) - (ends[a] ?? 0))) {
    const end = ends[at];
    if (end === null || end === undefined) continue;
    heights[at] = Math.min(end, below);
    below = (heights[at] as number) - APART;
  }
  return heights;
}

const drawSwatch = (at: number): Markup =>
  html`<svg class="swatch" viewBox="0 0 36 10" width="36" height="10" aria-hidden="true"><path class="series s${at + 1}" d="M2 5H34"/><path class="mark s${at + 1}" d="M18 5h0"/></svg>`;

/** Renders the lines with their letters, strokes and latest values. */
const renderLegend = (lines: readonly ChartLine[]): Markup =>
  html`<ul class="legend lines">${lines.map(({ name, shares }, at) => {
    const last = formatPercent(shares.findLast((share) => share !== null) ?? null);
    return html`<li>${drawSwatch(at)}<span><strong>${LETTERS[at] ?? ''}</strong> ${name}<span class="quiet">, ${last === null ? 'no data' : `latest ${last}`}</span></span></li>`;
  })}</ul>`;

function drawLine({ name, shares }: ChartLine, place: number, axis: ChartAxis, top: number): Markup {
  const count = axis.periods.length;
  const spot = (at: number) =>
    `${round(WIDTH * centreOf(at, count))} ${round(HEIGHT * (1 - (shares[at] as number) / top))}`;
  const runs = splitAtGaps(shares);
  const path = runs.map((points) => `M${points.map(spot).join('L')}`).join('');
  const dots = count > DOTTED ? runs.filter(({ length }) => length === 1).flat() : runs.flat();
  return html`<path class="series s${place + 1}" d="${path}"/>${dots.map(
    (at) =>
      html`<path class="mark s${place + 1}" d="M${spot(at)}h0"><title>${`${name}, ${axis.periods[at]}: ${formatPercent(shares[at] ?? null)}`}</title></path>`,
  )}`;
}

/** Hatches the periods in which no line has a value. */
function drawGaps(lines: readonly ChartLine[], { periods }: ChartAxis): Markup {
  const width = WIDTH / periods.length;
  const gaps = periods.flatMap((_, at) => (lines.every(({ shares }) => shares[at] === null) ? [at * width] : []));
  const stripes = Array.from({ length: STRIPES }, (_, at) => (HEIGHT * (at + 1)) / STRIPES);
  const draw = (x: number) => stripes.map((y) => `M${round(x)} ${y}l${round(width)} ${-HEIGHT / STRIPES}`).join('');
  return gaps.length === 0 ? html`` : html`<path class="hatch" d="${gaps.map(draw).join('')}"/>`;
}

/** Renders a chart titled `what`, or a sentence if no line has a point. */
export function renderLineChart(what: string, lines: readonly ChartLine[], axis: ChartAxis): Markup {
  const known = lines.flatMap(({ shares }) => shares.filter((share) => share !== null));
  if (known.length === 0) return html`<p class="quiet">${what}: no data for these days.</p>`;
  const top = roundUpScale(Math.max(...known));
  const breaks = axis.breaks.flatMap(({ day, what }) => {
    const at = positionOfDay(day, axis);
    return at === null ? [] : [{ day, what, at }];
  });
  const [first, last] = [axis.periods[0] ?? '', axis.periods.at(-1) ?? ''];
  const heights = lines.length > 1 ? placeLetters(lines, top) : [];
  const gaps = lines.some(({ shares }) => shares.includes(null));
  return html`<figure class="rise">
  <h2>${what}</h2>
  ${lines.length > 1 ? renderLegend(lines) : ''}
  <div class="plot lined">
    <div class="scale" aria-hidden="true">${[top, top / 2, 0].map((share) => html`<span>${Number((share * 100).toPrecision(3))}%</span>`)}</div>
    <svg class="lines" role="img" aria-label="${`${what} from ${first} to ${last}, between ${formatPercent(Math.min(...known))} and ${formatPercent(Math.max(...known))}`}">
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" width="100%" height="100%" overflow="visible">
        <path class="grid" d="M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}"/>
        ${drawGaps(lines, axis)}
        ${breaks.map(({ at }) => html`<path class="break" d="M${round(WIDTH * at)} 0V${HEIGHT}"/>`)}
        ${lines.map((line, place) => drawLine(line, place, axis, top))}
      </svg>
      ${breaks.map(({ day, at }) => html`<text class="label" x="${round(100 * at)}%" y="0" dx="${at > 0.6 ? -5 : 5}" dy="1em" text-anchor="${at > 0.6 ? 'end' : 'start'}">${formatDay(day)}</text>`)}
      ${heights.map((height, at) => (height === null ? '' : html`<text class="letter" x="100%" y="${round(100 * height)}%" dx="4" dy="0.35em">${LETTERS[at] ?? ''}</text>`))}
    </svg>
    <p class="span"><span>${first}</span><span>${last}</span></p>
  </div>
  ${
    breaks.length > 0 || gaps
      ? html`<figcaption>${breaks.map(({ day, what }) => `Dashed line, ${formatDay(day)}: ${what}. `)}${gaps ? 'Hatched, or a gap in a line: not captured, or too little is known.' : ''}</figcaption>`
      : ''
  }
</figure>`;
}
