import * as z from 'zod';
import { plainLetters } from '../lib/letters.ts';
import type { SearchTerm } from './search.schema.ts';

/** The most terms of a search: each is one scan of the index. */
const MAX_TERMS = 20;

/**
 * The parts of a search as they are written: an opening parenthesis, perhaps after a minus; a closing one; or a term, which is perhaps a minus, a
 * field, then a phrase in quotes or what stands up to the next blank, perhaps a star.
 */
const PART = /(-?)\(|\)|(-?)(?:(title|abstract|author|keyword):\s*)?(?:"([^"]*)(?:"|$)(\*?)|(\S+))/giu;
/** Letters and digits of any script with the marks on them: more than the index takes for words, which splits the rest itself. */
const WORD = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\p{M}]*/gu;

/** Alternatives, one of which must match. `without`: papers that match are left out. */
type SearchGroup = { readonly anyOf: readonly SearchAlternative[]; readonly without: boolean };
/** Terms and groups that must all match. */
type SearchAlternative = readonly (SearchTerm | SearchGroup)[];

/** What is searched for: the text, the terms in it, and the alternatives that they form. */
export type SearchText = {
  readonly text: string;
  readonly terms: readonly SearchTerm[];
  readonly anyOf: readonly SearchAlternative[];
};

/**
 * Reads the text of a search: all words must be there, or those on one side of `OR`; parentheses group; `"a phrase"`, `begin*`, `title:`,
 * `abstract:`, `author:`, `keyword:`, and `-word` for a word that must not be there. Skips words without a letter or digit, and parentheses
 * without a partner. Refuses text that holds no word to search for on some side of `OR` or in some group, or more than 20 terms.
 */
export const searchText = z
  .string()
  .max(300, 'must not be longer than 300 characters')
  .transform((text, context): SearchText => {
    const read = readSearchText(text.replaceAll(/[“”„]/g, '"'));
    if (read.terms.every(({ without }) => without))
      context.addIssue({ code: 'custom', message: 'must hold a word to search for, with a letter or a digit' });
    else if (!read.anyOf.every(isSearchable))
      context.addIssue({
        code: 'custom',
        message: 'must hold a word to search for on each side of OR and in each group',
      });
    if (read.terms.length > MAX_TERMS)
      context.addIssue({ code: 'custom', message: `must hold at most ${MAX_TERMS} words and phrases` });
    return { text, ...read };
  })
  .meta({
    description:
      'words that must all be there; `OR` between alternatives, parentheses for groups; `"a phrase"`, `begin*`, `title:`, `abstract:`, `author:` or `keyword:` before a word or phrase, `-` before what must not be there',
    examples: ['"long reading" author:ada', 'title:table* (tea OR coffee)'],
  });

/** True when not everything in an alternative is to be left out. */
const isSearchable = (alternative: SearchAlternative): boolean =>
  alternative.some(({ without }) => !without) &&
  alternative.every((part) => !('anyOf' in part) || part.anyOf.every(isSearchable));

type OpenGroup = { readonly anyOf: (SearchTerm | SearchGroup)[][]; readonly without: boolean };

function readSearchText(text: string): Pick<SearchText, 'terms' | 'anyOf'> {
  const terms: SearchTerm[] = [];
  const all: OpenGroup = { anyOf: [[]], without: false };
  const open = [all];
  const add = (...parts: (SearchTerm | SearchGroup)[]) =>
    open
      .at(-1)
      ?.anyOf.at(-1)
      ?.push(...parts);
  const close = () => {
    if (open.length === 1) return;
    const { anyOf, without } = withoutEmpty(open.pop() as OpenGroup);
    // a group of one alternative says no more than its parts
    if (anyOf.length === 1 && !without) add(...(anyOf[0] ?? []));
    else if (anyOf.length > 0) add({ anyOf, without });
  };
  for (const part of text.matchAll(PART)) {
    const [written, minus, ...rest] = part;
    if (minus !== undefined) open.push({ anyOf: [[]], without: minus === '-' });
    else if (written === ')') close();
    else if (written === 'OR') open.at(-1)?.anyOf.push([]);
    else if (written !== 'AND') {
      const term = readTerm(rest);
      if (term.words.length > 0) {
        const isLeftOut = open.filter(({ without }) => without).length % 2 === 1;
        terms.push({ ...term, without: term.without !== isLeftOut });
        add(term);
      }
      for (let closing = countClosing(rest.at(-1) ?? '', open.length - 1); closing > 0; closing -= 1) close();
    }
  }
  while (open.length > 1) close();
  return { terms, anyOf: withoutEmpty(all).anyOf };
}

const withoutEmpty = ({ anyOf, without }: OpenGroup): OpenGroup => ({
  anyOf: anyOf.filter((alternative) => alternative.length > 0),
  without,
});

/** How many groups the end of a word closes: `O(n)` closes none, `tea))` two if so many are open. */
function countClosing(word: string, open: number): number {
  const own = word.split('(').length - 1;
  const closing = /\)*$/.exec(word)?.[0].length ?? 0;
  return Math.min(Math.max(0, closing - own), open);
}

function readTerm([minus, field, phrase, star, word = '']: readonly (string | undefined)[]): SearchTerm {
  return {
    field: (field?.toLowerCase() as SearchTerm['field']) ?? null,
    words: (phrase ?? word).match(WORD) ?? [],
    prefix: phrase === undefined ? /\*\)*$/.test(word) : star === '*',
    without: minus === '-',
  };
}

/** Columns of the index by their names in a search. */
const COLUMNS = { title: 'title', abstract: 'abstract', author: 'authors', keyword: 'keywords' } as const;

/** A phrase for MATCH, with letters as the index has them. Words hold letters and digits only, so nothing in the quotes can end them. */
export const quotePhrase = (words: readonly string[]): string => `"${plainLetters(words.join(' '))}"`;

/** A search for MATCH: every word in quotes, so that none is an operator. */
export const toMatchExpression = (anyOf: SearchText['anyOf']): string =>
  anyOf.length === 1 ? matchAll(anyOf[0] ?? []) : anyOf.map((alternative) => `(${matchAll(alternative)})`).join(' OR ');

function matchAll(alternative: SearchAlternative): string {
  const expressionsOf = (without: boolean) => alternative.filter((part) => part.without === without).map(matchPart);
  const [wanted, left] = [expressionsOf(false).join(' AND '), expressionsOf(true).join(' OR ')];
  return left === '' ? wanted : `(${wanted}) NOT (${left})`;
}

function matchPart(part: SearchTerm | SearchGroup): string {
  if ('anyOf' in part) return `(${toMatchExpression(part.anyOf)})`;
  const { field, words, prefix } = part;
  return `${field ? `${COLUMNS[field]} : ` : ''}${quotePhrase(words)}${prefix ? ' *' : ''}`;
}
