/** Makes answers short enough for a model, and says what was left out. */
import { splitAuthors } from '../model/paper.ts';

/** The most tokens of an answer. A response holds it twice, as data and as text, and stays below 20,000. */
const MAX_TOKENS = 9_500;
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
    cut = { ...cut, [name]: cutAt === 'start' ? rows.slice(tenth) : rows.slice(0, -tenth) };
  }
  for (const [name, rows] of Object.entries(whole)) {
    const kept = cut[name];
    if (Array.isArray(rows) && Array.isArray(kept) && kept.length < rows.length)
      omitted.push(
        `the ${cutAt === 'start' ? 'first' : 'last'} ${rows.length - kept.length} of ${rows.length} ${name}: ${more}`,
      );
  }
  return { ...cut, omitted };
}

function longestList(answer: Json): [name: string, rows: readonly unknown[]] {
  const lists = Object.entries(answer).filter((field): field is [string, unknown[]] => Array.isArray(field[1]));
  const [longest = ['', []]] = lists.toSorted((a, b) => countTokens(b[1]) - countTokens(a[1]));
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
