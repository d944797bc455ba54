import { collapseWhitespace } from '../../model/paper.ts';

/** What an entry needs of a paper. */
export type Citable = {
  readonly id: string | null;
  readonly title: string;
  /** Null where they are not known. */
  readonly authors: readonly string[] | null;
  readonly publishedAt: string | null;
  readonly arxivUrl: string | null;
};

// Commands for braces and not `\{`: BibTeX counts braces, escaped or not, and an odd one would swallow the rest of the file.
const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\textbraceleft{}',
  '}': '\\textbraceright{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};
const escapeLatex = (text: string): string =>
  collapseWhitespace(text).replaceAll(/[\\{}~^&%$#_]/g, (character) => LATEX[character] ?? `\\${character}`);

/** A name with a comma or an "and" would be read as something else; braces keep it whole. */
const author = (name: string): string => (/,|\band\b/i.test(name) ? `{${escapeLatex(name)}}` : escapeLatex(name));

/** Published, else the year that the id tells; old ids (`cs/0301012`) begin in 1991. */
function findYear({ id, publishedAt }: Citable): string | null {
  const published = /^\d{4}/.exec(publishedAt ?? '')?.[0];
  if (published) return published;
  const [, old, short] = /^(.*\/)?(\d\d)\d\d/.exec(id ?? '') ?? [];
  if (short === undefined) return null;
  return `${old !== undefined && Number(short) > 90 ? 19 : 20}${short}`;
}

function formatEntry(paper: Citable & { readonly id: string }): string {
  const id = paper.id.replaceAll(/[^\w./-]/g, '-');
  const year = findYear(paper);
  const url = paper.arxivUrl?.replaceAll(/[{}\\\s]/g, encodeURIComponent) ?? null;
  const authors = paper.authors ?? [];
  const fields = [
    `title = {${escapeLatex(paper.title)}}`,
    authors.length > 0 ? `author = {${authors.map(author).join(' and ')}}` : null,
    year === null ? null : `year = {${year}}`,
    `eprint = {${id}}`,
    'archivePrefix = {arXiv}',
    url === null ? null : `url = {${url}}`,
  ].filter((field) => field !== null);
  return `@misc{${id},\n  ${fields.join(',\n  ')}\n}\n`;
}

/** BibTeX, one `@misc` a paper, LaTeX's special characters escaped; papers without id are left out. */
export const formatBibtex = (papers: readonly Citable[]): string =>
  papers.flatMap((paper) => (paper.id === null ? [] : [formatEntry({ ...paper, id: paper.id })])).join('\n');
