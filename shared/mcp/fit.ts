/** Makes answers short enough for a model, and says what was left out. */
import { splitAuthors } from '../model/paper.ts';

/** The most tokens of an answer. A response holds it twice, as data and as text with every quote escaped, and stays below 20,000. */
const MAX_TOKENS = 9_000;
/** Characters of an abstract in an answer that would be too long with whole ones. */
const SHORT_ABSTRACT = 280;

type Json = Readonly<Record<string, unknown>>;

/** At least the tokens of an answer: ids, times and addresses take more of them than English words do, other scripts one per letter. */
export function countTokens(answer: unknown): number {
  const text = JSON.stringify(answer);
  const others = text.match(/[^\0-\x7f]/g)?.length ?? 0;
  return Math.ceil((text.length - others) / 2.5 + others);
}

/** An answer that fits, with what it left out. */
export type FittedAnswer = Json & { readonly omitted: readonly string[] };

/**
 * Makes an answer fit: authors are cut to five and "and N more"; where that is not enough, abstracts are cut, and then the longest list of
 * the answer.
 *
 * @param more how to ask for what a list leaves out
 * @param cutAt the end of lists that is left out: `start` where they begin with the oldest
 */
export function fitAnswer(answer: Json, more: string, cutAt: 'start' | 'end' = 'end'): FittedAnswer {
  const named = mapFields(answer, 'authors', cutAuthors);
  if (countTokens(named) <= MAX_TOKENS) return { ...named, omitted: [] };
  const whole = mapFields(named, 'abstract', cutText);
  const omitted =
    JSON.stringify(whole) === JSON.stringify(named)
      ? []
      : [`abstracts after ${SHORT_ABSTRACT} characters: get_paper has the whole of one`];
  let cut = whole;
  while (countTokens(cut) > MAX_TOKENS) {
    const [name, rows] = longestList(cut);
    if (rows.length === 0) break;
    // a tenth at once, since an answer has up to thousands of rows
    const tenth = Math.ceil(rows.length / 10);
    cut = withList(cut, name, cutAt === 'start' ? rows.slice(tenth) : rows.slice(0, -tenth));
  }
  const kept = new Map(listsOf(cut));
  for (const [name, { length }] of listsOf(whole)) {
    const gone = length - (kept.get(name)?.length ?? 0);
    if (gone > 0) omitted.push(`the ${cutAt === 'start' ? 'first' : 'last'} ${gone} of ${length} ${name}: ${more}`);
  }
  return { ...cut, omitted };
}

/** The lists of an answer and of the objects in it (`coverage.after`), each with its name. */
const listsOf = (answer: Json): [name: string, rows: readonly unknown[]][] =>
  Object.entries(answer).flatMap(([name, value]): [string, readonly unknown[]][] => {
    if (Array.isArray(value)) return [[name, value]];
    if (typeof value !== 'object' || value === null) return [];
    return listsOf(value as Json).map(([inner, rows]) => [`${name}.${inner}`, rows]);
  });

function withList(answer: Json, name: string, rows: readonly unknown[]): Json {
  const [outer = '', ...inner] = name.split('.');
  const value = inner.length === 0 ? rows : withList(answer[outer] as Json, inner.join('.'), rows);
  return { ...answer, [outer]: value };
}

function longestList(answer: Json): [name: string, rows: readonly unknown[]] {
  const [longest = ['', []]] = listsOf(answer).toSorted((a, b) => countTokens(b[1]) - countTokens(a[1]));
  return longest;
}

/** Replaces every field of that name, however deep it is. */
const mapFields = (answer: Json, name: string, change: (value: unknown) => unknown): Json =>
  JSON.parse(JSON.stringify(answer, (key, value) => (key === name ? change(value) : value)));

function cutAuthors(authors: unknown): unknown {
  if (!Array.isArray(authors)) return authors;
  const { named, more } = splitAuthors(authors);
  return more > 0 ? [...named, `and ${more} more`] : authors;
}

const cutText = (text: unknown): unknown =>
  typeof text === 'string' && text.length > SHORT_ABSTRACT ? `${text.slice(0, SHORT_ABSTRACT).toWellFormed()}…` : text;
