import { isAscii, plainLetters } from '../lib/letters.ts';

/** An arXiv id since 2015, `2501.04519`: year (from 91 on those of the 1990s, which have old ids), month, and a number from 1. */
const ID_SINCE_2015 = /^(?:1[5-9]|[2-8]\d|90)(?:0[1-9]|1[0-2])\.(?!00000)\d{5}$/;
/** An arXiv id from 2007-04 to 2014, `1412.0001`. */
const ID_SINCE_2007 = /^(?:070[4-9]|071[0-2]|(?:0[89]|1[0-4])(?:0[1-9]|1[0-2]))\.(?!0000)\d{4}$/;
/** An arXiv id from 1991-08 to 2007-03, `cs/0301012` or `math.AG/0211159`. */
const ID_SINCE_1991 =
  /^[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?\/(?:91(?:0[89]|1[0-2])|(?:9[2-9]|0[0-6])(?:0[1-9]|1[0-2])|070[1-3])(?!000)\d{3}$/;

const stripAnchors = ({ source }: RegExp): string => source.slice(1, -1);
/** What {@link parsePaperId} accepts, white space around it aside, as a pattern of JSON Schema. */
export const PAPER_ID_PATTERN = `^(?:${[ID_SINCE_2015, ID_SINCE_2007, ID_SINCE_1991].map(stripAnchors).join('|')})(?:v\\d+)?$`;

/** Parses a paper's id and drops a version suffix; null if arXiv cannot have issued it: month 13, four digits after 2014 … */
export function parsePaperId(text: string): string | null {
  if (ID_SINCE_2015.test(text)) return text;
  const id = text.trim().replace(/v\d+$/, '');
  return ID_SINCE_2015.test(id) || ID_SINCE_2007.test(id) || ID_SINCE_1991.test(id) ? id : null;
}

/** The address of a paper at arXiv, Hugging Face or alphaXiv, or `arXiv:` before its id. */
const PAPER_URL =
  /^(?:arxiv:|(?:https?:\/\/)?(?:www\.|export\.)?(?:arxiv\.org\/(?:abs|pdf|html)|(?:huggingface\.co|hf\.co)\/papers|alphaxiv\.org\/(?:abs|overview|pdf|html))\/)([^?#]+?)(?:\.pdf|\.md|\/)?(?:[?#].*)?$/i;

/** Parses a paper's id, or its address at arXiv, Hugging Face or alphaXiv; null for other text. */
export const parsePaperReference = (text: string): string | null =>
  parsePaperId(PAPER_URL.exec(text.trim())?.[1] ?? text);

/**
 * Collapses white space, because the feed wraps titles and abstracts differently from year to year. The pattern skips single spaces, which
 * are nearly all there is, and so takes three quarters of the time of `\s+`.
 */
export const collapseWhitespace = (text: string): string => text.replaceAll(/[^\S ]\s*| \s+/g, ' ').trim();

/** The most authors that a short form names; papers with hundreds exist. */
const AUTHORS_NAMED = 5;

/** Splits authors into the first five, which a short form names, and how many more there are. */
export const splitAuthors = (
  authors: readonly string[],
): { readonly named: readonly string[]; readonly more: number } => ({
  named: authors.slice(0, AUTHORS_NAMED),
  more: Math.max(0, authors.length - AUTHORS_NAMED),
});

/**
 * The slug of an author, an organization or a keyword: letters and digits of any script, lower case, accents dropped, joined by hyphens.
 * It is part of table keys, so it must never change.
 */
export const slugOf = (name: string): string => plainWords(name).join('-').slice(0, 100);

/** The words of a text as slugs have them: letters and digits of any script, lower case, accents dropped. */
export function plainWords(text: string): readonly string[] {
  const words = isAscii(text)
    ? text.toLowerCase().match(/[a-z0-9]+/g)
    : text
        .normalize('NFKD')
        .replaceAll(/\p{M}/gu, '')
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu);
  return words ?? [];
}

/** The slug by which names are compared: that of `slugOf` with all letters in ASCII that can be, so that `lukasz` finds `Łukasz`. */
export const plainSlugOf = (name: string): string => plainLetters(slugOf(name));

/**
 * The form by which keywords and phrases are compared: case, accents, hyphens, spaces and a plural `s` of its words make no difference.
 *
 * @example foldKeyword('World Models') === foldKeyword('world-model') // true
 */
export const foldKeyword = (keyword: string): string =>
  IS_FOLDED.test(keyword)
    ? keyword
    : plainSlugOf(keyword)
        .split('-')
        .map((word) => (word.length > 3 ? word.replace(/ies$/, 'y').replace(/(?<![sui])s$/, '') : word))
        .join('');

/** One word that is folded already, as most words of titles are: a short cut, since thousands are folded for one answer. */
const IS_FOLDED = /^[a-z0-9]{0,99}[a-rt-z0-9]$/;
