/** The words that were looked for, marked in what was found. */
import { html } from 'hono/html';
import type { SearchTerm } from '../../query/schemas/search.ts';
import type { Markup } from './elements.ts';

type Field = NonNullable<SearchTerm['field']>;
/** A stretch of a text: where it begins, and where it ended. */
type TextRange = readonly [from: number, to: number];

const WORD = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\p{M}]*/gu;
/** As the index compares words: small, without accents. */
const foldWord = (word: string): string => word.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** Where a text holds what was looked for in this field, in order and apart from each other. */
function findMatches(text: string, field: Field, terms: readonly SearchTerm[]): TextRange[] {
  const tokens = [...text.matchAll(WORD)].map((found) => ({
    word: foldWord(found[0]),
    from: found.index,
    to: found.index + found[0].length,
  }));
  const wanted = terms
    .filter((term) => !term.without && (term.field === null || term.field === field))
    .map(({ words, prefix }) => ({ words: words.map(foldWord), prefix }));
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

/** Stretches, those that overlap made one. */
function mergeOverlaps(found: readonly TextRange[]): TextRange[] {
  const merged: TextRange[] = [];
  for (const [from, to] of found.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && from < last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], to)];
    else merged.push([from, to]);
  }
  return merged;
}

/** A text, escaped, with what was looked for in this field marked. */
export function highlight(text: string, field: Field, terms: readonly SearchTerm[]): Markup {
  const stretches = findMatches(text, field, terms);
  const ends = [0, ...stretches.map(([, to]) => to)];
  return html`${stretches.map(([from, to], at) => html`${text.slice(ends[at], from)}<mark>${text.slice(from, to)}</mark>`)}${text.slice(ends.at(-1))}`;
}

/** True where a text holds what was looked for in this field. */
export const hasMatch = (text: string, field: Field, terms: readonly SearchTerm[]): boolean =>
  findMatches(text, field, terms).length > 0;

/** As long an excerpt as fills three lines on a desk. */
const EXCERPT = 280;
/** So much of it stands before the first hit. */
const BEFORE = 80;

/** A piece of an abstract around its first hit, else its beginning; cut at blanks, and marked. */
export function renderExcerpt(abstract: string, terms: readonly SearchTerm[]): Markup {
  const first = findMatches(abstract, 'abstract', terms)[0]?.[0] ?? 0;
  const blank = abstract.indexOf(' ', first - BEFORE);
  const from = first <= BEFORE ? 0 : blank < 0 ? first : Math.min(blank + 1, first);
  const cut = abstract.length - from <= EXCERPT ? -1 : abstract.lastIndexOf(' ', from + EXCERPT);
  const to = abstract.length - from <= EXCERPT ? abstract.length : cut <= first ? from + EXCERPT : cut;
  return html`${from > 0 ? '… ' : ''}${highlight(abstract.slice(from, to), 'abstract', terms)}${to < abstract.length ? ' …' : ''}`;
}
