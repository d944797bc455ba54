/** Upvotes as SVG. Labels are HTML beside it, so that text keeps its size on a phone. */

import { html } from 'hono/html';
import { formatCount, formatNumber, formatTime } from '../../lib/format.ts';
import type { Day, Instant } from '../../lib/time.ts';
import { addDays, dayOf, parseInstant, secondsBetween, startOfDay } from '../../lib/time.ts';
import type { ListedPaper } from '../../query/list.schema.ts';
import type { Markup } from './elements.ts';
import { renderTime } from './elements.ts';

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

/** A count observed at an instant; null if unknown. */
export type CountPoint = { readonly at: string; readonly count: number | null };

/** `36 hours`, `2 days`. */
export const formatAge = (hours: number): string =>
  hours % 24 === 0 ? formatCount(hours / 24, 'day') : formatCount(hours, 'hour');

const round = (value: number): number => Math.round(value * 10) / 10;

const WIDTH = 720;
const HEIGHT = 200;
// More midnights would be a hatching, more dots a thick line.
const MIDNIGHTS_DRAWN = 31;
const DOTS_DRAWN = 60;

/** Rounds a count up to an even top of a scale, so that its half is whole too. */
export function roundUpScale(count: number): number {
  const unit = 10 ** Math.max(0, Math.ceil(Math.log10(Math.max(count, 1))) - 1);
  return [2, 4, 6, 8, 10].map((step) => step * unit).find((top) => top >= count) ?? count;
}

const listMidnights = (from: Instant, to: Instant): Instant[] => {
  const days: Day[] = [];
  for (let day = addDays(dayOf(from), 1); startOfDay(day) < to && days.length <= MIDNIGHTS_DRAWN; day = addDays(day, 1))
    days.push(day);
  return days.length > MIDNIGHTS_DRAWN ? [] : days.map(startOfDay);
};

/** Renders upvotes over time as a line without labels; nothing with fewer than two known values. Decoration. */
export function renderSparkline(upvotes: readonly (number | null)[]): Markup {
  const known = upvotes.filter((count) => count !== null);
  const top = Math.max(1, ...known);
  if (known.length < 2) return html``;
  const points = known.map(
    (count, at) => `${round((100 * at) / (known.length - 1))} ${round(23 - (22 * count) / top)}`,
  );
  return html`<svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true"><path d="M${points.join('L')}"/></svg>`;
}

/** Renders a count of upvotes or stars over time as steps: a value holds until the next observation. With fewer than two it is a sentence. */
export function renderCountChart(points: readonly CountPoint[], unit: 'upvote' | 'star'): Markup {
  const seen = points
    .flatMap(({ at, count }) => {
      const instant = parseInstant(at);
      return instant && count !== null ? [{ at: instant, count }] : [];
    })
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const first = seen[0];
  const last = seen.at(-1);
  if (!first || !last) return html`<p class="quiet">No ${unit}s were captured.</p>`;
  if (first.at === last.at)
    return html`<p class="quiet">Captured once so far, with ${formatCount(last.count, unit)}.</p>`;

  const top = roundUpScale(Math.max(...seen.map(({ count }) => count)));
  const span = secondsBetween(first.at, last.at);
  const x = (at: Instant): number => round((WIDTH * secondsBetween(first.at, at)) / span);
  const y = (count: number): number => round(HEIGHT * (1 - count / top));
  const steps = seen.slice(1).map(({ at, count }) => `H${x(at)}V${y(count)}`);
  const line = `M0 ${y(first.count)}${steps.join('')}`;
  const dots = seen.length > DOTS_DRAWN ? [] : seen;
  const name = unit === 'star' ? 'Stars' : 'Upvotes';
  const summary = `${name} from ${formatNumber(first.count)} on ${formatTime(first.at)} to ${formatNumber(last.count)} on ${formatTime(last.at)}, ${formatCount(seen.length, 'observation')}`;

  return html`<figure class="rise">
  <div class="plot">
    <div class="scale" aria-hidden="true"><span>${formatNumber(top)}</span><span>${formatNumber(top / 2)}</span><span>0</span></div>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${summary}">
      ${listMidnights(first.at, last.at).map((at) => html`<path class="midnight" d="M${x(at)} 0V${HEIGHT}"/>`)}
      <path class="grid" d="M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}"/>
      <path class="area" d="${line}V${HEIGHT}H0Z"/>
      <path class="line" d="${line}"/>
      ${dots.map(({ at, count }) => html`<path class="dot" d="M${x(at)} ${y(count)}h0"><title>${`${formatCount(count, unit)}, ${formatTime(at)}`}</title></path>`)}
    </svg>
    <p class="span"><span>${renderTime(first.at)}</span><span>${renderTime(last.at)}</span></p>
  </div>
  <figcaption>${name} as observed; vertical lines mark midnight (UTC).</figcaption>
</figure>`;
}
