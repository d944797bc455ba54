import { html } from 'hono/html';
import { formatCount } from '../../lib/format.ts';
import type { HealthAnswer, VersionsAnswer } from '../../query/health.schema.ts';
import { listPath } from '../paths.ts';
import { renderTable, renderTime, unknownValue } from './elements.ts';
import { renderPage } from './page.ts';
import { formatListName } from './text.ts';

const STATES = {
  ok: ['Healthy', 'Every list was captured recently.'],
  stale: ['Stale', 'At least one list has not been captured for too long.'],
  empty: ['Empty', 'Nothing has been captured yet.'],
} as const;

function formatAge(minutes: number): string {
  if (minutes < 120) return formatCount(minutes, 'minute');
  return minutes < 2880
    ? formatCount(Math.round(minutes / 60), 'hour')
    : formatCount(Math.round(minutes / 1440), 'day');
}

/** Renders the age of each list's newest capture and whether that is too old. */
export function renderHealthPage({ status, now, lists, sample }: HealthAnswer): string {
  const [heading, meaning] = STATES[status];
  return renderPage({
    title: `Health: ${status}`,
    sample,
    section: 'data',
    formats: [['JSON', '/-/health.json']],
    main: html`<div class="head">
  <p class="eyebrow">Health</p>
  <h1>${heading}</h1>
  <p class="lede">${meaning} As of ${renderTime(now)}.</p>
</div>
${
  lists.length === 0
    ? ''
    : renderTable(
        'Lists',
        html`<table>
  <thead><tr><th scope="col">List</th><th scope="col">State</th><th scope="col" class="number">Age</th><th scope="col">Newest capture</th></tr></thead>
  <tbody>${lists.map(
    ({
      list,
      last,
      ageMinutes,
      stale,
    }) => html`<tr><th scope="row"><a href="${listPath(list)}">${formatListName(list)}</a></th>
    <td><span class="outcome ${stale ? 'bad' : 'good'}">${stale ? 'stale' : 'ok'}</span></td>
    <td class="number">${ageMinutes === null ? unknownValue : formatAge(ageMinutes)}</td><td>${last === null ? 'never' : renderTime(last)}</td></tr>`,
  )}</tbody></table>`,
      )
}`,
  });
}

/** Renders the versions of the program, the schema and the parsers. */
export const renderVersionsPage = ({ paperkeep, node, schema, parsers, sample }: VersionsAnswer): string =>
  renderPage({
    title: 'Versions',
    sample,
    section: 'data',
    formats: [['JSON', '/-/versions.json']],
    main: html`<div class="head">
  <h1>Versions</h1>
</div>
<dl class="facts">
  <div><dt>paperkeep</dt><dd>${paperkeep}</dd></div>
  <div><dt>Node</dt><dd>${node}</dd></div>
  <div><dt>Schema</dt><dd>${schema}</dd></div>
  ${Object.entries(parsers).map(([name, epoch]) => html`<div><dt>Parser “${name}”</dt><dd>epoch ${epoch}</dd></div>`)}
</dl>`,
  });
