import { asDay, type Day } from '../kit/clock.ts';
import { inTurns } from '../kit/turns.ts';
import type { Content } from '../model/listing.ts';
import { slugOf } from '../model/paper.ts';
import type { Target } from '../model/target.ts';
import { asSummary } from '../record/fold.ts';
import { type NamedKind, namedPk, summaryKey } from '../record/keys.ts';
import type { Records } from '../record/records.ts';
import type { NamedAnswer } from './answers.ts';
import { contentsOf, isWhole, lifeOf, versionsOf } from './content.ts';
import { linksOf, paperFields, readFrom, type Votes } from './list.ts';
import { type Page, type Paging, pageOf } from './page.ts';
import type { Archive } from './store.ts';

/** Whose papers, of which days (both included; null: open). */
export type NamedQuestion = {
  readonly kind: NamedKind;
  readonly slug: string;
  readonly from: Day | null;
  readonly to: Day | null;
};

/** What a position looks like: the day and the id of the paper that was last. */
export const NAMED_POSITION = /^\d{4}-\d\d-\d\d#./;

/** A paper under a name: the day of its daily list (else of its publication), and its id. */
type Entry = { readonly day: string; readonly id: string };

/**
 * The papers of an author, an organization or a keyword, newest first, without `next`; null when the name was never seen.
 * An author here is a name, not an identity. Votes are those last seen on the paper's daily list.
 */
export async function namedAnswer(
  { records, sample }: Archive,
  { kind, slug, from, to }: NamedQuestion,
  paging: Paging,
): Promise<{ answer: NamedAnswer; page: Page<Entry> } | null> {
  const pk = namedPk(kind, slug);
  const items = await records.range({ pk, newestFirst: true, ...(from && { from }), ...(to && { to: `${to}~` }) });
  const newest = items[0] ?? (await records.range({ pk, newestFirst: true, limit: 1 }))[0];
  if (!newest) return null;
  const entries = distinct(items.map(({ sk }) => entryOf(sk)));
  const page = pageOf(entries, ({ day, id }) => `${day}#${id}`, paging);
  const { papers, read } = await papersOf(records, page.items);
  const [first] = page.items[0] ? papers : (await papersOf(records, [entryOf(newest.sk)])).papers;
  const names = first ? namesOf(kind, first) : [];
  return {
    answer: {
      kind,
      slug,
      name: names.find((name) => slugOf(name) === slug) ?? slug,
      from,
      to,
      papers,
      coverage: readFrom(read),
      total: entries.length,
      next: null,
      sample,
    },
    page,
  };
}

const entryOf = (sk: string): Entry => ({ day: sk.slice(0, 10), id: sk.slice(11) });

/** A paper that moved from one day to another stands under both; the newer one counts. */
function distinct(entries: readonly Entry[]): Entry[] {
  const ids = new Set<string>();
  return entries.filter(({ id }) => !ids.has(id) && ids.add(id));
}

type Paper = NamedAnswer['papers'][number];

const namesOf = (kind: NamedKind, { authors, keywords, organization }: Paper): readonly string[] => {
  if (kind === 'author') return authors ?? [];
  if (kind === 'keyword') return keywords ?? [];
  return organization && slugOf(organization.name) ? [organization.name] : [];
};

/** The papers, and the days of the daily list that their votes were read from. */
async function papersOf(records: Records, entries: readonly Entry[]) {
  const targets = [...new Set(entries.map(({ day }) => day))].flatMap((day): Target[] => {
    const on = asDay(day);
    return on ? [{ source: 'daily', day: on }] : [];
  });
  const summaries = new Map(
    (await records.getMany(targets.map(summaryKey))).map((item) => [item.pk.slice(-10), asSummary(item)]),
  );
  const onDaily = entries.flatMap(({ day, id }) => {
    const summary = summaries.get(day);
    const place = summary?.papers.indexOf(id) ?? -1;
    const hash = summary?.runs[place]?.at(-1)?.[0];
    if (!summary || !hash) return [];
    const votes: Votes = {
      upvotes: summary.lastUpvotes[place] ?? null,
      comments: summary.comments[place] ?? null,
      githubStars: summary.stars[place] ?? null,
    };
    return [{ paper: id, hash, votes }];
  });
  const contents = await contentsOf(records, onDaily);
  const found = new Map(onDaily.map((row, at) => [row.paper, { votes: row.votes, content: contents[at] }]));
  const papers = await inTurns(entries, async ({ id }): Promise<Paper> => {
    const { content, votes = UNKNOWN } = found.get(id) ?? {};
    const whole = isWhole(content) ? content : await newestContent(records, id);
    return { ...paperFields(id, whole, votes), ...linksOf(id) };
  });
  const read = targets.flatMap((target) => {
    const summary = summaries.get(target.day);
    return summary ? [{ target, summary }] : [];
  });
  return { papers, read };
}

const UNKNOWN: Votes = { upvotes: null, comments: null, githubStars: null };

async function newestContent(records: Records, id: string): Promise<Content> {
  const life = await lifeOf(records, id);
  return (life && versionsOf(life, null).at(-1)?.content) ?? { title: id };
}
