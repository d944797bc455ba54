import { html } from 'hono/html';
import { formatCount, formatDecimal, formatDuration, formatNumber } from '../../lib/format.ts';
import { decodeTex } from '../../lib/tex.ts';
import type { Appearance, HistoryAnswer, PaperAnswer, Version } from '../../query/paper.schema.ts';
import { indexPath, listPath, paperPath, withQuery } from '../paths.ts';
import type { Markup } from './elements.ts';
import {
  joinWithCommas,
  renderDay,
  renderExternalLink,
  renderLink,
  renderTable,
  renderTime,
  unknownValue,
} from './elements.ts';
import { renderMilestones } from './milestones.ts';
import { renderPage } from './page.ts';
import { renderExternalLinks, renderKeywords, renderOrganization, renderUpvotes, toPdfUrl } from './paper-row.ts';
import { formatListName } from './text.ts';
import { type CountPoint, renderCountChart } from './upvote-chart.ts';

/** Authors shown at once; a paper may have hundreds, and the rest is folded. */
const AUTHORS_SHOWN = 10;

const renderAuthorLinks = (names: readonly string[]): (Markup | string)[] =>
  joinWithCommas(names.map((name) => renderLink(indexPath('authors', name), name)));

const renderAuthors = (names: readonly string[] | null): Markup => {
  if (names === null) return html``;
  const rest = names.slice(AUTHORS_SHOWN);
  return html`<p class="byline">${renderAuthorLinks(names.slice(0, AUTHORS_SHOWN))}</p>
  ${rest.length === 0 ? '' : html`<details><summary>and ${formatNumber(rest.length)} more authors</summary><p class="byline">${renderAuthorLinks(rest)}</p></details>`}`;
};

const renderCount = (count: number | null): Markup => (count === null ? unknownValue : html`${formatNumber(count)}`);

/** The observed upvotes or, without observations, those of the appearances. */
const toUpvotePoints = ({ observations }: HistoryAnswer, appearances: readonly Appearance[]): CountPoint[] =>
  observations.length > 0
    ? observations.map(({ at, upvotes }) => ({ at, count: upvotes }))
    : appearances.flatMap(({ firstSeen, firstUpvotes, lastSeen, lastUpvotes }) => [
        { at: firstSeen, count: firstUpvotes },
        { at: lastSeen, count: lastUpvotes },
      ]);

const renderAppearances = (appearances: readonly Appearance[]): Markup =>
  renderTable(
    'Table of appearances',
    html`<table>
  <thead><tr><th scope="col">List</th><th scope="col">First seen</th><th scope="col">Last seen</th>
    <th scope="col" class="number">Seen</th><th scope="col" class="number">Rank<span class="under">first, best, last</span></th><th scope="col" class="number">Upvotes<span class="under">first, peak, last</span></th></tr></thead>
  <tbody>${appearances.map(
    (
      on,
    ) => html`<tr><th scope="row"><a href="${listPath(on.list, on.day)}">${formatListName(on.list)}, ${renderDay(on.day)}</a></th>
    <td>${renderTime(on.firstSeen)}</td><td>${renderTime(on.lastSeen)}</td><td class="number">${formatNumber(on.captures)}×</td>
    <td class="number">${on.firstRank}, ${on.bestRank}, ${on.lastRank}</td>
    <td class="number">${renderCount(on.firstUpvotes)}, ${renderCount(on.peakUpvotes)}, ${renderCount(on.lastUpvotes)}</td></tr>`,
  )}</tbody>
</table>`,
  );

const FIELDS: Readonly<Record<string, string>> = {
  title: 'title',
  abstract: 'abstract',
  authors: 'authors',
  githubUrl: 'code',
  projectUrl: 'project page',
  keywords: 'keywords',
  aiSummary: 'AI summary',
  organization: 'organization',
  submittedBy: 'submitter',
  publishedAt: 'publication date',
  listedOn: 'list day',
};

const renderFieldValue = (version: Version | undefined, field: string): Markup => {
  const value: unknown = version?.[field as keyof Version] ?? null;
  if (value === null) return html`<span class="quiet">none</span>`;
  if (Array.isArray(value)) return html`${value.join(', ')}`;
  if (typeof value === 'object') return html`${version?.organization?.fullname ?? ''}`;
  return field === 'githubUrl' || field === 'projectUrl'
    ? renderExternalLink(`${value}`, `${value}`)
    : html`${`${value}`}`;
};

const renderChange = (field: string, before: Version | undefined, after: Version): Markup => {
  const words = FIELDS[field] ?? field;
  const long = field === 'abstract' || field === 'aiSummary' || field === 'authors';
  const values = html`<span class="was">${renderFieldValue(before, field)}</span> <span class="became">${renderFieldValue(after, field)}</span>`;
  return long
    ? html`<li><details><summary>${words} changed</summary><p class="change">${values}</p></details></li>`
    : html`<li class="change"><span class="field">${words}</span> ${values}</li>`;
};

const renderVersions = (versions: readonly Version[]): Markup =>
  html`<ol class="versions">${versions.map(
    (version, place) => html`<li><p class="eyebrow">${renderTime(version.since)}</p>
  ${
    version.changed.length === 0
      ? html`<p>First seen${version.title ? html` as “${version.title}”` : ''}.</p>`
      : html`<ul>${version.changed.map((field) => renderChange(field, versions[place - 1], version))}</ul>`
  }</li>`,
  )}</ol>`;

/** Renders a paper: its content, upvotes over time, milestones, appearances and changes. */
export function renderPaperPage(
  { paper, appearances, versions, life, sample }: PaperAnswer,
  history: HistoryAnswer,
): string {
  const path = paperPath(paper.id);
  return renderPage({
    title: paper.title,
    sample,
    section: null,
    formats: [
      ['JSON', `${path}.json`],
      ['BibTeX', `${path}.bib`],
    ],
    meta: citationTags(paper),
    description: paper.aiSummary ?? paper.abstract,
    main: html`<article data-id="${paper.id}">
<div class="head">
  <p class="eyebrow">${paper.id}${paper.listedOn === null ? '' : html` · <a href="${listPath('daily', paper.listedOn)}">daily list of ${renderDay(paper.listedOn)}</a>`}</p>
  <h1>${decodeTex(paper.title)}</h1>
  ${renderAuthors(paper.authors)}
  ${paper.organization ? html`<p class="byline">${renderOrganization(paper.organization)}</p>` : ''}
  ${renderExternalLinks(paper)}
</div>
<div class="columns paper-page">
<section class="reading" aria-labelledby="abstract">
  <h2 id="abstract">Abstract</h2>
  ${paper.aiSummary === null ? '' : html`<p class="summary"><span class="tag" title="AI summary from Hugging Face">AI</span> ${paper.aiSummary}</p>`}
  ${paper.abstract === null ? html`<p class="quiet">No capture included the abstract.</p>` : html`<p class="abstract">${decodeTex(paper.abstract)}</p>`}
  ${renderKeywords(paper.keywords, true)}
  <p><a href="${path}/similar">Similar papers</a></p>
</section>
<aside aria-labelledby="upvotes">
  <h2 id="upvotes">Upvotes over time</h2>
  ${renderCountChart(toUpvotePoints(history, appearances), 'upvote')}
  <p><a href="${path}/history">All observations</a></p>
  <dl class="figures">
    <div><dt>Upvotes</dt><dd>${renderUpvotes(paper.upvotes)}</dd></div>
    ${paper.expectedUpvotes === null ? '' : html`<div><dt><a href="${withQuery('/expected', { day: paper.listedOn })}">Expected at ${formatDuration(paper.ageHours ?? 0)}</a></dt><dd>${formatDecimal(paper.expectedUpvotes)}</dd></div>`}
    ${life.best === null ? '' : html`<div><dt>Best rank</dt><dd>${life.best.rank}</dd></div>`}
    ${paper.comments === null ? '' : html`<div><dt>Comments</dt><dd>${formatNumber(paper.comments)}</dd></div>`}
    ${paper.githubStars === null ? '' : html`<div><dt>GitHub stars</dt><dd>${formatNumber(paper.githubStars)}</dd></div>`}
    <div><dt>First seen</dt><dd class="when">${renderTime(paper.firstSeen)}</dd></div>
    <div><dt>Last seen</dt><dd class="when">${renderTime(paper.lastSeen)}</dd></div>
    ${paper.publishedAt === null ? '' : html`<div><dt>Published</dt><dd class="when">${renderDay(paper.publishedAt.slice(0, 10))}</dd></div>`}
    ${paper.submittedBy === null ? '' : html`<div><dt>Submitted by</dt><dd class="when">${paper.submittedBy}</dd></div>`}
  </dl>
</aside>
<div class="reading">
${renderMilestones(life)}
<section aria-labelledby="appearances">
  <h2 id="appearances">Appearances</h2>
  ${appearances.length === 0 ? html`<p class="quiet">Not on any list yet.</p>` : renderAppearances(appearances)}
</section>
<section aria-labelledby="versions">
  <h2 id="versions">Changes</h2>
  ${versions.length === 0 ? html`<p class="quiet">Nothing is known about it yet.</p>` : html`<details><summary>${formatCount(versions.length, 'version')}</summary>${renderVersions(versions)}</details>`}
</section>
</div>
</div>
</article>`,
  });
}

/** Tags that reference managers such as Zotero read. */
const citationTags = ({ id, title, authors, publishedAt, arxivUrl }: PaperAnswer['paper']): Markup => {
  const tag = (name: string, content: string | null | undefined) =>
    content
      ? html`<meta name="citation_${name}" content="${content}">
`
      : html``;
  return html`${tag('title', decodeTex(title))}${authors?.map((name) => tag('author', name)) ?? ''}${tag('publication_date', publishedAt?.slice(0, 10).replaceAll('-', '/'))}${tag('arxiv_id', id)}${tag('abstract_html_url', arxivUrl)}${tag('pdf_url', arxivUrl && toPdfUrl(arxivUrl))}`;
};

/** Renders every observation of a paper, newest first. */
export function renderHistoryPage(answer: HistoryAnswer): string {
  const { id, observations, total, next, sample } = answer;
  const path = paperPath(id);
  return renderPage({
    title: `History of ${id}`,
    sample,
    section: null,
    formats: [
      ['JSON', `${path}/history.json`],
      ['CSV', `${path}/history.csv`],
    ],
    main: html`<div class="head">
  <p class="eyebrow"><a href="${path}">${id}</a></p>
  <h1>All observations</h1>
  <p class="lede">${formatCount(total, 'observation')}: the paper’s rank and counts in each capture.</p>
</div>
${renderCountChart(toUpvotePoints(answer, []), 'upvote')}
${
  observations.some(({ githubStars }) => githubStars !== null)
    ? html`<h2>GitHub stars over time</h2>${renderCountChart(
        observations.map(({ at, githubStars }) => ({ at, count: githubStars })),
        'star',
      )}`
    : ''
}
${
  observations.length === 0
    ? ''
    : renderTable(
        'Observations, newest first',
        html`<table>
  <thead><tr><th scope="col">Time</th><th scope="col" class="number">Rank</th><th scope="col" class="number">Upvotes</th><th scope="col" class="number">Comments</th><th scope="col" class="number">GitHub stars</th><th scope="col">List</th></tr></thead>
  <tbody>${observations.toReversed().map(
    (seen) => html`<tr><th scope="row">${renderTime(seen.at)}</th>
    <td class="number">${seen.rank}</td><td class="number">${renderCount(seen.upvotes)}</td><td class="number">${renderCount(seen.comments)}</td><td class="number">${renderCount(seen.githubStars)}</td>
    <td><a href="${listPath(seen.list, seen.day)}">${formatListName(seen.list)}, ${renderDay(seen.day)}</a></td></tr>`,
  )}</tbody>
</table>`,
      )
}
${next === null ? '' : html`<p class="more"><a rel="next" href="${next}">More observations</a></p>`}`,
  });
}
