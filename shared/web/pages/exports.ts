import { html } from 'hono/html';
import { formatCount, formatDecimal, formatNumber } from '../../lib/format.ts';
import type { ExportsAnswer } from '../../query/exports.schema.ts';
import { EXPORTS_PATH } from '../../query/exports.ts';
import { type Markup, renderDay, renderMoreLink, renderTable, renderTime, unknownValue } from './elements.ts';
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

/** Formats bytes as `39.2 MB`. */
const formatSize = (bytes: number): string =>
  bytes < 1e6 ? `${formatDecimal(bytes / 1e3)} kB` : `${formatDecimal(bytes / 1e6)} MB`;

/** A button for each format: the file, and for one of many files the way to their list. */
const FORMATS = { 'paperkeep.sqlite': 'SQLite', parquet: 'Parquet', csv: 'CSV' } as const;

const renderButtons = ({ parts, downloads }: ExportsAnswer): Markup =>
  html`<ul class="actions">${Object.entries(FORMATS).map(([path, name]) => {
    const part = parts.find((part) => part.path === path);
    if (!part) return '';
    const words = `${name} ${formatSize(part.bytes)}`;
    return path === 'paperkeep.sqlite' && downloads
      ? html`<li><a href="${EXPORTS_PATH}${path}" download>${words}</a></li>`
      : html`<li><a href="#files">${words}${part.files > 1 ? ` in ${formatCount(part.files, 'file')}` : ''}</a></li>`;
  })}</ul>`;

/** How to open the files once they are in a folder. */
const SNIPPETS = [
  ['Datasette', 'datasette paperkeep.sqlite'],
  ['DuckDB', "SELECT * FROM read_parquet('parquet/papers/*/*.parquet') LIMIT 10;"],
  ['pandas', "import pandas as pd\npapers = pd.read_parquet('parquet/papers')"],
] as const;

const renderFacts = (facts: Facts, answer: ExportsAnswer): Markup => html`${renderButtons(answer)}
${answer.downloads ? '' : html`<p class="quiet">Downloads are switched off on this site.</p>`}
<section class="part snippets" aria-labelledby="snippets"><h2 id="snippets">Open it</h2>
${SNIPPETS.map(([name, code]) => html`<p>${name}</p><pre><code>${code}</code></pre>`)}</section>
<details class="wide" id="files"><summary>${formatCount(answer.total, 'file')}, ${formatSize(answer.bytes)}</summary>
${renderTable(
  'Files',
  html`<table>
  <thead><tr><th scope="col">File</th><th scope="col" class="number">Rows</th><th scope="col" class="number">Bytes</th><th scope="col">SHA-256</th></tr></thead>
  <tbody>${answer.files.map(renderFileRow)}</tbody></table>`,
)}
${renderMoreLink(answer.next, 'More files')}</details>
<details class="wide"><summary>What it is made of</summary><dl class="facts">
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
</dl></details>
<p class="more">Titles and abstracts belong to their authors; this archive cannot license them to you.</p>`;

const renderFileRow = ({ path, rows, bytes, sha256, url }: File): Markup =>
  html`<tr><th scope="row">${url === null ? path : html`<a href="${url}" download>${path}</a>`}</th><td class="number">${rows === null ? unknownValue : formatNumber(rows)}</td>
  <td class="number">${formatNumber(bytes)}</td><td><code title="${sha256}">${sha256.slice(0, 12)}</code></td></tr>`;
