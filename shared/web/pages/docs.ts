import { html } from 'hono/html';
import { capitalize } from '../../lib/format.ts';
import { periodOf } from '../../lib/period.ts';
import type { Day } from '../../lib/time.ts';
import { slugOf } from '../../model/paper.ts';
import type { ListAnswer } from '../../query/list.schema.ts';
import type { OpenApiDocument, Operation, Parameter } from '../openapi.ts';
import { capturePath, withQuery } from '../paths.ts';
import { type Markup, renderTable } from './elements.ts';
import { renderPage } from './page.ts';

/** Query parameters without which an address is refused, or has little to show. */
const EXAMPLE_QUERIES: Readonly<Record<string, (subject: Subject) => Readonly<Record<string, string>>>> = {
  '/search': ({ keyword }) => ({ q: keyword.replaceAll('-', ' ') }),
  '/compare': ({ keyword }) => ({ topics: keyword }),
};

/** What the examples are about: a paper of the newest daily list, so that every link leads to something that this site has. */
type Subject = {
  readonly day: string;
  readonly observedAt: string;
  readonly id: string;
  readonly author: string;
  readonly organization: string;
  readonly keyword: string;
};

/**
 * Renders the documentation of the API from its OpenAPI document. The examples are about the first paper of `newest` that has an id, with
 * addresses at `origin` (`https://papers.example.org`).
 */
export function renderDocsPage(
  document: OpenApiDocument,
  newest: ListAnswer,
  origin: string,
  sendsMail: boolean,
): string {
  const subject = chooseSubject(newest);
  // without mail there are no digests to link to
  const subjectOf = (path: string) => (sendsMail || !path.startsWith('/digests') ? subject : null);
  const operations = Object.entries(document.paths).map(([path, { get }]) => ({ path, ...get }));
  return renderPage({
    title: 'API',
    sample: newest.sample,
    section: 'data',
    description: 'Every address of this site as data: JSON, CSV, BibTeX and feeds, with examples.',
    formats: [['JSON', '/openapi.json']],
    main: html`<div class="head">
  <h1>API</h1>
  <p class="lede">Every page of this site is also data: add <code>.json</code> to its address. Nothing needs a key unless the owner put the site behind a token.</p>
</div>
<div class="prose">
  <p>An unknown value is <code>null</code>. Times are UTC, to the second. Long lists come in pages with <code>limit</code>, <code>cursor</code> and <code>next</code>;
  <code>.csv</code> and <code>.bib</code> are always complete. Errors are <code>application/problem+json</code> and name every bad parameter.</p>
  <ul>${document.tags.map(({ name, description }) => html`<li><a href="#tag-${name}">${capitalize(name)}</a>: ${description}</li>`)}</ul>
</div>
${document.tags.map(
  ({ name }) => html`<section id="tag-${name}">
<h2>${capitalize(name)}</h2>
${operations.filter(({ tags }) => tags.includes(name)).map((operation) => renderOperation(operation, subjectOf(operation.path), origin))}
</section>`,
)}`,
  });
}

function renderOperation(
  { path, summary, description, parameters = [], operationId }: Operation & { readonly path: string },
  subject: Subject | null,
  origin: string,
): Markup {
  const example = subject && examplePath(path, subject);
  return html`<article class="operation" id="${operationId}">
<h3><code>${path}</code></h3>
<p>${renderProse(summary)} ${renderProse(description ?? '')}</p>
${
  parameters.length === 0
    ? ''
    : renderTable(
        `Parameters of ${path}`,
        html`<table><thead><tr><th scope="col">Parameter</th><th scope="col">Value</th><th scope="col">Default</th></tr></thead>
<tbody>${parameters.map(
          ({ name, required, schema }) =>
            html`<tr><th scope="row"><code>${name}</code></th><td>${describeValue(schema)}</td><td>${required ? 'required' : (schema.default ?? '')}</td></tr>`,
        )}</tbody></table>`,
      )
}
${example ? html`<p><a href="${example}">Try it: ${example}</a></p>${renderSnippets(origin + example)}` : ''}
</article>`;
}

const renderSnippets = (url: string): Markup => html`<details><summary>curl, Python, JavaScript</summary>
<pre><code>curl '${url}'</code></pre>
<pre><code>import json, urllib.request
answer = json.load(urllib.request.urlopen('${url}'))</code></pre>
<pre><code>const answer = await (await fetch('${url}')).json();</code></pre>
</details>`;

/** Renders what is between backticks as code. */
const renderProse = (text: string): (Markup | string)[] =>
  text.split('`').map((piece, at) => (at % 2 === 1 ? html`<code>${piece}</code>` : piece));

function describeValue({ description, enum: values, examples = [] }: Parameter['schema']): Markup {
  const [example] = examples;
  return html`${values ? values.join(', ') : renderProse((description ?? 'text').replace(/^must be /, ''))}${example === undefined ? '' : html`, such as <code>${example}</code>`}`;
}

/** The address of an operation with everything in it filled in; null where the subject lacks a value or the answer is a file. */
function examplePath(template: string, subject: Subject): string | null {
  if (!template.endsWith('.json')) return null;
  const path = template.slice(0, -'.json'.length);
  const kind = path.split('/')[1];
  const slugs: Readonly<Record<string, string>> = {
    authors: subject.author,
    organizations: subject.organization,
    keywords: subject.keyword,
    topics: subject.keyword,
  };
  const day = subject.day as Day;
  const values: Readonly<Record<string, string | undefined>> = {
    ...subject,
    slug: slugs[kind ?? ''],
    week: periodOf('week', day),
    month: periodOf('month', day),
    year: day.slice(0, 4),
  };
  if (kind === 'captures' && path !== '/captures')
    return `${capturePath('daily', subject.day, subject.observedAt)}.json`;
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
  if (filled.split('/').slice(1).includes('')) return null;
  return withQuery(`${filled}.json`, EXAMPLE_QUERIES[path]?.(subject) ?? {});
}

function chooseSubject({ day, observedAt, papers }: ListAnswer): Subject | null {
  const paper =
    papers.find(({ id, keywords }) => id !== null && keywords?.length) ?? papers.find(({ id }) => id !== null);
  if (!paper?.id || observedAt === null) return null;
  const [author = '', keyword = ''] = [paper.authors?.[0], paper.keywords?.[0]];
  return {
    day,
    observedAt,
    id: paper.id,
    author: slugOf(author),
    organization: slugOf(paper.organization?.name ?? ''),
    keyword: slugOf(keyword),
  };
}
