/** Upvotes and ranks as SVG. Lines are in nested drawings that stretch, so that text keeps its size on a phone. */

import { html } from 'hono/html';
import { formatCount, formatDay, formatNumber, formatTime } from '../../lib/format.ts';
import { compareText } from '../../lib/order.ts';
import type { Instant } from '../../lib/time.ts';
import { addDays, countDays, dayOf, parseInstant, secondsBetween, startOfDay } from '../../lib/time.ts';
import type { ListedPaper } from '../../query/list.schema.ts';
import type { Markup } from './elements.ts';

/** Renders a bar of a paper's first upvotes and what it gained since; `most` is its full length. Decoration: the numbers stand beside it. */
export function renderUpvoteBar(
  { upvotes, firstUpvotes, gain }: Pick<ListedPaper, 'upvotes' | 'firstUpvotes' | 'gain'>,
  most: number,
): Markup {
  if (upvotes === null || most === 0) return html``;
  const at = (count: number): string => ((100 * Math.max(0, count)) / most).toFixed(1);
  const before = gain === null ? upvotes : Math.min(firstUpvotes ?? upvotes, upvotes);
  return html`<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="4"/><rect class="now" width="${at(upvotes)}" height="4"/><rect class="before" width="${at(before)}" height="4"/></svg>`;
}

/** `36 hours`, `2 days`. */
export const formatAge = (hours: number): string =>
  hours % 24 === 0 ? formatCount(hours / 24, 'day') : formatCount(hours, 'hour');

const round = (value: number): number => Math.round(value * 10) / 10;

/** Rounds a count up to an even top of a scale, so that its half is whole too. */
export function roundUpScale(count: number): number {
  const unit = 10 ** Math.max(0, Math.ceil(Math.log10(Math.max(count, 1))) - 1);
  return [2, 4, 6, 8, 10].map((step) => step * unit).find((top) => top >= count) ?? count;
}

/** Renders upvotes over time as a line without labels; nothing with fewer than two known values. Decoration. */
export function renderSparkline(upvotes: readonly (number | null)[]): Markup {
  const known = thinOut(
    upvotes.filter((count) => count !== null),
    SPARK_VALUES,
  );
  const top = Math.max(1, ...known);
  if (known.length < 2) return html``;
  const points = known.map(
    (count, at) => `${round((100 * at) / (known.length - 1))} ${round(23 - (22 * count) / top)}`,
  );
  return html`<svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true"><path d="M${points.join('L')}"/></svg>`;
}

/** What was observed of a paper at an instant; null where it is unknown. */
export type HistoryPoint = {
  readonly at: string;
  readonly list: string;
  readonly count: number | null;
  readonly rank: number | null;
};
/** What is counted. */
type Unit = 'upvote' | 'star';
/** An event that the chart marks with a number. */
export type ChartEvent = { readonly at: string; readonly label: string };

/** Days between two ticks, so that few are drawn. */
const TICK_DAYS = [1, 2, 7, 14, 30, 90, 180, 365, 730, 1825];
const MAX_TICKS = 5;
/** Values that the script shows, and points of a line without labels; more would only make the page heavy. */
const [MAX_VALUES, SPARK_VALUES] = [300, 40];
/** Thousandths of the width between two marks that both have their number. */
const LETTER = 40;
/** A paper that was not seen for so many seconds was elsewhere: its line breaks. */
const BREAK_SECONDS = 30 * 3600;
/** Thousandths of the width that an observation by itself takes. */
const DASH = 12;

type Seen = HistoryPoint & { readonly at: Instant };
type Place = (at: Instant) => number;

/** The first seconds of some days between two instants. */
function listTicks(from: Instant, to: Instant): Instant[] {
  const days = countDays(dayOf(from), dayOf(to));
  const step = TICK_DAYS.find((length) => days / length <= MAX_TICKS) ?? days;
  const ticks: Instant[] = [];
  for (let day = addDays(dayOf(from), 1); startOfDay(day) <= to; day = addDays(day, step)) ticks.push(startOfDay(day));
  return ticks;
}

/**
 * A line of steps: a value holds until the next observation, and the line breaks where the paper was not seen for long. An observation by
 * itself is a dash, because a dot is hardly seen.
 */
function drawSteps(points: readonly { readonly at: Instant; readonly y: number }[], x: Place): string {
  const isJoined = (place: number): boolean => {
    const [from, to] = [points[place - 1], points[place]];
    return from !== undefined && to !== undefined && secondsBetween(from.at, to.at) <= BREAK_SECONDS;
  };
  return points
    .map(({ at, y }, place) =>
      isJoined(place) ? `H${x(at)}V${y}` : `M${x(at)} ${y}h${isJoined(place + 1) ? 0 : x(at) > 500 ? -DASH : DASH}`,
    )
    .join('');
}

const describeValue = ({ at, count, rank, list }: Seen, unit: Unit): string =>
  [
    count === null ? `${unit}s unknown` : formatCount(count, unit),
    ...(rank === null ? [] : [`rank ${rank} on ${list.split(':')[0]}`]),
    formatTime(at),
  ].join(', ');

/** Leaves out values in between where there are too many. */
const thinOut = <T>(values: readonly T[], most: number): T[] =>
  values.filter((_, at) => at % Math.ceil(values.length / most) === 0 || at === values.length - 1);

/**
 * Renders a count over time above the rank on each list, which is best at the top; `events` are marked by their numbers. With fewer than
 * two instants it is a sentence. The script shows the values, which the table of observations has too.
 */
export function renderHistoryChart(
  points: readonly HistoryPoint[],
  events: readonly ChartEvent[] = [],
  unit: Unit = 'upvote',
): Markup {
  const seen = points
    .flatMap((point): Seen[] => {
      const at = parseInstant(point.at);
      return at ? [{ ...point, at }] : [];
    })
    .toSorted((a, b) => compareText(a.at, b.at));
  const [first, last] = [seen[0], seen.at(-1)];
  if (!first || !last) return html`<p class="quiet">Nothing was captured.</p>`;
  if (first.at === last.at) return html`<p class="quiet">Seen once so far: ${describeValue(first, unit)}.</p>`;

  const span = secondsBetween(first.at, last.at);
  const x: Place = (at) => Math.round((1000 * secondsBetween(first.at, at)) / span);
  const known = seen.flatMap(({ at, count }) => (count === null ? [] : [{ at, count }]));
  const top = roundUpScale(Math.max(0, ...known.map(({ count }) => count)));
  const counts = known.map(({ at, count }) => ({ at, y: round(100 * (1 - count / top)) }));
  const lowest = Math.max(2, ...seen.map(({ rank }) => rank ?? 0));
  const ranksOf = (list: string) =>
    seen.flatMap(({ at, rank, list: on }) =>
      rank === null || on !== list ? [] : [{ at, y: round((100 * (rank - 1)) / (lowest - 1)) }],
    );
  const lists = [...new Set(seen.filter(({ rank }) => rank !== null).map(({ list }) => list))].toSorted();
  const [from, to] = [known[0], known.at(-1)];
  const best = Math.min(...seen.map(({ rank }) => rank ?? lowest));
  const summary = `${from && to ? `${unit === 'star' ? 'Stars' : 'Upvotes'} from ${formatNumber(from.count)} to ${formatNumber(to.count)}` : 'Ranks'} between ${formatTime(first.at)} and ${formatTime(last.at)}${lists.length > 0 ? `, best rank ${best}` : ''}, ${formatCount(seen.length, 'observation')}`;
  const marks = events.flatMap(({ at, label }) => {
    const instant = parseInstant(at);
    return instant && instant >= first.at && instant <= last.at ? [{ x: x(instant), label }] : [];
  });
  const values = thinOut(seen, MAX_VALUES);
  return html`<figure class="rise">
  <svg class="tracks" role="img" aria-label="${summary}" data-x="${values.map(({ at }) => x(at)).join(' ')}" data-values="${values.map((value) => describeValue(value, unit)).join('|')}">
    <svg viewBox="0 0 1000 100" preserveAspectRatio="none" y="8%" height="${lists.length === 0 ? 81 : 55}%" overflow="visible">
      <path class="grid" d="M0 0H1000M0 50H1000M0 100H1000"/>
      ${counts.length > 1 ? html`<path class="line" d="${drawSteps(counts, x)}"/>` : ''}
    </svg>
    ${lists.length === 0 ? '' : html`<svg viewBox="0 0 1000 100" preserveAspectRatio="none" y="71%" height="18%" overflow="visible"><path class="grid" d="M0 0H1000M0 100H1000"/>${lists.map((list, at) => html`<path class="series s${at + 2}" d="${drawSteps(ranksOf(list), x)}"/>`)}</svg>`}
    ${marks.map(({ x, label }, at) => html`<line class="event" x1="${x / 10}%" x2="${x / 10}%" y1="6%" y2="89%"/>${x - (marks[at - 1]?.x ?? -LETTER) < LETTER ? '' : html`<text class="letter" x="${x / 10}%" y="0.9em" text-anchor="${anchor(x)}">${label}</text>`}`)}
    <text y="8%" dy="1.1em">${formatNumber(top)} ${unit}s</text>
    ${lists.length === 0 ? '' : html`<text y="71%" dy="-0.45em">rank 1</text><text y="89%" dy="-0.25em">${lowest}</text>`}
    ${listTicks(first.at, last.at).map((at) => html`<text x="${x(at) / 10}%" y="100%" dy="-0.2em" text-anchor="${anchor(x(at))}">${formatDay(at.slice(0, 10)).slice(0, -5)}</text>`)}
  </svg>
  <figcaption>${formatTime(first.at)} to ${formatTime(last.at)}${lists.length < 2 ? '' : html`. Rank: ${lists.map((list, at) => html`<svg class="swatch" viewBox="0 0 36 10" width="30" height="8" aria-hidden="true"><path class="series s${at + 2}" d="M2 5H34"/></svg> ${list.replace(':', ': ')} `)}`}</figcaption>
</figure>`;
}

/** How a label at a place of 0 to 1000 stays inside the chart. */
const anchor = (x: number): string => (x < 60 ? 'start' : x > 940 ? 'end' : 'middle');
