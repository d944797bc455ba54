import { html, raw } from 'hono/html';
import { formatCount, formatDuration, formatNumber } from '../../lib/format.ts';
import { texToText } from '../../lib/tex.ts';
import type { Appearance, HistoryAnswer, PaperAnswer, Version } from '../../query/paper.schema.ts';
import type { SimilarAnswer } from '../../query/similar.schema.ts';
import { indexPath, listPath, paperPath, withQuery } from '../paths.ts';
import type { Markup } from './elements.ts';
import {
  joinWithCommas,
  renderDay,
  renderExternalLink,
  renderLink,
  renderMoreLink,
  renderTable,
  renderTime,
  unknownValue,
} from './elements.ts';
import { listMilestones, renderMilestones, SHOWN } from './milestones.ts';
import { renderPage } from './page.ts';
import {
  renderKeywords,
  renderOrganization,
  renderTitle,
  renderUpvotes,
  timesExpected,
  toPdfUrl,
} from './paper-row.ts';
import { formatListName } from './text.ts';
import { type HistoryPoint, renderHistoryChart } from './upvote-chart.ts';

/** Authors shown at once; a paper may have hundreds, and the rest is folded. */
const AUTHORS_SHOWN = 10;
/** Appearances shown at once: those of a paper that is on trending for weeks are folded. */
const APPEARANCES_SHOWN = 8;
/** Similar papers shown; their own page has all. */
const SIMILAR_SHOWN = 5;

const renderAuthorLinks = (names: readonly string[]): (Markup | string)[] =>
  joinWithCommas(names.map((name) => renderLink(indexPath('authors', name), name)));

const renderAuthors = (names: readonly string[] | null): Markup => {
  if (names === null) return html``;
  const rest = names.slice(AUTHORS_SHOWN);
  return html`<p class="byline">${renderAuthorLinks(names.slice(0, AUTHORS_SHOWN))}</p>
  ${rest.length === 0 ? '' : html`<details><summary>and ${formatNumber(rest.length)} more authors</summary><p class="byline">${renderAuthorLinks(rest)}</p></details>`}`;
};

const renderCount = (count: number | null): Markup => (count === null ? unknownValue : html`${formatNumber(count)}`);

/** What was observed or, without observations, what the appearances know. */
const toHistoryPoints = ({ observations }: HistoryAnswer, appearances: readonly Appearance[]): HistoryPoint[] =>
  observations.length > 0
    ? observations.map(({ at, list, rank, upvotes }) => ({ at, list, rank, count: upvotes }))
    : appearances.flatMap(({ list, firstSeen, firstUpvotes, firstRank, lastSeen, lastUpvotes, lastRank }) => [
        { at: firstSeen, list, count: firstUpvotes, rank: firstRank },
        { at: lastSeen, list, count: lastUpvotes, rank: lastRank },
      ]);

const renderAppearances = (appearances: readonly Appearance[]): Markup =>
  renderTable(
    'Table of appearances',
    html`<table>
  <thead><tr><th scope="col">List</th><th scope="col">Seen<span class="under">first, last</span></th><th scope="col" class="number">Rank<span class="under">first, best, last</span></th><th scope="col" class="number">Upvotes<span class="under">first, peak, last</span></th></tr></thead>
  <tbody>${appearances.map(
    (
      on,
    ) => html`<tr><th scope="row"><a href="${listPath(on.list, on.day)}">${formatListName(on.list)}, ${renderDay(on.day)}</a><span class="under quiet">${formatCount(on.captures, 'capture')}</span></th>
    <td>${renderTime(on.firstSeen)}<span class="under">${renderTime(on.lastSeen)}</span></td>
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

/** An address in running text. */
const ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'])/;

/** Renders text with readable TeX and addresses as links. */
const renderProse = (text: string): Markup =>
  html`${texToText(text)
    .split(ADDRESS)
    .map((part, at) => (at % 2 === 1 ? renderExternalLink(part, part) : part))}`;

/** Renders what one does with a paper. */
function renderActions({ id, arxivUrl, githubUrl, githubStars, projectUrl, url }: PaperAnswer['paper']): Markup {
  const stars = githubStars === null ? '' : `, ${formatCount(githubStars, 'star')}`;
  const links = [
    ...(arxivUrl === null
      ? []
      : [renderExternalLink(toPdfUrl(arxivUrl), 'PDF'), renderExternalLink(arxivUrl, 'arXiv')]),
    ...(githubUrl === null ? [] : [renderExternalLink(githubUrl, `Code${stars}`)]),
    ...(projectUrl === null ? [] : [renderExternalLink(projectUrl, 'Project')]),
    ...(url === null ? [] : [renderExternalLink(url, 'Hugging Face')]),
  ];
  return html`<ul class="actions">${links.map((link) => html`<li>${link}</li>`)}
    <li><a href="${paperPath(id)}.bib" data-copy>BibTeX</a></li>
    <li class="scripted"><button data-save>Save</button></li><li class="scripted"><button data-share>Share</button></li></ul>`;
}

/** Renders the papers nearest to one; only the way to them where they are not at hand (null). */
function renderSimilar(id: string, similar: SimilarAnswer | null): Markup {
  const path = `${paperPath(id)}/similar`;
  const list =
    similar === null
      ? html`<p class="quiet">The search index is not loaded yet. <a href="${path}">Show them when it is</a></p>`
      : similar.papers.length === 0
        ? html`<p class="quiet">None are known yet.</p>`
        : html`<ol class="side">${similar.papers.slice(0, SIMILAR_SHOWN).map((paper) => html`<li><span>${renderTitle(paper)}</span> <span class="score">${renderUpvotes(paper.upvotes)}</span></li>`)}</ol>`;
  return html`<section aria-labelledby="similar">
  <h2 id="similar"><a href="${path}">Similar papers</a></h2>
  ${list}
</section>`;
}

/**
 * Renders a paper: its content, upvotes and ranks over time, similar papers (null where they are not at hand), milestones, appearances and
 * changes.
 */
export function renderPaperPage(
  { paper, appearances, versions, life, sample }: PaperAnswer,
  history: HistoryAnswer,
  similar: SimilarAnswer | null = null,
): string {
  const path = paperPath(paper.id);
  const milestones = listMilestones(life);
  const times = timesExpected(paper);
  const isSeenOnce = paper.firstSeen === paper.lastSeen;
  return renderPage({
    title: texToText(paper.title),
    sample,
    section: null,
    formats: [
      ['JSON', `${path}.json`],
      ['BibTeX', `${path}.bib`],
    ],
    meta: html`${renderCitationTags(paper)}${renderStructuredData(paper)}`,
    description: texToText(paper.aiSummary ?? paper.abstract ?? ''),
    main: html`<article data-id="${paper.id}" class="columns paper-page">
<section class="reading">
  <div class="head">
    <p class="eyebrow">${paper.id}${paper.listedOn === null ? '' : html` · <a href="${listPath('daily', paper.listedOn)}">daily list of ${renderDay(paper.listedOn)}</a>`}</p>
    <h1>${texToText(paper.title)}</h1>
    ${renderAuthors(paper.authors)}
    ${paper.organization ? html`<p class="byline">${renderOrganization(paper.organization)}</p>` : ''}
  </div>
  ${paper.aiSummary === null ? '' : html`<p class="lede"><span class="tag" title="AI summary from Hugging Face">AI</span> ${texToText(paper.aiSummary)}</p>`}
  ${renderActions(paper)}
  <h2 class="unseen">Abstract</h2>
  ${paper.abstract === null ? html`<p class="quiet">No capture included the abstract.</p>` : html`<p class="abstract">${renderProse(paper.abstract)}</p>`}
  ${renderKeywords(paper.keywords, true)}
</section>
<aside aria-label="Upvotes and ranks">
  <dl class="figures">
    <div><dt>Upvotes</dt><dd>${renderUpvotes(paper.upvotes)}</dd></div>
    ${times === null ? '' : html`<div><dt><a href="${withQuery('/expected', { day: paper.listedOn })}">× expected</a> at ${formatDuration(paper.ageHours ?? 0)}</dt><dd>${times}</dd></div>`}
    ${life.best === null ? '' : html`<div><dt>Best rank</dt><dd>${life.best.rank}</dd></div>`}
    ${paper.comments === null ? '' : html`<div><dt>Comments</dt><dd>${formatNumber(paper.comments)}</dd></div>`}
  </dl>
  ${renderHistoryChart(
    toHistoryPoints(history, appearances),
    milestones.slice(0, SHOWN).map(({ at }, place) => ({ at, label: String(place + 1) })),
  )}
  <p class="quiet"><a href="${path}/history">All observations</a></p>
</aside>
<div class="reading">
${renderSimilar(paper.id, similar)}
${isSeenOnce ? '' : renderMilestones(life, milestones)}
<section aria-labelledby="appearances">
  <h2 id="appearances">Appearances</h2>
  ${
    appearances.length === 0
      ? html`<p class="quiet">Not on any list yet.</p>`
      : appearances.length <= APPEARANCES_SHOWN
        ? renderAppearances(appearances)
        : html`<details><summary>On ${formatCount(appearances.length, 'list')} from ${renderDay(appearances[0]?.day ?? '')} to ${renderDay(appearances.at(-1)?.day ?? '')}</summary>${renderAppearances(appearances)}</details>`
  }
</section>
<details class="provenance"><summary>Where this comes from</summary>
  <dl class="facts">
    <div><dt>First seen</dt><dd>${renderTime(paper.firstSeen)}</dd></div>
    <div><dt>Last seen</dt><dd>${renderTime(paper.lastSeen)}</dd></div>
    ${paper.publishedAt === null ? '' : html`<div><dt>Published</dt><dd>${renderDay(paper.publishedAt.slice(0, 10))}</dd></div>`}
    ${paper.submittedBy === null ? '' : html`<div><dt>Submitted by</dt><dd>${paper.submittedBy}</dd></div>`}
  </dl>
  <h2>${formatCount(versions.length, 'version')}</h2>
  ${renderVersions(versions)}
</details>
</div>
</article>`,
  });
}

/** Tags that reference managers such as Zotero read. */
const renderCitationTags = ({ id, title, authors, publishedAt, arxivUrl }: PaperAnswer['paper']): Markup => {
  const tag = (name: string, content: string | null | undefined) =>
    content
      ? html`<meta name="citation_${name}" content="${content}">
`
      : html``;
  return html`${tag('title', texToText(title))}${authors?.map((name) => tag('author', name)) ?? ''}${tag('publication_date', publishedAt?.slice(0, 10).replaceAll('-', '/'))}${tag('arxiv_id', id)}${tag('abstract_html_url', arxivUrl)}${tag('pdf_url', arxivUrl && toPdfUrl(arxivUrl))}`;
};

/** The paper for search engines. A `<` would end the element, so it is escaped as JSON allows. */
const renderStructuredData = ({
  title,
  abstract,
  authors,
  publishedAt,
  arxivUrl,
  url,
}: PaperAnswer['paper']): Markup => {
  const article = {
    '@context': 'https://schema.org',
    '@type': 'ScholarlyArticle',
    headline: texToText(title),
    ...(abstract !== null && { abstract: texToText(abstract) }),
    ...(authors !== null && { author: authors.map((name) => ({ '@type': 'Person', name })) }),
    ...(publishedAt !== null && { datePublished: publishedAt.slice(0, 10) }),
    sameAs: [arxivUrl, url].filter((address) => address !== null),
  };
  return html`<script type="application/ld+json">${raw(JSON.stringify(article).replaceAll('<', '\\u003c'))}</script>
`;
};

/** Renders every observation of a paper, which is named by its title, newest first. */
export function renderHistoryPage(answer: HistoryAnswer, paperTitle: string): string {
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
  <p class="lede">${formatCount(total, 'observation')} of “${texToText(paperTitle)}”: its rank and counts in each capture.</p>
</div>
${renderHistoryChart(toHistoryPoints(answer, []))}
${
  observations.some(({ githubStars }) => githubStars !== null)
    ? html`<h2>GitHub stars over time</h2>${renderHistoryChart(
        observations.map(({ at, list, githubStars }) => ({ at, list, count: githubStars, rank: null })),
        [],
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
${renderMoreLink(next, 'More observations')}`,
  });
}
