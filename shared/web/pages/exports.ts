import { html } from 'hono/html';
import { formatCount, formatNumber } from '../../lib/format.ts';
import type { ExportsAnswer } from '../../query/schemas/exports.ts';
import { nextPath } from '../paths.ts';
import { type Markup, renderDay, renderTable, renderTime, unknownValue } from './elements.ts';
import { type PageHtml, renderPage } from './page.ts';

type Facts = NonNullable<ExportsAnswer['export']>;
type File = ExportsAnswer['files'][number];

/** The newest export: what it holds and what it was made of; how to make one where there is none. */
export function renderExportsPage(answer: ExportsAnswer): PageHtml {
  const { export: facts, sample } = answer;
  return renderPage({
    title: 'Exports',
    sample,
    section: null,
    formats: [
      ['JSON', '/exports.json'],
      ['CSV', '/exports.csv'],
    ],
    main: html`<div class="head">
  <p class="eyebrow">Exports</p>
  <h1>${facts === null ? 'No export yet' : html`Export of ${renderTime(facts.madeAt)}`}</h1>
  <p class="lede">The archive as files for other programs: SQLite with full text, Parquet, CSV and JSON lines.</p>
</div>
${facts === null ? noExport : renderFacts(facts, answer)}`,
  });
}

const noExport: Markup = html`<div class="nothing"><p>Whoever runs this archive makes one by</p><pre><code>npx paperkeep export</code></pre><p>and finds it here, with its files and their digests.</p></div>`;

const renderFacts = (
  facts: Facts,
  { files, bytes, total, next, downloads }: ExportsAnswer,
): Markup => html`<dl class="facts">
  <div><dt>List days</dt><dd>${facts.from === null ? 'from the first' : html`from ${renderDay(facts.from)}`} ${facts.to === null ? 'to the last' : html`to ${renderDay(facts.to)}`}</dd></div>
  <div><dt>Made of</dt><dd>${formatCount(facts.builtFrom.snapshots, 'snapshot')}, the newest of ${facts.builtFrom.newestCapture === null ? unknownValue : renderTime(facts.builtFrom.newestCapture)}${facts.builtFrom.sample ? '; its papers are made up' : ''}</dd></div>
  <div><dt>Read by</dt><dd>paperkeep ${facts.paperkeep}; parsers ${Object.entries(facts.builtFrom.parsers)
    .map(([name, epoch]) => `${name} ${epoch}`)
    .join(', ')}</dd></div>
  <div><dt>Commit</dt><dd>${facts.commit === null ? unknownValue : html`<code>${facts.commit}</code>`}</dd></div>
  <div><dt>Rows</dt><dd>${Object.entries(facts.rows)
    .map(([table, rows]) => `${table} ${formatNumber(rows)}`)
    .join(', ')}</dd></div>
  <div><dt>Left out</dt><dd>${facts.leftOut.length === 0 ? 'nothing' : facts.leftOut.join(', ')}</dd></div>
  <div><dt>Size</dt><dd>${formatCount(bytes, 'byte')} in ${formatCount(total, 'file')}</dd></div>
</dl>
${downloads ? '' : html`<p>This site tells what there is, and gives no files away.</p>`}
${renderTable(
  'Files',
  html`<table>
  <thead><tr><th scope="col">File</th><th scope="col" class="number">Rows</th><th scope="col" class="number">Bytes</th><th scope="col">SHA-256</th></tr></thead>
  <tbody>${files.map(renderFileRow)}</tbody></table>`,
)}
${renderMoreLink(nextPath(next))}
<p class="more">Titles and abstracts belong to their authors: what you may do with these files is not ours to grant.</p>`;

const renderMoreLink = (path: string | null): Markup =>
  path === null ? html`` : html`<p class="more"><a rel="next" href="${path}">More files</a></p>`;

const renderFileRow = ({ path, rows, bytes, sha256, url }: File): Markup =>
  html`<tr><th scope="row">${url === null ? path : html`<a href="${url}" download>${path}</a>`}</th><td class="number">${rows === null ? unknownValue : formatNumber(rows)}</td>
  <td class="number">${formatNumber(bytes)}</td><td><code title="${sha256}">${sha256.slice(0, 12)}</code></td></tr>`;
