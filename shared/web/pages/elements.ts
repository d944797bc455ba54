/** Elements that many pages use: links, times, unknown values, tables. */

import { html } from 'hono/html';
import { formatDay, formatTime } from '../../lib/format.ts';
import type { RangeCoverage } from '../../query/common.schema.ts';
import { type Query, withQuery } from '../paths.ts';
import { describeRangeCoverage } from './text.ts';

/** Escaped HTML. */
export type Markup = ReturnType<typeof html>;

/** Renders a link to another site. An address that is not http or https is shown as text, because it came from the feed. */
export function renderExternalLink(url: string, words: string): Markup {
  const protocol = URL.parse(url)?.protocol;
  return protocol === 'http:' || protocol === 'https:'
    ? html`<a href="${url}" rel="noreferrer nofollow">${words}</a>`
    : html`<span>${words === url ? words : `${words}: ${url}`}</span>`;
}

/** Renders a link to a page of this site, or only the words if `path` is null. */
export const renderLink = (path: string | null, words: string | Markup): Markup =>
  path === null ? html`${words}` : html`<a href="${path}">${words}</a>`;

/** Renders parameters that a form passes on unseen. */
export const renderHidden = (query: Query): Markup[] =>
  Object.entries(query).map(([name, value]) =>
    value ? html`<input type="hidden" name="${name}" value="${value}">` : html``,
  );

/** Renders a form for a range of days; `kept` are further parameters. */
export const renderRangeForm = (
  path: string,
  { from, to }: { readonly from: string | null; readonly to: string | null },
  kept: Query,
): Markup => html`<form class="range" method="get" action="${path}">
  <label>From <input name="from" type="date" value="${from ?? ''}"></label>
  <label>to <input name="to" type="date" value="${to ?? ''}"></label>
  ${renderHidden(kept)}<button>Show</button>
</form>`;

/** Renders an instant with its exact value for programs. */
export const renderTime = (at: string, words = formatTime(at)): Markup => html`<time datetime="${at}">${words}</time>`;

/** Renders a day with its exact value for programs. */
export const renderDay = (day: string): Markup => html`<time datetime="${day}">${formatDay(day)}</time>`;

/** A dash for the eye and "unknown" for a screen reader. */
export const unknownValue: Markup = html`<span class="unknown"><span aria-hidden="true">–</span><span class="unseen">unknown</span></span>`;

/** Renders a short fact about how complete a page is, which opens the facts behind it. */
export const renderFolded = (status: string, summary: string | Markup, facts: Markup): Markup =>
  html`<details class="badge ${status}"><summary>${summary}</summary>${facts}</details>`;

/** Renders how much of a range of days was captured, folded. */
export function renderRangeCoverage(coverage: RangeCoverage, days: Query): Markup {
  const [first = '', ...others] = describeRangeCoverage(coverage).split(' · ');
  const facts = html`<p>${others.map((words) => `${words} · `)}<a href="${withQuery('/coverage', days)}">Coverage</a></p>`;
  return renderFolded(coverage.status === 'failed' ? 'failed' : '', first, facts);
}

/**
 * Renders what a page is about with something beside it, which is below it on a narrow screen. The Tab key passes over the link that leads
 * there, so that few stops lead to the first paper: it reaches what is beside after the papers.
 */
export const renderColumns = (label: string, content: Markup, beside: Markup): Markup => html`<div class="columns">
<div>
<p class="narrow"><a href="#beside" tabindex="-1">${label}</a></p>
${content}
</div>
<aside id="beside" aria-label="${label}">
${beside}
</aside>
</div>`;

/** An arrow from one value to the next, drawn because many fonts have none. */
export const arrow: Markup = html` <span class="to">→</span> `;

/** Puts a comma between elements. */
export const joinWithCommas = (pieces: readonly Markup[]): (Markup | string)[] =>
  pieces.flatMap((piece, at) => (at === 0 ? [piece] : [', ', piece]));

/** Renders a table that scrolls by itself, also with the keyboard, so that a wide one does not widen the page. */
export const renderTable = (label: string, table: Markup): Markup =>
  html`<section class="scroll" aria-label="${label}" tabindex="0">${table}</section>`;

/** Renders the link to the next part of an answer that comes in parts; nothing after the last. */
export const renderMoreLink = (next: string | null, words: string): Markup =>
  next === null ? html`` : html`<p class="more"><a rel="next" href="${next}">${words}</a></p>`;
