/** Letters that Unicode does not decompose into one of ASCII and a mark, as people write them in ASCII. */
const ASCII: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'n',
  þ: 'th',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
};

const LETTERS = /[łøđðħŧŋþßẞæœı]/gi;

/**
 * Replaces letters that Unicode does not decompose by those of ASCII, in lower case; leaves all others as they are.
 *
 * @example plainLetters('Łukasz Weiß') // 'lukasz Weiss'
 */
export const plainLetters = (text: string): string =>
  text.replaceAll(LETTERS, (letter) => ASCII[letter.toLowerCase()] ?? letter);

/** Whether a text has ASCII characters only, as nearly all words and names do: a short cut where letters are folded. */
export const isAscii = (text: string): boolean => ASCII_ONLY.test(text);

const ASCII_ONLY = /^[\0-\x7f]*$/;
