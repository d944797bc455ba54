/** Combining characters of TeX's accent commands. */
const ACCENTS: Readonly<Record<string, string>> = {
  '`': '\u0300',
  "'": '\u0301',
  '^': '\u0302',
  '~': '\u0303',
  '=': '\u0304',
  u: '\u0306',
  '.': '\u0307',
  '"': '\u0308',
  r: '\u030a',
  H: '\u030b',
  v: '\u030c',
  c: '\u0327',
  k: '\u0328',
};
/** Letters that TeX writes as commands. */
const LETTERS: Readonly<Record<string, string>> = {
  o: 'ø',
  O: 'Ø',
  l: 'ł',
  L: 'Ł',
  ss: 'ß',
  ae: 'æ',
  AE: 'Æ',
  oe: 'œ',
  OE: 'Œ',
  aa: 'å',
  AA: 'Å',
  i: 'ı',
  j: 'ȷ',
};

const ACCENT = /\\(?:([`'^~=."])\s*|([urHvck])(?:\s+|(?=\{)))(?:\{(\\?\p{L})\}|(\\?\p{L}))/gu;
const LETTER = /\\(AE|OE|AA|ss|ae|oe|aa|[oOlLij])(?:\{\}|\s+|(?![A-Za-z]))/g;
const STYLE = /\\(?:emph|text(?:it|bf|tt|sc|sf|rm|up)?|mbox)\{([^{}]*)\}/g;

/**
 * Replaces TeX's accents, special letters, text styles and escaped punctuation by plain Unicode.
 * Mathematics and unknown commands are left as they are.
 *
 * @example
 * decodeTex('Schr\\"{o}dinger, \\emph{again}, at 5\\%'); // Schrödinger, again, at 5%
 */
export const decodeTex = (text: string): string =>
  text.includes('\\')
    ? text
        .replaceAll(ACCENT, (_, mark, letter, inBraces, bare) => {
          const base = (inBraces ?? bare).replace(/^\\/, '');
          return `${base}${ACCENTS[mark ?? letter]}`.normalize('NFC');
        })
        .replaceAll(LETTER, (_, name) => LETTERS[name] ?? '')
        .replaceAll(STYLE, '$1')
        .replaceAll(/\\([&%#_])/g, '$1')
    : text;
