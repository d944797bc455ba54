/** Papers and lists as Markdown, for programs that read text. */
import { formatCount, formatDay, formatLongDay, formatNumber, formatTime } from '../../lib/format.ts';
import { decodeTex } from '../../lib/tex.ts';
import { collapseWhitespace, splitAuthors } from '../../model/paper.ts';
import type { ListAnswer, ListedPaper } from '../../query/list.schema.ts';
import type { PaperAnswer } from '../../query/paper.schema.ts';
import { describeCoverage, describeEmptyList, formatListName } from '../pages/text.ts';
import { listPath, paperPath } from '../paths.ts';

/** Text from the feed on one line, so that it is neither markup nor a heading. */
const plain = (text: string): string =>
  collapseWhitespace(decodeTex(text)).replaceAll(/[\\`*_[\]<>|#]/g, (character) => `\\${character}`);

const SAMPLE = 'These papers are invented, because Hugging Face could not be reached.';
const upvotesText = (upvotes: number | null): string =>
  upvotes === null ? 'upvotes unknown' : formatCount(upvotes, 'upvote');
const number = (value: number | null): string => (value === null ? 'unknown' : formatNumber(value));

/** What both a row and a page say of a paper below its title. */
function describePaper(paper: PaperAnswer['paper'] | ListedPaper, authors: string): string[] {
  const { abstract, aiSummary, keywords, githubUrl, githubStars, projectUrl, arxivUrl, url } = paper;
  const stars = githubStars === null ? '' : ` (${formatCount(githubStars, 'star')})`;
  const links = [
    arxivUrl && `arXiv: <${arxivUrl}>`,
    url && `Hugging Face: <${url}>`,
    githubUrl && `Code: ${plain(githubUrl)}${stars}`,
    projectUrl && `Project: ${plain(projectUrl)}`,
  ].filter(Boolean);
  return [
    ...(authors === '' ? [] : [`Authors: ${authors}`]),
    ...(keywords && keywords.length > 0 ? [`Keywords: ${keywords.map(plain).join(', ')}`] : []),
    ...(aiSummary === null ? [] : [`AI summary: ${plain(aiSummary)}`]),
    ...(abstract === null ? [] : [plain(abstract)]),
    links.map((link) => `- ${link}`).join('\n'),
  ];
}

/** The paragraphs of a document; the sample says so first. */
const document = (title: string, sample: boolean, paragraphs: readonly string[]): string =>
  `${[`# ${title}`, ...(sample ? [SAMPLE] : []), ...paragraphs].filter((one) => one !== '').join('\n\n')}\n`;

/** Formats a paper: what it is, where it was listed, and what changed. */
export function formatPaperMarkdown({ paper, appearances, versions, sample }: PaperAnswer): string {
  const listed = paper.listedOn === null ? 'on no daily list' : `on the daily list of ${formatDay(paper.listedOn)}`;
  const seen = `first seen ${formatTime(paper.firstSeen)}, last seen ${formatTime(paper.lastSeen)}`;
  const rows = appearances.map(
    ({ list, day, firstRank, bestRank, lastRank, firstUpvotes, lastUpvotes }) =>
      `| ${list} | ${day} | ${firstRank} | ${bestRank} | ${lastRank} | ${number(firstUpvotes)} | ${number(lastUpvotes)} |`,
  );
  const changes = versions.slice(1).map(({ since, changed }) => `- ${formatTime(since)}: ${changed.join(', ')}`);
  return document(plain(paper.title), sample, [
    `arXiv ${paper.id}; ${listed}; ${upvotesText(paper.upvotes)}; ${seen}.`,
    ...describePaper(paper, (paper.authors ?? []).map(plain).join(', ')),
    '## Lists',
    [
      '| list | day | first rank | best rank | last rank | first upvotes | last upvotes |',
      '|---|---|---|---|---|---|---|',
      ...rows,
    ].join('\n'),
    ...(changes.length > 0 ? ['## Changes', changes.join('\n')] : []),
  ]);
}

/** Formats a list: its papers by rank, and how complete it is. `origin` begins the links to the papers. */
export function formatListMarkdown(answer: ListAnswer, origin: string): string {
  const { list, day, papers, observedAt, sample } = answer;
  const entries = papers.flatMap((paper) => {
    const { named, more } = splitAuthors(paper.authors ?? []);
    const authors = `${named.map(plain).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    const title =
      paper.id === null ? plain(paper.title) : `[${plain(paper.title)}](${origin}${paperPath(paper.id)}.md)`;
    return [`## ${paper.rank}. ${title}`, `${upvotesText(paper.upvotes)}`, ...describePaper(paper, authors)];
  });
  return document(`${formatListName(list)}, ${formatLongDay(day)}`, sample, [
    `${describeCoverage(answer)}.${observedAt === null ? '' : ` As of ${formatTime(observedAt)}.`}`,
    ...(papers.length === 0 ? [describeEmptyList(answer, null)] : entries),
  ]);
}

/** Formats `/llms.txt`: what the site is, and where its data are, for language models. */
export function formatLlmsText(origin: string, sample: boolean): string {
  const link = (words: string, path: string, what: string) => `- [${words}](${origin}${path}): ${what}`;
  return `# paperkeep

> Hugging Face's daily and trending papers, recorded every hour, so you can see what was popular and how it got there. Numbers are as they were observed, an unknown value is null, and a list that was not captured has the status \`missing\`. Days and times are UTC.
${sample ? `\n${SAMPLE}\n` : ''}
Every page is data with \`.json\` behind its path. Papers and lists are Markdown with \`.md\`: \`${listPath('daily', '2025-01-08')}.md\`, \`${paperPath('2501.04519')}.md\`. A list as it was known at a time: \`?at=2025-01-08T18:00:00Z\`.

## Data

${[
  link('Today', '/daily.md', 'the newest daily list'),
  link('Trending', '/trending.md', 'the newest trending list'),
  link('Movers', '/movers.json', 'what entered a list, left it and moved'),
  link('Top papers', '/top.json', 'the leaderboard of a range of days'),
  link('Search', '/search.json?q=agents', 'titles, abstracts, authors and keywords'),
  link('Topics', '/topics.json', 'keywords and phrases over time'),
  link('New papers', '/new.json', 'papers first seen since a moment'),
  link('Coverage', '/coverage.json', 'what was captured, and what is missing'),
  link('OpenAPI', '/openapi.json', 'every address, parameter and answer'),
].join('\n')}

## Optional

${[link('Daily feed', '/daily.atom', 'Atom'), link('Exports', '/exports.json', 'Parquet, CSV, SQLite, JSON lines')].join('\n')}
`;
}
