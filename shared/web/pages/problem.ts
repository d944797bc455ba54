import { html } from 'hono/html';
import { capitalize } from '../../lib/format.ts';
import type { Problem } from '../../query/problem.schema.ts';
import { renderPage } from './page.ts';

/** Renders an error with ways to go on, which a 429 may refuse too. A detail that only repeats the errors is left out. */
export const renderProblemPage = ({ status, title, detail, errors = [] }: Problem, sample: boolean): string =>
  renderPage({
    title,
    sample,
    section: null,
    formats: [],
    main: html`<div class="head">
  <p class="eyebrow">Error ${status}</p>
  <h1>${title}</h1>
  ${detail === errors.map(({ parameter, detail }) => `${parameter} ${detail}`).join('; ') ? '' : html`<p class="lede">${capitalize(detail).replace(/\w$/, '$&.')}</p>`}
  ${errors.length === 0 ? '' : html`<ul class="errors">${errors.map((error) => html`<li><code>${error.parameter}</code> ${error.detail}</li>`)}</ul>`}
</div>
${status === 429 ? '' : html`<p>Try <a href="/">the front page</a>, <a href="/daily">the newest daily list</a> or <a href="/coverage">the coverage calendar</a>.</p>`}`,
  });
