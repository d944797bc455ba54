/** Pieces of a page that many pages use: links, times, unknown values. */

import { html } from 'hono/html';
import { formatDay, formatTime } from '../../lib/format.ts';

/** A piece of a page, escaped. */
export type Markup = ReturnType<typeof html>;

/** A link to somewhere else, if the address is http or https; otherwise the words and the address as text. */
export function renderExternalLink(url: string, words: string): Markup {
  const protocol = URL.parse(url)?.protocol;
  return protocol === 'http:' || protocol === 'https:'
    ? html`<a href="${url}" rel="noopener noreferrer nofollow">${words}</a>`
    : html`<span>${words === url ? words : `${words}: ${url}`}</span>`;
}

/** A link to one of our own pages, or only the words where there is none. */
export const renderLink = (path: string | null, words: string | Markup): Markup =>
  path === null ? html`${words}` : html`<a href="${path}">${words}</a>`;

/** A moment for people, with its exact value for programs. */
export const renderTime = (at: string, words = formatTime(at)): Markup => html`<time datetime="${at}">${words}</time>`;

/** A day for people. */
export const renderDay = (day: string): Markup => html`<time datetime="${day}">${formatDay(day)}</time>`;

/** What stands where a value is not known. */
export const unknownValue: Markup = html`<span class="unknown"><span aria-hidden="true">–</span><span class="unseen">unknown</span></span>`;

/** Puts a comma between pieces. */
export const joinWithCommas = (pieces: readonly Markup[]): (Markup | string)[] =>
  pieces.flatMap((piece, at) => (at === 0 ? [piece] : [', ', piece]));

/** A wide table that scrolls by itself, also with the keyboard, so that the page does not. */
export const renderTable = (label: string, table: Markup): Markup =>
  html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
