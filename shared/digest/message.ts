import { formatCount, formatDay, formatDays, formatDecimal, formatLongDay, formatNumber } from '../lib/format.ts';
import { decodeTex } from '../lib/tex.ts';
import { slugOf, splitAuthors } from '../model/paper.ts';
import { paperLinks } from '../query/paper-fields.ts';
import type { DigestPaper, Gap } from './papers.ts';
import type { Match, Selected } from './selection.ts';
import { type Choices, splitFollow } from './subscription.ts';

/** A paper as a message shows it, in words. */
export type PaperEntry = {
  readonly title: string;
  /** Its page of this site. */
  readonly url: string;
  readonly byline: string;
  readonly summary: string;
  /** Upvotes, how they moved, and how they compare with those of other papers. */
  readonly numbers: string;
  /** Why it is in the message. */
  readonly why: string;
  readonly links: readonly (readonly [name: string, url: string])[];
  readonly possiblyRepeated: boolean;
};

/** A message in words, from which its text and its HTML are made. */
export type MessageModel = {
  readonly subject: string;
  readonly heading: string;
  readonly intro: readonly string[];
  readonly papers: readonly PaperEntry[];
  /** How many papers did not fit. */
  readonly left: number;
  readonly site: string;
  /** The page on which the subscriber changes or ends the subscription. */
  readonly manage: string;
  readonly follows: string;
};

/** What a message is made from. */
export type MessageParts = {
  readonly selected: readonly Selected[];
  readonly choices: Choices;
  readonly period: string;
  readonly gaps: readonly Gap[];
  /** The site's address, without a slash at its end. */
  readonly site: string;
  readonly token: string;
  readonly sample: boolean;
};

const SUMMARY_LENGTH = 240;

const LIST_NAMES = { daily: 'the daily list', trending: 'trending' } as const;
const onList = (list: string, ...days: string[]): string =>
  `${LIST_NAMES[list as keyof typeof LIST_NAMES] ?? list} of ${formatDays(days)}`;

/** Why a paper is in a message: `keyword “agents”, 8 Jan 2025`. */
export function describeMatch({ follow, paper, day }: Match, minUpvotes: number): string {
  const { kind, name } = splitFollow(follow);
  const { keywords, authors, organization } = paper.content;
  const spelled = (names: readonly string[] | null | undefined) => names?.find((one) => slugOf(one) === name) ?? name;
  const reached = minUpvotes > 0 ? `, at least ${formatCount(minUpvotes, 'upvote')}` : '';
  const what = {
    all: paper.content.listedOn === undefined ? 'entered trending' : 'new on the daily list',
    'entered-trending': 'entered trending',
    'code-appeared': 'its code appeared',
    keyword: `keyword “${spelled(keywords)}”`,
    phrase: `phrase “${name}”`,
    author: `author ${spelled(authors)}`,
    organization: `organization ${organization?.fullname || name}`,
  }[kind];
  return `${what}${reached}, ${formatDay(day)}`;
}

/** What a subscriber follows, in words: `everything with at least 50 upvotes`. */
export function describeFollows({ follow: follows, minUpvotes }: Pick<Choices, 'follow' | 'minUpvotes'>): string {
  const what = follows.map((follow) => {
    const { kind, name } = splitFollow(follow);
    if (kind === 'all') return 'everything';
    return name === '' ? kind.replace('-', ' ') : `${kind} “${name}”`;
  });
  return `${what.join(', ')}${minUpvotes > 0 ? ` with at least ${formatCount(minUpvotes, 'upvote')}` : ''}`;
}

/** Describes the gaps of the archive: a sentence for the days of a list without a capture, and one for those with hours between two. */
export function describeGaps(gaps: readonly Gap[]): string[] {
  const alike = Map.groupBy(gaps, ({ list, hours }) => `${list} ${hours === null}`);
  return [...alike.values()].map((of) => {
    const where = onList((of[0] as Gap).list, ...of.map(({ day }) => day));
    const hours = of.map((gap) => gap.hours ?? 0).sort((a, b) => a - b);
    const [least, most] = [hours[0] as number, hours.at(-1) as number];
    if (most === 0) return `No usable capture of ${where}.`;
    return `${least === most ? '' : `${least} to `}${formatCount(most, 'hour')} without a capture of ${where}.`;
  });
}

function describeNumbers({ seen, expectedUpvotes }: DigestPaper): string {
  const { upvotes, gain, rank, bestRank, list, day } = seen;
  return [
    upvotes === null ? 'upvotes unknown' : formatCount(upvotes, 'upvote'),
    ...(gain === null || gain === 0 ? [] : [`${gain > 0 ? '+' : '−'}${formatNumber(Math.abs(gain))} since first seen`]),
    ...(upvotes === null || !expectedUpvotes
      ? []
      : [`${formatDecimal(upvotes / expectedUpvotes)} times the usual number at this age`]),
    `rank ${rank} on ${onList(list, day)}${bestRank < rank ? `, best ${bestRank}` : ''}`,
  ].join(' · ');
}

function shorten(text: string, length: number): string {
  const cut = text.lastIndexOf(' ', length);
  return text.length <= length ? text : `${text.slice(0, cut > 0 ? cut : length)} …`;
}

function entryOf({ paper, reasons, possiblyRepeated }: Selected, parts: MessageParts): PaperEntry {
  const { authors = [], organization, aiSummary, abstract, githubUrl, title } = paper.content;
  const { named, more } = splitAuthors(authors);
  const { url, arxivUrl } = paperLinks(paper.id);
  const links = { arXiv: arxivUrl, 'Hugging Face': url, Code: githubUrl };
  return {
    title: decodeTex(title),
    url: `${parts.site}/papers/${paper.id}`,
    byline: [
      `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
      organization?.fullname || organization?.name || '',
    ]
      .filter((part) => part !== '')
      .join(' · '),
    summary: shorten(decodeTex(aiSummary ?? abstract ?? ''), SUMMARY_LENGTH),
    numbers: describeNumbers(paper),
    why: reasons.map((reason) => describeMatch(reason, parts.choices.minUpvotes)).join('; '),
    links: Object.entries(links).filter((link): link is [string, string] => /^https?:\/\//.test(link[1] ?? '')),
    possiblyRepeated,
  };
}

/** Makes the model of a message with the first `count` of its papers. */
export function createMessageModel(parts: MessageParts, count: number): MessageModel {
  const { selected, choices, period, gaps, site, token, sample } = parts;
  const papers = selected.slice(0, count);
  const when =
    choices.cadence === 'daily' ? formatLongDay(period) : `week ${Number(period.slice(6))} of ${period.slice(0, 4)}`;
  const repeated = papers.filter(({ possiblyRepeated }) => possiblyRepeated).length;
  const many = formatCount(selected.length, 'paper');
  return {
    subject: `${sample ? 'SAMPLE: ' : ''}${many}, ${when}`,
    heading: `${many} for ${when}`,
    intro: [
      ...(sample ? ['These papers are invented: this archive is a sample.'] : []),
      ...(repeated === 0
        ? []
        : [`${formatCount(repeated, 'paper')} may have been in an earlier message, whose delivery was not confirmed.`]),
      ...describeGaps(gaps),
    ],
    papers: papers.map((one) => entryOf(one, parts)),
    left: selected.length - papers.length,
    site,
    manage: `${site}/subscriptions/${token}`,
    follows: describeFollows(choices),
  };
}

/** How many papers are shown with authors and summary: fewer where there are many. The others take one line. */
export const countInFull = ({ length }: readonly PaperEntry[]): number => (length <= 60 ? 20 : 8);

/** What a message says of the papers that did not fit. */
export const describeLeft = (left: number): string =>
  `${formatCount(left, 'paper')} with fewer upvotes did not fit; the next message has room for more.`;
