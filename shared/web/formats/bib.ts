import { plainLetters } from '../../lib/letters.ts';
import { decodeTex } from '../../lib/tex.ts';
import { collapseWhitespace } from '../../model/paper.ts';

/** What a BibTeX entry is made of. */
export type Citable = {
  readonly id: string | null;
  readonly title: string;
  /** Null if unknown. */
  readonly authors: readonly string[] | null;
  readonly publishedAt: string | null;
  readonly arxivUrl: string | null;
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Formats papers as BibTeX, one `@misc` each, with keys unique in the file. Papers without an id are left out. */
export function formatBibtex(papers: readonly Citable[]): string {
  const used = new Map<string, number>();
  return papers
    .flatMap((paper) => {
      if (paper.id === null) return [];
      const key = makeKey({ ...paper, id: paper.id });
      const count = used.get(key) ?? 0;
      used.set(key, count + 1);
      return [formatEntry({ ...paper, id: paper.id }, count === 0 ? key : `${key}-${count + 1}`)];
    })
    .join('\n');
}

type IdentifiedPaper = Citable & { readonly id: string };

function formatEntry(paper: IdentifiedPaper, key: string): string {
  const id = paper.id.replaceAll(/[^\w./-]/g, '-');
  const { year, month } = findDate(paper);
  const archive = /^([a-z-]+(?:\.[A-Z]{2})?)\//.exec(id)?.[1];
  const url = paper.arxivUrl?.replaceAll(/[{}\\\s]/g, encodeURIComponent);
  const authors = paper.authors ?? [];
  const fields = [
    `title = {${formatTitle(paper.title)}}`,
    authors.length > 0 && `author = {${authors.map(formatAuthor).join(' and ')}}`,
    year && `year = {${year}}`,
    month && `month = ${month}`,
    `eprint = {${id}}`,
    'archivePrefix = {arXiv}',
    archive && `primaryClass = {${archive}}`,
    url && `url = {${url}}`,
  ].filter(Boolean);
  return `@misc{${key},\n  ${fields.join(',\n  ')}\n}\n`;
}

/** Year and month of publication, or those in the id; the two digits of old ids (`cs/0301012`) begin in 1991. */
function findDate({ id, publishedAt }: IdentifiedPaper): { year: string | null; month: string | null } {
  const [, published, publishedMonth] = /^(\d{4})-(\d\d)/.exec(publishedAt ?? '') ?? [];
  const [, old, short, idMonth] = /^(.*\/)?(\d\d)(\d\d)/.exec(id) ?? [];
  const year = published ?? (short && `${old !== undefined && Number(short) > 90 ? 19 : 20}${short}`) ?? null;
  return { year, month: MONTHS[Number(publishedMonth ?? idMonth) - 1] ?? null };
}

// Commands for braces instead of `\{`: BibTeX counts braces, escaped or not, and an odd one would swallow the rest of the file.
const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\textbraceleft{}',
  '}': '\\textbraceright{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};
const escapeLatex = (text: string, special = /[\\{}~^&%$#_]/g): string =>
  text.replaceAll(special, (character) => LATEX[character] ?? `\\${character}`);

/** Mathematics: dollars that enclose text without spaces at its ends, and no digit after them, as in "$5 and $6". */
const MATH = /(\$[^$\s]\$(?!\d)|\$[^$\s][^$]*[^$\s\\]\$(?!\d))/;
const WORD = /(?<![{\\\p{L}\p{N}])[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}+'’/.-]*[\p{L}\p{N}\p{M}+])?/gu;

/** Whether a bibliography style would spoil a word by making it lower case: `GPT-4`, `LLMs`, `X-ray`, `Plan B`. */
const hasFixedCase = (word: string): boolean =>
  word !== 'A' && word.split(/[-/]/).some((part) => /^.+\p{Lu}|^\p{Lu}$/u.test(part));

/** Keeps mathematics and balanced braces, escapes the rest, and protects capitals from bibliography styles. */
function formatTitle(title: string): string {
  const parts = collapseWhitespace(decodeTex(title)).split(MATH);
  const isBalanced = parts.every(hasBalancedBraces);
  return parts
    .map((part, at) => {
      if (at % 2 === 1 && hasBalancedBraces(part)) return `{${part}}`;
      const escaped = escapeLatex(part, isBalanced ? /[\\~^&%$#_]/g : undefined);
      return escaped.replaceAll(WORD, (word) => (hasFixedCase(word) ? `{${word}}` : word));
    })
    .join('');
}

function hasBalancedBraces(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    depth += character === '{' ? 1 : character === '}' ? -1 : 0;
    if (depth < 0) return false;
  }
  return depth === 0;
}

const SUFFIX = /^(?:[JS]r\.?|II|III|IV)$/;
/** Words in the names of teams. */
const TEAM =
  /\b(?:AI|Team|Labs?|Laborator(?:y|ies)|Group|Collaboration|Consortium|Research|University|Institute|Foundation|Project|Community|Initiative|Cent(?:er|re)|Inc|Ltd|GmbH|Company|Organi[sz]ation|Department|Authors)\b|^The\s|\s(?:of|for)\s/;
/** Text that BibTeX would read as several names or none. */
const NOT_A_PERSON = /\sand\s|^(?:and|others|et al\.?)$|[^\p{L}\p{M}\s.,'’"()‐-]|^[^\p{L}]*$/iu;

type PersonName = { readonly first: string; readonly last: string; readonly suffix: string };

/** Reads a person's name, `First von Last Jr.` or `Last, First`; null for a team or what is no name. */
function parseName(name: string): PersonName | null {
  if (TEAM.test(name) || NOT_A_PERSON.test(name)) return null;
  const [main = '', ...rest] = name.split(',').map((part) => part.trim());
  if (rest.includes('') || rest.length > 2) return null;
  const [second, third] = rest;
  if (second !== undefined && third !== undefined) return { last: main, suffix: second, first: third };
  if (second !== undefined && !SUFFIX.test(second)) return { last: main, suffix: '', first: second };
  const words = main.split(' ');
  const suffix = second ?? (words.length > 1 && SUFFIX.test(words.at(-1) ?? '') ? words.pop() : '') ?? '';
  const particle = words.findIndex((word) => /^\p{Ll}/u.test(word));
  const split = particle === -1 ? words.length - 1 : particle;
  return { last: words.slice(split).join(' '), suffix, first: words.slice(0, split).join(' ') };
}

/** Removes TeX and collapses white space, so that a name is plain text. */
const plainName = (name: string): string => collapseWhitespace(decodeTex(name).replaceAll(/[{}]/g, ''));

/** Formats a name as `von Last, Jr, First`; a team's in braces, which keep it whole. */
function formatAuthor(name: string): string {
  const plain = plainName(name);
  const person = parseName(plain);
  if (!person || (person.suffix !== '' && person.first === '')) return `{${escapeLatex(plain)}}`;
  return [person.last, person.suffix, person.first]
    .filter((part) => part !== '')
    .map((part) => escapeLatex(part))
    .join(', ');
}

const toAsciiWords = (text: string): string[] =>
  plainLetters(text.normalize('NFKD').toLowerCase())
    .replaceAll(/[\p{M}'’]/gu, '')
    .match(/[a-z0-9]+/g) ?? [];

const STOP_WORDS = new Set(
  'a an and are as at be beyond by can do does for from how in into is it not of on or the to toward towards via we what when where which why with your'.split(
    ' ',
  ),
);

/** Makes a key that people can type: `author2025word`, of the first author and the first word of the title that says something. */
function makeKey(paper: IdentifiedPaper): string {
  const name = plainName(paper.authors?.[0] ?? '');
  const person = parseName(name);
  const author = person ? toAsciiWords(person.last).join('') : toAsciiWords(name).find((word) => word !== 'the');
  const words = toAsciiWords(decodeTex(paper.title));
  const word = words.find((one) => one.length > 1 && !STOP_WORDS.has(one)) ?? words[0] ?? '';
  return `${author || 'arxiv'}${findDate(paper).year ?? ''}${word}`;
}
