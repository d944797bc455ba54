import { html } from 'hono/html';
import type { Problem } from '../query/answers.ts';
import { type Html, page } from './page.ts';

/** What went wrong, and ways on. */
export const problemPage = ({ status, title, detail, errors }: Problem, sample: boolean): Html =>
  page({
    title,
    sample,
    here: null,
    twins: [],
    main: html`<div class="head">
  <p class="eyebrow">Error ${status}</p>
  <h1>${title}</h1>
  ${errors?.length ? html`<ul class="errors">${errors.map((error) => html`<li><code>${error.parameter}</code> ${error.detail}</li>`)}</ul>` : html`<p class="lede">${detail}</p>`}
</div>
<p>Go on with <a href="/">the front page</a>, <a href="/daily">the newest daily list</a> or <a href="/coverage">the calendar of what was captured</a>.</p>`,
  });
