/** The feeds of pages: the entries of each, and why they are in it. */
import { digestsQuestion } from '../digest/issues.ts';
import { DIGESTS_PATH } from '../digest/links.ts';
import { capitalize, formatCount, formatDay, formatTime } from '../lib/format.ts';
import { decodeTex } from '../lib/tex.ts';
import { addDays, type Day, type Instant, parseDay, parseInstant, startOfDay } from '../lib/time.ts';
import { type ListName, searchSlug } from '../model/list.ts';
import { oldestDay } from '../query/boundary-listings.ts';
import { currentDay, type QueryContext, type SiteContext } from '../query/context.ts';
import { getCoverage } from '../query/coverage.ts';
import { type FeedPaper, feedKey, getDailyFeed, getEnteredFeed, MOST_PAPERS } from '../query/feed-papers.ts';
import type { ListView } from '../query/list.ts';
import { getPapersOfName } from '../query/names.ts';
import { getNewPapers } from '../query/new.ts';
import { ALL_ITEMS } from '../query/paging.ts';
import { type SearchParameters, searchPapers } from '../query/search.ts';
import type { IndexKind } from '../table/keys.ts';
import { type Feed, type FeedEntry, NO_DATE } from './formats/feed.ts';
import { toSearchQuery } from './pages/search.ts';
import { describeGaps, formatListName } from './pages/text.ts';
import { filterQuery, listPath, paperPath, withQuery } from './paths.ts';

/** The days that feeds of papers of all lists look back for gaps. */
const DAYS_BACK = 14;
/** What the feed of new papers holds: the last seven days of captures, in seconds, unless it is asked since when, and at most so many papers. */
const [NEW_SECONDS, MOST_NEW] = [7 * 86_400, 500];

const upvotesText = (upvotes: number | null): string =>
  upvotes === null ? 'upvotes unknown' : formatCount(upvotes, 'upvote');

/** An entry about a paper; its id is made of what the feed lists and the paper. */
const paperEntry = (feed: string, paper: FeedPaper['paper'], date: string | null, reason: string): FeedEntry => ({
  id: `${feed}/${feedKey(paper)}`,
  title: decodeTex(paper.title),
  path: paper.id && paperPath(paper.id),
  date: parseInstant(date ?? '') ?? NO_DATE,
  reason,
  text: paper.abstract && decodeTex(paper.abstract),
  authors: paper.authors ?? [],
  keywords: (paper.keywords ?? []).filter((keyword) => keyword !== ''),
  links: [
    ['arXiv', paper.arxivUrl] as const,
    ['Code', paper.githubUrl] as const,
    ['Project', paper.projectUrl] as const,
    ['Hugging Face', paper.url] as const,
  ].flatMap(([name, url]) => (url !== null && /^https?:\/\/[^\s]+$/.test(url) ? [[name, url] as const] : [])),
});

/** What the archive lacks of a list from a day to yesterday. As of an earlier time that is not known. */
async function gapsSince(
  context: QueryContext,
  list: ListName,
  from: Day,
  at: Instant | null = null,
): Promise<string[]> {
  const to = addDays(currentDay(context), -1);
  if (at === null && !(await oldestDay(context.table, list))) return ['Not captured yet.'];
  return at !== null || from > to ? [] : describeGaps((await getCoverage(context, list, { from, to })).days);
}

/** What the archive lacks of the last daily lists, for feeds that are not of one list. */
async function recentGaps(context: QueryContext): Promise<string[]> {
  const first = await oldestDay(context.table, 'daily');
  const from = addDays(currentDay(context), -DAYS_BACK);
  const gaps = await gapsSince(context, 'daily', [first?.day ?? from, from].sort()[1] as Day);
  return gaps.map((gap) => `Daily lists ${gap.slice(0, 1).toLowerCase()}${gap.slice(1)}`);
}

/** The feed of a list: the papers of the newest daily lists, or what entered another list. */
export async function createListFeed(context: QueryContext, list: ListName, view: ListView): Promise<Feed> {
  const { at, keyword = null, minUpvotes = null, code = null } = view;
  const isDaily = list === 'daily';
  const { papers, from } = await (isDaily ? getDailyFeed(context, view) : getEnteredFeed(context, list, view));
  const name = formatListName(list);
  const condition = minUpvotes === null ? '' : `/${minUpvotes}-upvotes`;
  const reason = ({ rank, listDay, since, paper }: FeedPaper): string => {
    const place = `Rank ${rank} with ${upvotesText(paper.upvotes)}`;
    const crossed = `at least ${formatCount(minUpvotes ?? 0, 'upvote')} since ${formatTime(since)}`;
    if (isDaily)
      return `${place} on the daily list of ${formatDay(listDay.day)}${minUpvotes === null ? '' : `; ${crossed}`}.`;
    const entered = list === 'trending' ? 'Entered trending' : `Found by the watched search ${searchSlug(list)}`;
    return minUpvotes === null
      ? `${entered} on ${formatTime(since)}: ${place.toLowerCase()}.`
      : `On ${name.toLowerCase()} with ${crossed}.`;
  };
  const what = isDaily
    ? 'The papers of the newest daily lists.'
    : list === 'trending'
      ? 'Papers that entered trending.'
      : `Papers that the watched search ${searchSlug(list)} found for the first time.`;
  return {
    path: withQuery(listPath(list), { at, ...filterQuery(view) }),
    title: [name, keyword, minUpvotes !== null && `at least ${formatCount(minUpvotes, 'upvote')}`, code && 'with code']
      .filter(Boolean)
      .join(', '),
    description: [what, ...(await gapsSince(context, list, from, at))].join(' '),
    sample: context.sample,
    entries: papers.map((paper) => paperEntry(`${list}${condition}`, paper.paper, paper.since, reason(paper))),
  };
}

/** When a paper was published, else the day it was listed on: what does not change when it is seen again. */
const publication = ({ publishedAt, listedOn }: FeedPaper['paper']): string | null => {
  const day = parseDay(listedOn ?? '');
  return publishedAt ?? (day && startOfDay(day));
};

const listedText = ({ listedOn, upvotes }: FeedPaper['paper']): string =>
  `${listedOn === null ? 'on no daily list' : `on the daily list of ${formatDay(listedOn)}`}, ${upvotesText(upvotes)}`;

/** The feed of an author, an organization or a keyword. */
export async function createNamedFeed(
  context: QueryContext,
  kind: IndexKind,
  { slug, from, to }: { readonly slug: string; readonly from: Day | null; readonly to: Day | null },
): Promise<Feed> {
  const paging = { limit: MOST_PAPERS, cursor: null };
  const { name, papers } = await getPapersOfName(context, { kind, slug, from, to, ...paging });
  const path = `/${kind}s/${encodeURIComponent(slug)}`;
  const words = `${capitalize(kind)}: ${name}`;
  return {
    path: withQuery(path, { from, to }),
    title: words,
    description: [`The papers of the ${kind} ${name}.`, ...(await recentGaps(context))].join(' '),
    sample: context.sample,
    entries: papers.map((paper) =>
      paperEntry(`${kind}s/${slug}`, paper, publication(paper), `${words}; ${listedText(paper)}.`),
    ),
  };
}

/** The feed of a search: what it finds, newest first. */
export async function createSearchFeed(context: QueryContext, asked: SearchParameters): Promise<Feed> {
  const answer = await searchPapers(context, { ...asked, sort: 'date', limit: MOST_PAPERS, cursor: null });
  const { q, papers } = answer;
  return {
    path: withQuery('/search', toSearchQuery(answer)),
    title: q === null ? 'Search' : `Search: ${q}`,
    description: ['The papers that the search finds.', ...(await recentGaps(context))].join(' '),
    sample: context.sample,
    entries: papers.map((paper) => {
      const on = `${formatListName(paper.list)} of ${formatDay(paper.day)}, best rank ${paper.bestRank}`;
      const reason = `${q === null ? 'Fits the filters' : `Matches ${q}`}: ${on}, ${upvotesText(paper.upvotes)}.`;
      return paperEntry('search', paper, publication(paper), reason);
    }),
  };
}

/** The feed of papers first seen since a moment (null: in the seven days up to the newest capture). */
export async function createNewFeed(
  context: QueryContext,
  { since, list }: { readonly since: Instant | null; readonly list: ListName | null },
): Promise<Feed> {
  const { papers } = await getNewPapers(context, { since, list, limit: MOST_NEW, cursor: null }, NEW_SECONDS);
  return {
    path: withQuery('/new', { since, list }),
    title: list === null ? 'New papers' : `New papers, ${formatListName(list)}`,
    description: [
      'Papers seen for the first time, on any list. Papers of an older list are new when that list is captured.',
      ...(await recentGaps(context)),
    ].join(' '),
    sample: context.sample,
    entries: papers.map((paper) =>
      paperEntry('new', paper, paper.firstSeen, `First seen on ${formatTime(paper.firstSeen)}; ${listedText(paper)}.`),
    ),
  };
}

/** The feed of digests: an entry for each list day that is over, which is not dated again when papers are added to it. */
export async function createDigestFeed(context: SiteContext): Promise<Feed> {
  const { issues, sample } = await digestsQuestion.run(context, { limit: ALL_ITEMS, cursor: null });
  const today = currentDay(context);
  return {
    path: DIGESTS_PATH,
    title: 'Digests',
    description: ['What is mailed to subscribers who follow everything.', ...(await recentGaps(context))].join(' '),
    sample,
    entries: issues
      .filter(({ day }) => day < today)
      .map(({ day, papers, titles }) => ({
        id: `digests/${day}`,
        title: `${formatCount(papers, 'paper')}, ${formatDay(day)}`,
        path: `${DIGESTS_PATH}/${day}`,
        date: startOfDay(addDays(day as Day, 1)),
        reason: `The papers that were new on the daily list of ${formatDay(day)} or entered trending on that day.`,
        text: titles.map(decodeTex).join('\n\n'),
        authors: [],
        keywords: [],
        links: [],
      })),
  };
}
