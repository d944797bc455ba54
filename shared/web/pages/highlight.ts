/** Marks the words of a search in the papers it found. */
import { html } from 'hono/html';
import { isAscii, plainLetters } from '../../lib/letters.ts';
import type { SearchTerm } from '../../query/search.schema.ts';
import type { Markup } from './elements.ts';

type Field = NonNullable<SearchTerm['field']>;
/** Where a match begins and ends in a text; the end is exclusive. */
type TextRange = readonly [from: number, to: number];

const WORD = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\p{M}]*/gu;
/** Folds a word as the search index does: lower case, without accents, in ASCII where that can be. */
const foldWord = (word: string): string =>
  isAscii(word) ? word.toLowerCase() : plainLetters(word.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase());

/** Finds the matches of a field's search terms in a text, in order and without overlaps. */
function findMatches(text: string, field: Field, terms: readonly SearchTerm[]): TextRange[] {
  const wanted = terms
    .filter((term) => !term.without && (term.field === null || term.field === field))
    .map(({ words, prefix }) => ({ words: words.map(foldWord), prefix }));
  if (wanted.length === 0) return [];
  const tokens = [...text.matchAll(WORD)].map((found) => ({
    word: foldWord(found[0]),
    from: found.index,
    to: found.index + found[0].length,
  }));
  const found = tokens.flatMap((token, at) =>
    wanted.flatMap(({ words, prefix }): TextRange[] => {
      const fits = words.every((word, ahead) => {
        const there = tokens[at + ahead]?.word;
        return prefix && ahead === words.length - 1 ? there?.startsWith(word) : there === word;
      });
      return fits ? [[token.from, tokens[at + words.length - 1]?.to ?? token.to]] : [];
    }),
  );
  return mergeOverlaps(found);
}

/** Merges overlapping ranges. */
function mergeOverlaps(found: readonly TextRange[]): TextRange[] {
  const merged: TextRange[] = [];
  for (const [from, to] of found.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && from < last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], to)];
    else merged.push([from, to]);
  }
  return merged;
}

/** Renders a text with the matches of a field's search terms marked. */
export function highlight(text: string, field: Field, terms: readonly SearchTerm[]): Markup {
  const ranges = findMatches(text, field, terms);
  const ends = [0, ...ranges.map(([, to]) => to)];
  return html`${ranges.map(([from, to], at) => html`${text.slice(ends[at], from)}<mark>${text.slice(from, to)}</mark>`)}${text.slice(ends.at(-1))}`;
}

/** Whether a text matches a field's search terms. */
export const hasMatch = (text: string, field: Field, terms: readonly SearchTerm[]): boolean =>
  findMatches(text, field, terms).length > 0;

/** Characters of an excerpt: about three lines on a wide screen. */
const EXCERPT = 280;
/** Characters of it before the first match. */
const BEFORE = 80;

/** Renders the part of an abstract around its first match, or its beginning; cut at spaces, matches marked. */
export function renderExcerpt(abstract: string, terms: readonly SearchTerm[]): Markup {
  const first = findMatches(abstract, 'abstract', terms)[0]?.[0] ?? 0;
  const blank = abstract.indexOf(' ', first - BEFORE);
  const from = first <= BEFORE ? 0 : blank < 0 ? first : Math.min(blank + 1, first);
  const cut = abstract.length - from <= EXCERPT ? -1 : abstract.lastIndexOf(' ', from + EXCERPT);
  const to = abstract.length - from <= EXCERPT ? abstract.length : cut <= first ? from + EXCERPT : cut;
  return html`${from > 0 ? '…\u00a0' : ''}${highlight(abstract.slice(from, to), 'abstract', terms)}${to < abstract.length ? '\u00a0…' : ''}`;
}
