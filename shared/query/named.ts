import * as z from 'zod';
import { mapConcurrent } from '../lib/concurrency.ts';
import { parseDay } from '../lib/time.ts';
import { isWholeContent } from '../model/content.ts';
import type { ListDay } from '../model/list.ts';
import type { PaperContent } from '../model/listing.ts';
import { slugOf } from '../model/paper.ts';
import { readContents } from '../table/contents.ts';
import { decodeSummary } from '../table/items.ts';
import { type IndexKind, indexPk, summaryKey } from '../table/keys.ts';
import type { TableStore } from '../table/store.ts';
import { toReadFrom } from './answer-coverage.ts';
import type { QueryContext } from './context.ts';
import { NotFoundError } from './errors.ts';
import type { NamedAnswer } from './named.schema.ts';
import { pageItems } from './paging.ts';
import { type PaperCounts, paperFields, paperLinks } from './paper-fields.ts';
import { paperVersions, readPaperSummaries } from './paper-summaries.ts';
import { dateRange, endsAfterStart, paging, slug } from './parameters.ts';
import { defineQuestion } from './question.ts';

/** What a position looks like: the day and the id of the paper that was last. */
const POSITION = /^\d{4}-\d\d-\d\d#./;

const parameters = z.object({ slug, ...dateRange, ...paging(POSITION) });

const namedQuestion = (kind: IndexKind, summary: string) =>
  defineQuestion({
    path: `/${kind}s/:slug`,
    summary,
    costClass: 'growing',
    notFound: 'The name was never seen.',
    parameters,
    rules: [endsAfterStart],
    answer: async () => (await import('./named.schema.ts')).NamedAnswer,
    run: (context, asked) => getIndexedPapers(context, { kind, ...asked }),
  });
/** The papers of an author. */
export const authorQuestion = namedQuestion('author', 'The papers of an author, newest first.');
/** The papers of an organization. */
export const organizationQuestion = namedQuestion('organization', 'The papers of an organization, newest first.');
/** The papers with a keyword. */
export const keywordQuestion = namedQuestion('keyword', 'The papers of a keyword, newest first.');

/** A paper under a name: the day of its daily list (else of its publication), and its id. */
type Entry = { readonly day: string; readonly id: string };

/**
 * The papers of an author, an organization or a keyword, newest first. An author here is a name, not an identity. Upvotes are those last
 * seen on the paper's daily list.
 *
 * @throws {NotFoundError} when the name was never seen
 */
export async function getIndexedPapers(
  { table, sample }: QueryContext,
  { kind, slug, from, to, ...paging }: { kind: IndexKind } & z.output<typeof parameters>,
): Promise<NamedAnswer> {
  const pk = indexPk(kind, slug);
  const items = await table.range({ pk, newestFirst: true, ...(from && { from }), ...(to && { to: `${to}~` }) });
  const newest = items[0] ?? (await table.range({ pk, newestFirst: true, limit: 1 }))[0];
  if (!newest) throw new NotFoundError('NEVER_SEEN', `no paper of the ${kind} ${slug} was seen`);
  const entries = distinct(items.map(({ sk }) => entryOf(sk)));
  const page = pageItems(entries, ({ day, id }) => `${day}#${id}`, paging);
  const { papers, read } = await papersOf(table, page.items);
  const [first] = page.items[0] ? papers : (await papersOf(table, [entryOf(newest.sk)])).papers;
  const names = first ? namesOf(kind, first) : [];
  return {
    kind,
    slug,
    name: names.find((name) => slugOf(name) === slug) ?? slug,
    from,
    to,
    papers,
    coverage: toReadFrom(read),
    total: entries.length,
    next: page.next,
    sample,
  };
}

const entryOf = (sk: string): Entry => ({ day: sk.slice(0, 10), id: sk.slice(11) });

/** A paper that moved from one day to another is listed under both; the newer one counts. */
function distinct(entries: readonly Entry[]): Entry[] {
  const ids = new Set<string>();
  return entries.filter(({ id }) => !ids.has(id) && ids.add(id));
}

type Paper = NamedAnswer['papers'][number];

const namesOf = (kind: IndexKind, { authors, keywords, organization }: Paper): readonly string[] => {
  if (kind === 'author') return authors ?? [];
  if (kind === 'keyword') return keywords ?? [];
  return organization && slugOf(organization.name) ? [organization.name] : [];
};

/** The papers, and the days of the daily list that their votes were read from. */
async function papersOf(table: TableStore, entries: readonly Entry[]) {
  const listDays = [...new Set(entries.map(({ day }) => day))].flatMap((day): ListDay[] => {
    const on = parseDay(day);
    return on ? [{ list: 'daily', day: on }] : [];
  });
  const summaries = new Map(
    (await table.getMany(listDays.map(summaryKey))).map((item) => [item.pk.slice(-10), decodeSummary(item)]),
  );
  const onDaily = entries.flatMap(({ day, id }) => {
    const summary = summaries.get(day);
    const place = summary?.papers.indexOf(id) ?? -1;
    const hash = summary?.runs[place]?.at(-1)?.[0];
    if (!summary || !hash) return [];
    const votes: PaperCounts = {
      upvotes: summary.lastUpvotes[place] ?? null,
      comments: summary.comments[place] ?? null,
      githubStars: summary.stars[place] ?? null,
    };
    return [{ paper: id, hash, votes }];
  });
  const contents = await readContents(table, onDaily);
  const found = new Map(onDaily.map((row, at) => [row.paper, { votes: row.votes, content: contents[at] }]));
  const papers = await mapConcurrent(entries, async ({ id }): Promise<Paper> => {
    const { content, votes = UNKNOWN } = found.get(id) ?? {};
    const whole = isWholeContent(content) ? content : await newestContent(table, id);
    return { ...paperFields(id, whole, votes), ...paperLinks(id) };
  });
  const read = listDays.flatMap((listDay) => {
    const summary = summaries.get(listDay.day);
    return summary ? [{ listDay, summary }] : [];
  });
  return { papers, read };
}

const UNKNOWN: PaperCounts = { upvotes: null, comments: null, githubStars: null };

async function newestContent(table: TableStore, id: string): Promise<PaperContent> {
  const life = await readPaperSummaries(table, id);
  return (life && paperVersions(life, null).at(-1)?.content) ?? { title: id };
}
