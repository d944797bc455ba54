import { html } from 'hono/html';
import { formatCount, formatNumber } from '../../lib/format.ts';
import type { ExportsAnswer } from '../../query/exports.schema.ts';
import { type Markup, renderDay, renderTable, renderTime, unknownValue } from './elements.ts';
import { renderPage } from './page.ts';

type Facts = NonNullable<ExportsAnswer['export']>;
type File = ExportsAnswer['files'][number];

/** Renders the newest export: its facts and files. */
export function renderExportsPage(answer: ExportsAnswer): string {
  const { export: facts, sample } = answer;
  return renderPage({
    title: 'Exports',
    sample,
    section: 'data',
    formats: [
      ['JSON', '/exports.json'],
      ['CSV', '/exports.csv'],
    ],
    main: html`<div class="head">
  <p class="eyebrow">Exports</p>
  <h1>${facts === null ? 'No export yet' : html`Export of ${renderTime(facts.madeAt)}`}</h1>
  <p class="lede">The archive as files: SQLite with full-text search, Parquet, CSV and JSON Lines.</p>
</div>
${facts === null ? noExport : renderFacts(facts, answer)}`,
  });
}

const noExport: Markup = html`<div class="nothing"><p>Once the owner of this archive makes an export, its files are listed here with their checksums.</p></div>`;

const renderFacts = (
  facts: Facts,
  { files, bytes, total, next, downloads }: ExportsAnswer,
): Markup => html`<dl class="facts">
  <div><dt>Days</dt><dd>from ${facts.from === null ? 'the first' : renderDay(facts.from)} to ${facts.to === null ? 'the newest' : renderDay(facts.to)}</dd></div>
  <div><dt>Built from</dt><dd>${formatCount(facts.builtFrom.snapshots, 'snapshot')}, the newest from ${facts.builtFrom.newestCapture === null ? unknownValue : renderTime(facts.builtFrom.newestCapture)}${facts.builtFrom.sample ? '; its papers are invented' : ''}</dd></div>
  <div><dt>Built by</dt><dd>paperkeep ${facts.paperkeep}; parsers ${Object.entries(facts.builtFrom.parsers)
    .map(([name, epoch]) => `${name} ${epoch}`)
    .join(', ')}</dd></div>
  <div><dt>Commit</dt><dd>${facts.commit === null ? unknownValue : html`<code>${facts.commit}</code>`}</dd></div>
  <div><dt>Rows</dt><dd>${Object.entries(facts.rows)
    .map(([table, rows]) => `${table} ${formatNumber(rows)}`)
    .join(', ')}</dd></div>
  <div><dt>Left out</dt><dd>${facts.leftOut.length === 0 ? 'nothing' : facts.leftOut.join(', ')}</dd></div>
  <div><dt>Size</dt><dd>${formatCount(bytes, 'byte')} in ${formatCount(total, 'file')}</dd></div>
</dl>
${downloads ? '' : html`<p>Downloads are switched off on this site.</p>`}
${renderTable(
  'Files',
  html`<table>
  <thead><tr><th scope="col">File</th><th scope="col" class="number">Rows</th><th scope="col" class="number">Bytes</th><th scope="col">SHA-256</th></tr></thead>
  <tbody>${files.map(renderFileRow)}</tbody></table>`,
)}
${renderMoreLink(next)}
<p class="more">Titles and abstracts belong to their authors; this archive cannot license them to you.</p>`;

const renderMoreLink = (path: string | null): Markup =>
  path === null ? html`` : html`<p class="more"><a rel="next" href="${path}">More files</a></p>`;

const renderFileRow = ({ path, rows, bytes, sha256, url }: File): Markup =>
  html`<tr><th scope="row">${url === null ? path : html`<a href="${url}" download>${path}</a>`}</th><td class="number">${rows === null ? unknownValue : formatNumber(rows)}</td>
  <td class="number">${formatNumber(bytes)}</td><td><code title="${sha256}">${sha256.slice(0, 12)}</code></td></tr>`;
