import { html } from 'hono/html';
import { formatCount, formatDateRange, formatNumber, formatPercent } from '../../lib/format.ts';
import type { TopicTrends } from '../../query/topic-trends.ts';
import type { CompareAnswer, TopicAnswer, TopicLine, TopicPoint, TopicsAnswer } from '../../query/topics.schema.ts';
import { withQuery } from '../paths.ts';
import {
  type Markup,
  renderDay,
  renderLink,
  renderMoreLink,
  renderRangeCoverage,
  renderRangeForm,
  renderTable,
  renderTime,
  unknownValue,
} from './elements.ts';
import { type ChartAxis, renderLineChart } from './line-chart.ts';
import { renderPage } from './page.ts';

type Series = CompareAnswer['topics'][number];
type Span = Omit<CompareAnswer, 'topics'>;
type By = Span['by'];

/** Topics named in a heading; more are only counted. */
const NAMED = 3;

/** Writes a topic as the `topics` parameter has it: a phrase in double quotes, a keyword without. */
const toTopicParameter = ({ kind, topic }: Pick<Series, 'kind' | 'topic'>): string =>
  // A quote inside would end the phrase.
  kind === 'phrase' ? `"${topic.replaceAll('"', ' ')}"` : topic;

/** The path of a topic's page. */
const topicPath = ({ kind, topic }: Pick<Series, 'kind' | 'topic'>, ending = ''): string =>
  kind === 'phrase' ? `/topics${ending}` : `/topics/${encodeURIComponent(topic)}${ending}`;

/** A topic's name: a phrase in quotes. */
export const topicName = ({ kind, name }: Pick<Series, 'kind' | 'name'>): string =>
  kind === 'phrase' ? `“${name}”` : name;

/** The address of a topic's page, over `days` or the default. */
export const topicLink = (
  topic: Pick<Series, 'kind' | 'topic'>,
  days: { readonly from?: string | null; readonly to?: string | null } = {},
): string => withQuery(topicPath(topic), { ...days, q: topic.kind === 'phrase' ? topic.topic : null });

const renderOrUnknown = (text: string | null): Markup => (text === null ? unknownValue : html`${text}`);
const renderCount = (count: number | null): Markup => renderOrUnknown(count === null ? null : formatNumber(count));

const renderHead = (
  over: Markup,
  title: string,
  { from, to, coverage }: Omit<Span, 'by' | 'breaks'>,
): Markup => html`<div class="head">
  <p class="eyebrow">${over}</p>
  <h1>${title}</h1>
  <p class="coverage">Daily lists, ${formatDateRange(from, to)}</p>
  ${renderRangeCoverage(coverage, { from, to })}
</div>`;

/** Renders the choice of week or month and of a range of days. */
function renderTools(
  path: string,
  { by, from, to }: Pick<Span, 'by' | 'from' | 'to'>,
  kept: Readonly<Record<string, string>>,
): Markup {
  const link = (kind: By): Markup =>
    html`<a href="${withQuery(path, { ...kept, by: kind === 'week' ? null : kind, from, to })}"${kind === by ? html` aria-current="true"` : ''}>${kind}</a> `;
  return html`<div class="tools">
  <p class="sorts"><span>By</span> ${link('week')}${link('month')}</p>
  ${renderRangeForm(path, { from, to }, { ...kept, by })}
</div>`;
}

const renderCompareForm = (
  topics: string,
  { by, from, to }: Pick<Span, 'by' | 'from' | 'to'>,
): Markup => html`<form method="get" action="/compare">
  <label for="topics">Compare</label>
  <input id="topics" name="topics" type="text" value="${topics}" aria-describedby="topics-hint" autocomplete="off" spellcheck="false">
  ${Object.entries({ by, from, to }).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
  <button>Show chart</button>
  <p class="hint" id="topics-hint">Up to 8 topics, separated by commas: keywords, or phrases in double quotes</p>
</form>`;

const toAxis = ({ by, breaks }: Span, topics: readonly Series[]): ChartAxis => ({
  by,
  periods: topics[0]?.points.map(({ period }) => period) ?? [],
  breaks,
});

function renderCharts(span: Span, topics: readonly Series[]): Markup {
  const axis = toAxis(span, topics);
  const lines = (share: 'share' | 'upvotesShare') =>
    topics.map(({ name, points }) => ({ name, shares: points.map((point) => point[share]) }));
  return html`${renderLineChart('Share of papers', lines('share'), axis)}${renderLineChart('Share of upvotes', lines('upvotesShare'), axis)}`;
}

const renderDaysCell = ({ daysCaptured, daysExpected }: TopicPoint): Markup =>
  html`<td class="number">${formatNumber(daysCaptured)} of ${formatNumber(daysExpected)}</td>`;

/** Renders the points of one topic, newest first. */
const renderPoints = ({ kind, points }: Series): Markup =>
  renderTable(
    'Points',
    html`<table>
  <thead><tr><th scope="col">Period</th><th scope="col" class="number">Papers</th>${kind === 'keyword' ? html`<th scope="col" class="number">With keywords</th>` : ''}<th scope="col" class="number">Listed</th>
    <th scope="col" class="number">Share</th><th scope="col" class="number">Upvotes</th><th scope="col" class="number">All upvotes</th><th scope="col" class="number">Share</th><th scope="col" class="number">Days captured</th></tr></thead>
  <tbody>${points.toReversed().map(
    (
      point,
    ) => html`<tr><th scope="row">${point.period}</th><td class="number">${formatNumber(point.papers)}</td>${kind === 'keyword' ? html`<td class="number">${formatNumber(point.total)}</td>` : ''}<td class="number">${formatNumber(point.totalListed)}</td>
      <td class="number">${renderOrUnknown(formatPercent(point.share))}</td><td class="number">${renderCount(point.upvotes)}</td><td class="number">${renderCount(point.totalUpvotes)}</td>
      <td class="number">${renderOrUnknown(formatPercent(point.upvotesShare))}</td>${renderDaysCell(point)}</tr>`,
  )}</tbody>
</table>`,
  );

/** Renders the points of several topics side by side, newest first. */
function renderComparedPoints(topics: readonly Series[]): Markup {
  const [first] = topics;
  const rows = (first?.points ?? []).map((point, at) => ({ point, at })).toReversed();
  return renderTable(
    'Points',
    html`<table>
  <thead><tr><th scope="col">Period</th>${topics.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}<th scope="col" class="number">Listed</th><th scope="col" class="number">Days captured</th></tr></thead>
  <tbody>${rows.map(
    ({ point, at }) =>
      html`<tr><th scope="row">${point.period}</th>${topics.map(({ points }) => {
        const own = points[at] as TopicPoint;
        return html`<td class="number">${renderOrUnknown(formatPercent(own.share))}<span class="under quiet">${formatNumber(own.papers)} of ${formatNumber(own.total)}</span></td>`;
      })}<td class="number">${formatNumber(point.totalListed)}</td>${renderDaysCell(point)}</tr>`,
  )}</tbody>
</table>`,
  );
}

/** Offers the phrases of keywords that few papers have. */
const renderPhraseOffer = (topics: readonly Series[], { by, from, to }: Span): (Markup | string)[] =>
  topics.map(({ name, asPhrase }) =>
    asPhrase === null
      ? ''
      : html`<p class="quiet">Few papers have the keyword ${name}; its words are in the title or abstract of ${formatCount(asPhrase, 'paper')}: <a href="${withQuery('/topics', { q: name, by, from, to })}">show the phrase</a>.</p>`,
  );

/** Explains what the numbers count, and how recent the catalog is. */
const renderNote = (
  kinds: readonly Series['kind'][],
  catalogAsOf: string | null,
): Markup => html`<p class="quiet">Each paper counts once per period, with the upvotes last seen on its list.
${kinds.includes('keyword') ? 'The share of a keyword is of the papers with known keywords, and is left out where those are fewer than half of the papers listed. ' : ''}
${kinds.includes('phrase') ? 'A phrase is searched in titles and abstracts, and its share is of all papers listed. ' : ''}${catalogAsOf === null ? '' : html`As of ${renderTime(catalogAsOf)}.`}</p>`;

/** Renders a topic over time. */
export function renderTopicPage({ topic, kind, name, slugs, points, asPhrase, ...span }: TopicAnswer): string {
  const series = { topic, kind, name, slugs, points, asPhrase };
  const kept: Readonly<Record<string, string>> = kind === 'phrase' ? { q: topic } : {};
  const query = { ...kept, by: span.by, from: span.from, to: span.to };
  const over = html`<a href="/topics">Topics</a> · ${kind === 'phrase' ? 'phrase' : html`keyword · ${renderLink(`/keywords/${encodeURIComponent(topic)}`, 'papers')}`}`;
  return renderPage({
    title: `Topic: ${name}`,
    sample: span.sample,
    section: 'topics',
    formats: [
      ['JSON', withQuery(topicPath(series, '.json'), query)],
      ['CSV', withQuery(topicPath(series, '.csv'), query)],
    ],
    main: html`${renderHead(over, topicName(series), span)}
${renderTools(topicPath(series), span, kept)}
<section class="topic">${slugs.length > 1 ? html`<p class="quiet">Counts all its spellings: ${slugs.join(', ')}.</p>` : ''}${renderPhraseOffer([series], span)}${renderCharts(span, [series])}
${renderPoints(series)}
${renderCompareForm(`${toTopicParameter(series)}, `, span)}
${renderNote([kind], span.catalogAsOf)}</section>`,
  });
}

/** Renders several topics over the same time. */
export function renderComparePage({ topics, ...span }: CompareAnswer): string {
  const kept = { topics: topics.map(toTopicParameter).join(',') };
  const query = { ...kept, by: span.by, from: span.from, to: span.to };
  const over = html`<a href="/topics">Topics</a> · comparison`;
  return renderPage({
    title: `Topics: ${topics.map(({ name }) => name).join(', ')}`,
    sample: span.sample,
    section: 'topics',
    formats: [
      ['JSON', withQuery('/compare.json', query)],
      ['CSV', withQuery('/compare.csv', query)],
    ],
    main: html`${renderHead(over, topics.length > NAMED ? `${formatNumber(topics.length)} topics` : topics.map(({ name }) => name).join(', '), span)}
${renderTools('/compare', span, kept)}
<section class="topic">${renderPhraseOffer(topics, span)}${renderCharts(span, topics)}
${renderComparedPoints(topics)}
${renderCompareForm(topics.map(toTopicParameter).join(', '), span)}
${renderNote(
  topics.map(({ kind }) => kind),
  span.catalogAsOf,
)}</section>`,
  });
}

/** Renders the change of a share in percentage points. */
function renderChange({ change }: TopicLine): Markup {
  if (change === null) return unknownValue;
  const points = (Math.abs(change) * 100).toFixed(2);
  return html`<span class="gain${change < 0 ? ' lost' : ''}">${change > 0 ? '+' : change < 0 ? '−' : '±'}${points}</span>`;
}

const TRENDS = { rising: 'Rising', steady: 'Steady', fading: 'Fading' } as const;

/** Renders topics as rows: the papers that could have a topic differ by its kind, and are left out where there is one kind. */
function renderLines(
  label: string,
  lines: readonly TopicLine[],
  days: { readonly from: string | null; readonly to: string | null },
): Markup {
  const isCompared = lines.some(({ papersBefore }) => papersBefore !== null);
  const hasKinds = lines.some(({ trend }) => trend !== null);
  const count = (papers: number | null, total: number | null) =>
    html`<td class="number">${renderCount(papers)}${hasKinds && total !== null ? html`<span class="under quiet">of ${formatNumber(total)}</span>` : ''}</td>`;
  const renderLine = (line: TopicLine) => html`<tr>
    <th scope="row"><a href="${topicLink(line, days)}">${topicName(line)}</a></th>
    ${count(line.papers, line.total)}<td class="number">${renderOrUnknown(formatPercent(line.share))}</td>
    ${isCompared ? html`${count(line.papersBefore, line.totalBefore)}<td class="number">${renderOrUnknown(formatPercent(line.shareBefore))}</td><td class="number">${renderChange(line)}</td>` : ''}</tr>`;
  return renderTable(
    label,
    html`<table>
  <thead><tr><th scope="col">Topic</th><th scope="col" class="number">Papers</th><th scope="col" class="number">Share</th>${isCompared ? html`<th scope="col" class="number">Papers before</th><th scope="col" class="number">Share before</th><th scope="col" class="number">Change<span class="under">points</span></th>` : ''}</tr></thead>
  <tbody>${lines.map(renderLine)}</tbody>
</table>`,
  );
}

/** A week without an answer is hatched. */
const HATCH = (x: number): string => `M${x} 30l8-10M${x} 20l8-10M${x} 10l8-10`;

/** Renders shares over weeks as bars, the newest marked; each panel has its own scale. */
function renderWeeks(shares: readonly (number | null)[]): Markup {
  const top = Math.max(...shares.map((share) => share ?? 0)) || 1;
  const words = shares.map((share) => formatPercent(share) ?? 'unknown').join(', ');
  return html`<svg class="weeks" viewBox="0 0 90 30" preserveAspectRatio="none" role="img" aria-label="${`Share by week, oldest first: ${words}`}">${shares.map(
    (share, at) => {
      const [x, height] = [at * 10 + 1, Math.max(0.5, (30 * (share ?? 0)) / top)];
      return share === null
        ? html`<path d="${HATCH(x)}"/>`
        : html`<rect x="${x}" width="8" y="${(30 - height).toFixed(1)}" height="${height.toFixed(1)}"/>`;
    },
  )}</svg>`;
}

const renderPanel = (topic: TopicTrends['topics'][number]): Markup => html`<li>
  <p class="name"><a href="${topicLink(topic)}">${topicName(topic)}</a> <span class="figure">${renderOrUnknown(formatPercent(topic.papers / topic.total))}</span></p>
  ${renderWeeks(topic.shares)}
  <p class="quiet">${formatNumber(topic.papers)} of ${formatNumber(topic.total)}${topic.trend === null ? '' : `, before ${formatNumber(topic.papersBefore)} of ${formatNumber(topic.totalBefore)}`}</p>
  <label class="quiet"><input type="checkbox" name="topics" value="${toTopicParameter(topic)}"> Compare<span class="unseen"> ${topic.name}</span></label></li>`;

/** Renders the topics of the newest week by their trends, as small charts that can be chosen for a comparison. */
function renderPanels({ to, topics }: TopicTrends): Markup {
  const groups = [...Map.groupBy(topics, ({ trend }) => trend)];
  return groups.length === 0
    ? html``
    : html`<form class="panels" action="/compare">
${groups.map(([trend, group]) => html`<section aria-labelledby="panels-${trend ?? 'all'}"><h2 id="panels-${trend ?? 'all'}">${trend === null ? 'This week' : TRENDS[trend]}</h2><ul>${group.map(renderPanel)}</ul></section>`)}
<p class="compare"><button>Compare</button> <span class="quiet">up to 8 chosen topics</span></p>
<p class="quiet">Share of papers in the week to ${renderDay(to)} and in each of the eight weeks before. Hatched: not captured, or too little is known.</p>
</form>`;
}

/** Renders topics by their trends; a range that began before the archive has none. */
function renderTrends(topics: readonly TopicLine[]): Markup[] {
  // a topic's own page shows half a year
  const days = { from: null, to: null };
  const groups = Map.groupBy(topics, ({ trend }) => trend);
  return [...groups].map(
    ([trend, lines]) =>
      html`<h2>${trend === null ? 'Too little is known before to compare' : TRENDS[trend]}</h2>${renderLines(trend ?? 'Topics', lines, days)}`,
  );
}

/**
 * Renders the keywords of a range of days, most papers first, or topics by their trends; and a form for a phrase. `trends` come first, null
 * leaves them out.
 */
export function renderTopicsPage(
  { topics, from, to, now, before, total, next, ...rest }: TopicsAnswer,
  sort: 'papers' | 'rising' = 'papers',
  trends: TopicTrends | null = null,
): string {
  const span = { by: 'week', from, to } as const;
  const isRising = sort === 'rising';
  const query = { from, to, sort: isRising ? sort : null };
  return renderPage({
    title: 'Topics',
    sample: rest.sample,
    section: 'topics',
    formats: [
      ['JSON', withQuery('/topics.json', query)],
      ['CSV', withQuery('/topics.csv', query)],
    ],
    main: html`${renderHead(html`Keywords of the daily papers`, 'Topics', { from, to, ...rest })}
${trends === null ? '' : renderPanels(trends)}
<details class="wide"><summary>Chart a phrase, compare topics, or choose other days</summary><div class="forms">
  <form method="get" action="/topics">
    <label for="q">Phrase</label>
    <input id="q" name="q" type="text" aria-describedby="q-hint" autocomplete="off">
    <button>Show chart</button>
    <p class="hint" id="q-hint">Exact phrase in a title or abstract</p>
  </form>
  ${renderCompareForm(topics.slice(0, 3).map(toTopicParameter).join(', '), span)}
  ${renderRangeForm('/topics', { from, to }, { sort: query.sort })}</div>
</details>
${trends === null ? '' : html`<h2 id="keywords">Keywords with most papers</h2>`}
<p class="sorts"><span>Show</span> <a href="/topics"${isRising ? '' : html` aria-current="true"`}>most papers</a> <a href="/topics?sort=rising"${isRising ? html` aria-current="true"` : ''}>rising and fading</a></p>
${
  topics.length === 0
    ? html`<section class="nothing" aria-labelledby="nothing"><h2 id="nothing">No keywords to show</h2>
  <p>No paper listed on these days has a keyword. Hugging Face has added keywords since March 2025.</p></section>`
    : html`<p class="quiet">${formatCount(total, isRising ? 'topic' : 'keyword')} in ${formatNumber(now.total)} of ${formatCount(now.totalListed, 'paper')}. Before, ${formatDateRange(before.from, before.to)}: ${before.daysCaptured === 0 ? 'not captured' : html`${formatNumber(before.total)} of ${formatCount(before.totalListed, 'paper')} had keywords; ${formatNumber(before.daysCaptured)} of ${formatCount(before.daysExpected, 'day')} captured`}.</p>
${isRising ? renderTrends(topics) : renderLines('Keywords', topics, { from, to })}
${isRising ? html`<p class="quiet">Rising or fading: chance alone makes such a difference to the ${formatDateRange(before.from, before.to)} in fewer than one of 1,000 topics (Fisher’s exact test). Keywords that differ by hyphens or a plural count as one; phrases are pairs of words of titles.</p>` : ''}`
}
${renderMoreLink(next, 'More topics')}
${renderNote(['keyword'], rest.catalogAsOf)}`,
  });
}
