import { html } from 'hono/html';
import { formatCount, formatNumber, formatTime } from '../../lib/format.ts';
import type { CaptureAnswer, CaptureFacts, CapturesAnswer } from '../../query/captures.schema.ts';
import { capturePath, listPath, withQuery } from '../paths.ts';
import type { Markup } from './elements.ts';
import { renderDay, renderMoreLink, renderRangeForm, renderTable, renderTime, unknownValue } from './elements.ts';
import { renderPage } from './page.ts';
import { formatListName } from './text.ts';

/** What a listing was parsed from. */
const VIAS: Readonly<Record<string, string>> = {
  api: 'API',
  page: 'page data',
  cards: 'page cards',
  text: 'copied text',
};
const renderVia = (via: string | null): Markup => (via === null ? unknownValue : html`${VIAS[via] ?? via}`);
const renderComplete = (complete: boolean | null): Markup =>
  complete === null ? unknownValue : html`${complete ? 'yes' : 'no'}`;
const isUsableOutcome = (outcome: string): boolean => outcome === 'list' || outcome === 'empty';
const renderOutcome = ({ outcome }: CaptureFacts): Markup =>
  html`<span class="outcome ${isUsableOutcome(outcome) ? 'good' : 'bad'}">${outcome}</span>`;

const renderRow = (capture: CaptureFacts): Markup => {
  const { list, day, at, listed, complete, bytes, sha256 } = capture;
  const path = capturePath(list, day, at);
  return html`<tr><th scope="row"><a href="${path}">${renderTime(at)}</a></th><td>${renderOutcome(capture)}</td>
  <td class="number">${listed === null ? unknownValue : formatNumber(listed)}</td><td>${renderComplete(complete)}</td><td>${renderVia(capture.via)}</td>
  <td><a href="${listPath(list, day)}">${formatListName(list)}${day === at.slice(0, 10) ? '' : html`, ${renderDay(day)}`}</a></td>
  <td class="number">${formatNumber(bytes)}</td><td><code title="${sha256}">${sha256.slice(0, 12)}</code></td><td><a href="${path}.warc.gz" download>WARC<span class="unseen"> of ${formatTime(at)}</span></a></td></tr>`;
};

const renderRange = (from: string | null, to: string | null): Markup =>
  from !== null && from === to
    ? html` of ${renderDay(from)}`
    : html`${from === null ? '' : html` from ${renderDay(from)}`}${to === null ? '' : html` to ${renderDay(to)}`}`;

/** Renders the index of captures of one list or of all, newest day first. */
export function renderCapturesPage({ list, from, to, captures, total, next, lists, sample }: CapturesAnswer): string {
  const query = { list, from, to };
  const heading = list === null ? 'All lists' : formatListName(list);
  return renderPage({
    title: `Captures, ${heading.toLowerCase()}`,
    sample,
    section: 'data',
    formats: [
      ['JSON', withQuery('/captures.json', query)],
      ['CSV', withQuery('/captures.csv', query)],
    ],
    main: html`<div class="head">
  <p class="eyebrow">Captures</p>
  <h1>${heading}</h1>
  <p class="lede">${formatCount(total, 'capture')}${renderRange(from, to)}, newest day first. Each is one file with every request and response, failed visits included.</p>
  <nav aria-label="Captures of other lists"><ul class="tabs">${[
    ...new Set([null, 'daily', 'trending', ...lists, list]),
  ].map(
    (name) =>
      html`<li><a href="${withQuery('/captures', { list: name })}"${name === list ? html` aria-current="true"` : ''}>${name === null ? 'All lists' : formatListName(name)}</a></li>`,
  )}</ul></nav>
</div>
${renderRangeForm('/captures', { from, to }, { list })}
${
  captures.length === 0
    ? html`<div class="nothing"><p>No captures in this range.</p></div>`
    : renderTable(
        'Captures, newest day first',
        html`<table>
  <thead><tr><th scope="col">Time</th><th scope="col">Outcome</th><th scope="col" class="number">Listed</th><th scope="col">Complete</th><th scope="col">Read from</th><th scope="col">List</th>
    <th scope="col" class="number">Bytes</th><th scope="col">SHA-256</th><th scope="col">File</th></tr></thead>
  <tbody>${captures.map(renderRow)}</tbody></table>`,
      )
}
${renderMoreLink(next, 'Older captures')}`,
  });
}

/** Renders one capture: its facts and a link to its file. */
export function renderCapturePage(capture: CaptureAnswer): string {
  const { list, day, at, why, listed, complete, rejects, bytes, sha256, key, imported, sample } = capture;
  const path = capturePath(list, day, at);
  return renderPage({
    title: `Capture of ${formatTime(at)}`,
    sample,
    section: 'data',
    formats: [['JSON', `${path}.json`]],
    main: html`<div class="head">
  <p class="eyebrow"><a href="${withQuery('/captures', { list, from: day, to: day })}">Captures</a> · <a href="${listPath(list, day)}">${formatListName(list)}, ${renderDay(day)}</a></p>
  <h1>Capture of ${renderTime(at)}</h1>
  <p class="lede">${why || (rejects === 0 ? 'Captured and read without problems.' : `${formatCount(rejects, 'entry', 'entries')} could not be read.`)}</p>
</div>
<dl class="facts">
  <div><dt>Outcome</dt><dd>${renderOutcome(capture)}</dd></div>
  <div><dt>Listed</dt><dd>${listed === null ? unknownValue : formatCount(listed, 'entry', 'entries')}${rejects > 0 ? html`, ${formatNumber(rejects)} of them unreadable` : ''}</dd></div>
  <div><dt>Complete</dt><dd>${renderComplete(complete)}</dd></div>
  <div><dt>Read from</dt><dd>${renderVia(capture.via)}</dd></div>
  <div><dt>Captured by</dt><dd>${imported ? 'another program, imported' : 'paperkeep'}</dd></div>
  <div><dt>Size</dt><dd>${formatCount(bytes, 'byte')}</dd></div>
  <div><dt>SHA-256</dt><dd><code>${sha256}</code></dd></div>
  <div><dt>Key</dt><dd><code>${key}</code></dd></div>
</dl>
<p class="more"><a href="${path}.warc.gz" download>Download the WARC file</a></p>
<p><a href="${withQuery(listPath(list, day), { at })}">The list at that time</a></p>`,
  });
}
