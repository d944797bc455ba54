import { addDays, type Day } from '../lib/time.ts';
import { plainWords, slugOf } from '../model/paper.ts';
import type { DigestPaper, Window } from './papers.ts';
import { conditionKey, type History, type Matches } from './store.ts';
import { type Choices, type Follow, splitFollow } from './subscription.ts';

/** A paper that a follow matches, and the list day on which its condition first became true. */
export type Match = { readonly paper: DigestPaper; readonly follow: Follow; readonly day: Day };

/** Words of a text between single blanks, in lower case and without accents, to find phrases in. */
const wordsOf = (text: string): string => ` ${plainWords(text).join(' ')} `;

/** The words of title and abstract of each paper, which every phrase is looked for in. */
const textOf = new WeakMap<DigestPaper, string>();
function searchable(paper: DigestPaper): string {
  const known = textOf.get(paper);
  if (known !== undefined) return known;
  // two texts, so that no phrase spans both
  const text = `${wordsOf(paper.content.title)}\n${wordsOf(paper.content.abstract ?? '')}`;
  textOf.set(paper, text);
  return text;
}

/** Before every window: a condition that was true then, whenever that began. */
const LONG_AGO = '0000-00-00' as Day;

/**
 * The list day on which a paper first was what a follow asks for, upvotes aside; null where it is not. What a paper is about holds from
 * its own day on, also where the feed gives keywords later.
 */
function followedOn(follow: Follow, paper: DigestPaper): Day | null {
  const { kind, name } = splitFollow(follow);
  const { content } = paper;
  const day = paper.day ?? LONG_AGO;
  const isNamed = (names: readonly string[] | null | undefined) => names?.some((one) => slugOf(one) === name) ?? false;
  switch (kind) {
    case 'all':
      return day;
    case 'entered-trending':
      return paper.enteredTrending;
    case 'code-appeared':
      return paper.codeAppeared;
    case 'keyword':
      return isNamed(content.keywords) ? day : null;
    case 'author':
      return isNamed(content.authors) ? day : null;
    case 'organization':
      return isNamed(content.organization ? [content.organization.name] : []) ? day : null;
    case 'phrase':
      return searchable(paper).includes(wordsOf(name)) ? day : null;
  }
}

/** The first list day on which a paper had that many upvotes; null where it never had, or had them when it was first seen and may long have had them. */
function reachedOn({ votes, votesBefore, day }: DigestPaper, minUpvotes: number): Day | null {
  if (minUpvotes === 0) return LONG_AGO;
  const at = votes.findIndex(({ peak }) => peak >= minUpvotes);
  const reached = votes[at];
  if (!reached) return null;
  const sawFewer = at > 0 || reached.first < minUpvotes;
  if (votesBefore !== null) return sawFewer && votesBefore < minUpvotes ? reached.day : LONG_AGO;
  return sawFewer || day !== null ? reached.day : null;
}

/** The papers of a window that match a follow for the first time in it. */
export const findMatches = (
  { papers, from }: Pick<Window, 'papers' | 'from'>,
  follow: Follow,
  minUpvotes: number,
): Match[] =>
  papers.flatMap((paper) => {
    const [followed, reached] = [followedOn(follow, paper), reachedOn(paper, minUpvotes)];
    if (followed === null || reached === null) return [];
    const isEvent = follow === 'entered-trending' || follow === 'code-appeared';
    const day = [followed, reached].sort()[1] as Day;
    return day < from || (isEvent && followed < from) ? [] : [{ paper, follow, day }];
  });

/** A paper to send, why, and whether an earlier message may have had it. */
export type Selected = {
  readonly paper: DigestPaper;
  readonly reasons: readonly Match[];
  readonly possiblyRepeated: boolean;
};

/** What to send to one subscriber, most upvotes first, and what it takes as known from now on, by the key of the condition. */
export type Selection = {
  readonly papers: readonly Selected[];
  readonly known: ReadonlyMap<string, Matches>;
};

/** How many days before today the first message goes back. */
const FIRST_MESSAGE_DAYS = { daily: 1, weekly: 7 } as const;

/**
 * Selects what a subscriber was not sent before. Of a follow that is new to the subscriber, older matches count as known.
 *
 * @param find Returns the matches of a follow; many subscribers share them.
 */
export function selectPapers(
  { cadence, follow: follows, minUpvotes }: Pick<Choices, 'cadence' | 'follow' | 'minUpvotes'>,
  history: History,
  today: Day,
  find: (follow: Follow, minUpvotes: number) => readonly Match[],
): Selection {
  const begin = addDays(today, -FIRST_MESSAGE_DAYS[cadence]);
  const known = new Map<string, Matches>();
  const selected = new Map<string, Match[]>();
  const [sent, unsure] = [pairsOf(history, 'sent'), pairsOf(history, 'sending')];
  for (const follow of follows) {
    const matches = find(follow, minUpvotes);
    const condition = conditionKey(follow, minUpvotes);
    const isNew = !history.known.has(condition);
    if (isNew) known.set(condition, toMatches(matches.filter(({ day }) => day < begin)));
    const before = new Set((history.known.get(condition) ?? known.get(condition))?.[follow]);
    for (const match of matches) {
      const { id } = match.paper;
      if (before.has(id) || sent.has(`${follow} ${id}`)) continue;
      selected.set(id, [...(selected.get(id) ?? []), match]);
    }
  }
  const papers = [...selected].map(([id, reasons]): Selected => {
    const [{ paper }] = reasons as [Match];
    return { paper, reasons, possiblyRepeated: reasons.some(({ follow }) => unsure.has(`${follow} ${id}`)) };
  });
  return { papers: papers.sort(byUpvotes), known };
}

/** Orders papers by upvotes, most first and unknown last; then by id. */
export const byUpvotes = ({ paper: a }: Pick<Match, 'paper'>, { paper: b }: Pick<Match, 'paper'>): number =>
  (b.seen.upvotes ?? -1) - (a.seen.upvotes ?? -1) || (a.id < b.id ? -1 : 1);

/** The follows and papers of all messages in a state. */
const pairsOf = ({ messages }: History, state: string): Set<string> =>
  new Set(
    messages
      .filter((message) => message.state === state)
      .flatMap(({ matches }) => Object.entries(matches).flatMap(([follow, ids]) => ids.map((id) => `${follow} ${id}`))),
  );

/** Matches as they are stored. */
export const toMatches = (matches: readonly Match[]): Matches =>
  Object.fromEntries(
    [...Map.groupBy(matches, ({ follow }) => follow)].map(([follow, of]) => [follow, of.map(({ paper }) => paper.id)]),
  );
