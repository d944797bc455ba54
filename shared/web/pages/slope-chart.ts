import { html } from 'hono/html';
import type { Markup } from './elements.ts';
import { renderTitle } from './paper-row.ts';

/** A paper at its rank now, and before; null if it was not on the list. */
export type Slope = {
  readonly id: string | null;
  readonly title: string;
  readonly rankBefore: number | null;
  readonly rankAfter: number;
};

/** Height of a row in the drawing. */
const ROW = 10;

/**
 * Renders the first papers of a list in their order now, each joined by a line with its rank before. Ranks beyond those shown follow below them
 * in their order.
 */
export function renderSlopeChart(slopes: readonly Slope[]): Markup {
  const now = slopes.toSorted((a, b) => a.rankAfter - b.rankAfter);
  const shown = now.map((_, place) => place + 1);
  const beyond = now.flatMap(({ rankBefore }) => (rankBefore !== null && rankBefore > now.length ? [rankBefore] : []));
  const before = [...shown, ...beyond.toSorted((a, b) => a - b)];
  const middle = (place: number): number => place * ROW + ROW / 2;
  const line = (slope: Slope, place: number): Markup => {
    const { rankBefore, rankAfter } = slope;
    if (rankBefore === null) return html`<path class="new" d="M80 ${middle(place)}H100"/>`;
    const [from, to] = [middle(before.indexOf(rankBefore)), middle(place)];
    const way = rankBefore > rankAfter ? 'up' : rankBefore < rankAfter ? 'down' : 'level';
    return html`<path class="${way}" d="M0 ${from}C45 ${from} 55 ${to} 100 ${to}"/>`;
  };
  return html`<figure class="slope"><figcaption>The first ${now.length}: rank before, and now</figcaption>
<ol aria-hidden="true">${before.map((rank) => html`<li>${rank}</li>`)}</ol>
<svg viewBox="0 0 100 ${before.length * ROW}" preserveAspectRatio="none" aria-hidden="true">${now.map(line)}</svg>
<ol>${now.map((slope) => html`<li><span class="rank">${slope.rankAfter}</span> <span class="name">${renderTitle(slope)}</span><span class="unseen">${slope.rankBefore === null ? ', new' : `, was ${slope.rankBefore}`}</span></li>`)}</ol></figure>`;
}
