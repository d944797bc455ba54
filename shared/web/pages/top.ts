import { html } from 'hono/html';
import {
  formatCount,
  formatDateRange,
  formatDay,
  formatDecimal,
  formatNumber,
  formatPeriod,
} from '../../lib/format.ts';
import { type PeriodKind, parsePeriod, periodOf } from '../../lib/period.ts';
import { addDays, type Day, LAST_DAY, parseDay } from '../../lib/time.ts';
import type { TopAnswer, TopPaper } from '../../query/top.schema.ts';
import { withQuery } from '../paths.ts';
import {
  type Markup,
  renderColumns,
  renderLink,
  renderMoreLink,
  renderRangeCoverage,
  renderRangeForm,
  renderTime,
} from './elements.ts';
import { renderPage } from './page.ts';
import { renderGain, renderRankedPaper, renderUpvotes, SUMMARISED } from './paper-row.ts';
import { formatListName } from './text.ts';
import { formatAge, renderUpvoteBar } from './upvote-chart.ts';

/** Ages offered as links, in hours. */
const AGES = [24, 48, 168] as const;

const toAgeParameter = (hours: number): string => (hours % 24 === 0 ? `${hours / 24}d` : `${hours}h`);

/** The days of an answer were checked when its parameters were read. */
const dayIn = (text: string): Day => text as Day;

type Query = Readonly<Record<string, string | null>>;

/** The parameters that ask for the same leaderboard again. */
const toQuery = ({ list, by, ageHours, from, to }: TopAnswer, kind: Span): Query => ({
  ...(kind === null && { from, to }),
  list: list === 'daily' ? null : list,
  by: by === 'upvotes' ? null : by,
  age: ageHours === null ? null : toAgeParameter(ageHours),
});

/** What a leaderboard is of: a week, a month, a year, or any days (null). */
type Span = PeriodKind | 'year' | null;

const nameOf = (kind: PeriodKind | 'year', day: string): string =>
  kind === 'year' ? day.slice(0, 4) : periodOf(kind, dayIn(day));

const topPath = (kind: Span, day: string): string => (kind === null ? '/top' : `/top/${kind}/${nameOf(kind, day)}`);

/** Formats a week, month or year that has a day: `Week 2 of 2025`, `2025`. */
const formatSpan = (kind: PeriodKind | 'year', day: string): string =>
  kind === 'year' ? nameOf(kind, day) : formatPeriod(kind, nameOf(kind, day));

/** Renders links to the previous and next week, month or year; for a range of days, to those of its last day. */
function renderSteps(answer: TopAnswer, kind: Span): Markup {
  const query = toQuery(answer, kind ?? 'week');
  const dayOfCatalog = answer.catalogAsOf?.slice(0, 10) ?? LAST_DAY;
  const link = (of: PeriodKind | 'year', day: string, rel: string | null): Markup =>
    html`<a ${rel ? html`rel="${rel}" ` : ''}href="${withQuery(topPath(of, day), query)}">${formatSpan(of, day)}</a> `;
  const neighbour = (of: PeriodKind | 'year', day: Day, rel: 'prev' | 'next'): Markup | '' =>
    (of === 'year' ? parseDay(day) : parsePeriod(of, periodOf(of, day))) === null ||
    (day >= answer.to && answer.to >= dayOfCatalog)
      ? '' // the calendar begins or ends here, or the days have not come yet
      : link(of, day, rel);
  const beside =
    kind === null
      ? (['week', 'month', 'year'] as const).map((of) => link(of, answer.to, null))
      : [
          neighbour(kind, addDays(dayIn(answer.from), -1), 'prev'),
          neighbour(kind, addDays(dayIn(answer.to), 1), 'next'),
        ];
  return html`<nav class="sorts" aria-label="Weeks, months and years">${beside}</nav>`;
}

type Ranking = readonly [words: string, by: TopAnswer['by'], ageHours: number | null];

/** The ways of ranking that are offered. */
function rankings({ by }: TopAnswer): Ranking[] {
  const aged = by === 'gain' ? 'gain' : 'upvotes';
  return [
    ['upvotes', 'upvotes', null],
    ['gain', 'gain', null],
    ['days listed', 'days', null],
    ['stars gained', 'stars-gained', null],
    ['upvotes against expected', 'expected', 48],
    ...AGES.map((hours): Ranking => [`${aged} at ${formatAge(hours)}`, aged, hours]),
  ];
}

const isShown =
  ({ by, ageHours }: TopAnswer) =>
  ([, of, hours]: Ranking): boolean =>
    of === by && hours === ageHours;

/** Renders links to the ways of ranking. */
function renderSorts(answer: TopAnswer, kind: Span): Markup {
  const link = (ranking: Ranking): Markup => {
    const [words, by, hours] = ranking;
    const to = withQuery(topPath(kind, answer.from), {
      ...toQuery(answer, kind),
      by: by === 'upvotes' ? null : by,
      age: hours === null ? null : toAgeParameter(hours),
    });
    return html`<a href="${to}"${isShown(answer)(ranking) ? html` aria-current="true"` : ''}>${words}</a> `;
  };
  return html`<section><h2>Rank by</h2><p class="sorts">${rankings(answer).map(link)}</p></section>`;
}

const renderReadAt = (paper: TopPaper): Markup =>
  paper.readAt === null ? html`` : html`<p class="quiet">${renderTime(paper.readAt)}</p>`;

/** Renders what a paper was ranked by. */
function renderScore({ by, ageHours }: TopAnswer, paper: TopPaper, most: number): Markup {
  if (by === 'days')
    return html`<p><span class="figure">${formatNumber(paper.value ?? 0)}</span> ${paper.value === 1 ? 'day' : 'days'}</p>`;
  if (by === 'stars-gained')
    return html`<p>${renderGain(paper.value)} ${paper.value === null ? html`<span class="unknown">stars unknown</span>` : 'stars'}</p>`;
  if (by === 'expected')
    return html`<p>${paper.value === null ? html`<span class="unknown">unknown</span>` : html`<span class="figure">${formatDecimal(paper.value)}×</span> expected`}</p>${renderReadAt(paper)}`;
  if (by === 'gain' && paper.value === null) return html`<p class="unknown">gain unknown</p>`;
  if (by === 'gain' && ageHours !== null) return html`<p>${renderGain(paper.value)}</p>${renderReadAt(paper)}`;
  if (by === 'gain')
    return html`<p>${renderGain(paper.value)}${renderUpvotes(paper.upvotes)}</p>${renderUpvoteBar(paper, most)}`;
  if (ageHours === null)
    return html`<p>${renderUpvotes(paper.upvotes)}${renderGain(paper.gain)}</p>${renderUpvoteBar(paper, most)}`;
  return html`<p>${renderUpvotes(paper.value)}</p>${renderReadAt(paper)}`;
}

const renderListDay = ({ listedOn }: TopPaper): Markup =>
  listedOn === null ? html`` : html`<p class="eyebrow">${renderLink(`/daily/${listedOn}`, formatDay(listedOn))}</p>`;

/** Renders a paper of the leaderboard; one of which it is unknown what the others are ranked by has no rank. */
const renderRow = (answer: TopAnswer, paper: TopPaper, most: number): Markup =>
  renderRankedPaper(
    { ...paper, rank: paper.value === null ? null : paper.rank },
    { moved: html``, above: renderListDay(paper), score: renderScore(answer, paper, most) },
    paper.rank > SUMMARISED ? 'brief' : 'full',
  );

/** Explains what the papers are ranked by. */
function describeRanking({ by, ageHours, list }: TopAnswer): string {
  if (by === 'days') return 'Ranked by the number of days on which a paper was on the list.';
  if (by === 'stars-gained')
    return 'Ranked by the GitHub stars gained between the first and the last capture of these lists; unknown for papers captured once, and where the feed named no stars.';
  if (by === 'expected' && ageHours !== null)
    return `Ranked by upvotes ${formatAge(ageHours)} after the start of a paper’s list day, as seen on ${formatListName(list)}, divided by the median of the papers of the 90 days before at that age; unknown without a capture near that age, or with fewer than 100 such papers.`;
  if (by === 'gain' && ageHours !== null)
    return `Ranked by upvotes gained from the first capture until ${formatAge(ageHours)} after the start of a paper’s list day, as seen on ${formatListName(list)}; unknown without a capture near that age.`;
  if (by === 'gain')
    return 'Ranked by upvotes gained between the first and the last capture of these lists; unknown for papers captured once.';
  if (ageHours === null) return 'Ranked by the upvotes in the last capture of these lists.';
  return `Ranked by upvotes ${formatAge(ageHours)} after the start of a paper’s list day, as seen on ${formatListName(list)}; unknown without a capture near that age.`;
}

/** Renders the leaderboard of a week, month or year (`kind`), or of a range of days (null). */
export function renderTopPage(answer: TopAnswer, kind: Span): string {
  const { list, from, to, by, papers, total, coverage, sample, catalogAsOf, next } = answer;
  const path = topPath(kind, from);
  const query = toQuery(answer, kind);
  const days = formatDateRange(from, to);
  const title = kind === null ? days : formatSpan(kind, from);
  const most = Math.max(0, ...papers.map(({ upvotes }) => upvotes ?? 0));
  const main = html`<div class="head">
  <p class="eyebrow">Top of ${formatListName(list).toLowerCase()}</p>
  <h1>${title}</h1>
  <p class="lede">${formatCount(total, 'paper')}, ranked by ${rankings(answer).find(isShown(answer))?.[0] ?? by}${kind === null ? '' : ` · ${days}`}</p>
</div>
${renderColumns(
  'Ranking and other days',
  html`${
    papers.length === 0
      ? html`<section class="nothing" aria-labelledby="nothing"><h2 id="nothing">No papers to show</h2>
  <p>${coverage.status === 'empty' ? 'Hugging Face listed no papers on these days.' : 'The lists of these days were not captured.'}</p></section>`
      : html`<ol class="papers">${papers.map((paper) => renderRow(answer, paper, most))}</ol>`
  }
${renderMoreLink(next, 'More papers')}`,
  html`${renderSorts(answer, kind)}
<section><h2>Other days</h2>${renderSteps(answer, kind)}
${renderRangeForm('/top', { from, to }, { ...query, from: null, to: null })}</section>
${renderRangeCoverage(coverage, { list, from, to })}
<p class="quiet">${describeRanking(answer)}${catalogAsOf === null ? '' : html` As of ${renderTime(catalogAsOf)}.`}</p>`,
)}`;
  return renderPage({
    title: `Top, ${title}`,
    sample,
    section: 'data',
    formats: [
      ['JSON', withQuery(`${path}.json`, query)],
      ['CSV', withQuery(`${path}.csv`, query)],
      ['BibTeX', withQuery(`${path}.bib`, query)],
    ],
    main,
  });
}
