import * as z from 'zod';
import { plainLetters } from '../lib/letters.ts';
import type { SearchTerm } from './search.schema.ts';

/** The most terms of a search: each is one scan of the index. */
const MAX_TERMS = 20;

/** A term as it is written: perhaps a minus, a field, then a phrase in quotes or what stands up to the next blank; perhaps a star. */
const TERM = /(-?)(?:(title|abstract|author|keyword):\s*)?(?:"([^"]*)(?:"|$)(\*?)|(\S+))/giu;
/** Letters and digits of any script with the marks on them: more than the index takes for words, which splits the rest itself. */
const WORD = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\p{M}]*/gu;

/** What is searched for: the text, and the terms that it was read as. */
export type SearchText = { readonly text: string; readonly terms: readonly SearchTerm[] };

/**
 * Reads the text of a search: all words must be there; `"a phrase"`, `begin*`, `title:`, `abstract:`, `author:`, `keyword:`, and `-word`
 * for a word that must not be there. Words without a letter or digit are skipped. Text without a word to search for, or with more than
 * 20 terms, is refused.
 */
export const searchText = z
  .string()
  .max(300, 'must not be longer than 300 characters')
  .transform((text, context): SearchText => {
    const terms = [...text.replaceAll(/[“”„]/g, '"').matchAll(TERM)]
      .map(termOf)
      .filter(({ words }) => words.length > 0);
    if (terms.every(({ without }) => without))
      context.addIssue({ code: 'custom', message: 'must hold a word to search for, with a letter or a digit' });
    if (terms.length > MAX_TERMS)
      context.addIssue({ code: 'custom', message: `must hold at most ${MAX_TERMS} words and phrases` });
    return { text, terms };
  })
  .meta({
    description:
      'words that must all be there; `"a phrase"`, `begin*`, `title:`, `abstract:`, `author:` or `keyword:` before a word or phrase, `-word` for one that must not be there',
    examples: ['"long reading" author:ada', 'title:table*'],
  });

function termOf([, minus, field, phrase, star, word = '']: RegExpMatchArray): SearchTerm {
  return {
    field: (field?.toLowerCase() as SearchTerm['field']) ?? null,
    words: (phrase ?? word).match(WORD) ?? [],
    prefix: phrase === undefined ? word.endsWith('*') : star === '*',
    without: minus === '-',
  };
}

/** Columns of the index by their names in a search. */
const COLUMNS = { title: 'title', abstract: 'abstract', author: 'authors', keyword: 'keywords' } as const;

/** A phrase for MATCH, with letters as the index has them. Words hold letters and digits only, so nothing in the quotes can end them. */
export const quotePhrase = (words: readonly string[]): string => `"${plainLetters(words.join(' '))}"`;

/** The terms for MATCH: every word in quotes, so that none is an operator. At least one must be without a minus. */
export function toMatchExpression(terms: readonly SearchTerm[]): string {
  const expression = ({ field, words, prefix }: SearchTerm): string =>
    `${field ? `${COLUMNS[field]} : ` : ''}${quotePhrase(words)}${prefix ? ' *' : ''}`;
  const wanted = terms.filter(({ without }) => !without).map(expression);
  const left = terms.filter(({ without }) => without).map(expression);
  return left.length === 0 ? wanted.join(' AND ') : `(${wanted.join(' AND ')}) NOT (${left.join(' OR ')})`;
}
