import type { SearchTerm } from './schemas/search.ts';

/** The most terms of a search: each is a walk through the index. */
const MOST_TERMS = 20;

/** A term as it is written: perhaps a minus, a field, then a phrase in quotes or what stands up to the next blank; perhaps a star. */
const TERM = /(-?)(?:(title|abstract|author|keyword):\s*)?(?:"([^"]*)(?:"|$)(\*?)|(\S+))/giu;
/** Letters and digits of any script with the marks on them: more than the index takes for words, which splits the rest itself. */
const WORD = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\p{M}]*/gu;

/** What was looked for, or why it cannot be. */
export type ParsedSearch = { readonly terms: readonly SearchTerm[] } | { readonly wrong: string };

/**
 * Reads what was typed: all words must be there; `"a phrase"`, `begin*`, `title:`, `abstract:`, `author:`, `keyword:`, and `-word` for what must not.
 * What has neither letter nor digit is passed over. Refused: nothing left to look for, or more than 20 terms.
 */
export function parseSearchText(text: string): ParsedSearch {
  const terms = [...text.replaceAll(/[“”„]/g, '"').matchAll(TERM)].map(termOf).filter(({ words }) => words.length > 0);
  if (terms.every(({ without }) => without)) return { wrong: 'must hold a word to look for, with a letter or a digit' };
  if (terms.length > MOST_TERMS) return { wrong: `must hold at most ${MOST_TERMS} words and phrases` };
  return { terms };
}

function termOf([, minus, field, phrase, star, word = '']: RegExpMatchArray): SearchTerm {
  return {
    field: (field?.toLowerCase() as SearchTerm['field']) ?? null,
    words: (phrase ?? word).match(WORD) ?? [],
    prefix: phrase === undefined ? word.endsWith('*') : star === '*',
    without: minus === '-',
  };
}

/** Columns of the index by what they are called in a search. */
const COLUMNS = { title: 'title', abstract: 'abstract', author: 'authors', keyword: 'keywords' } as const;

/** A phrase for MATCH. Words hold letters and digits only, so nothing in the quotes can end them. */
export const quotePhrase = (words: readonly string[]): string => `"${words.join(' ')}"`;

/** The terms for MATCH: every word in quotes, so that none is taken for an operator. At least one must be wanted. */
export function toMatchExpression(terms: readonly SearchTerm[]): string {
  const said = ({ field, words, prefix }: SearchTerm): string =>
    `${field ? `${COLUMNS[field]} : ` : ''}${quotePhrase(words)}${prefix ? ' *' : ''}`;
  const wanted = terms.filter(({ without }) => !without).map(said);
  const left = terms.filter(({ without }) => without).map(said);
  return left.length === 0 ? wanted.join(' AND ') : `(${wanted.join(' AND ')}) NOT (${left.join(' OR ')})`;
}
