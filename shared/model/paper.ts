/** A new arXiv id (`2501.04519`) or an old one (`cs/0301012`, `math.AG/0211159`). */
const ARXIV_ID = /^(?:\d{4}\.\d{4,5}|[a-z][a-z-]+(?:\.[A-Z]{2})?\/\d{7})$/;

/** Parses a paper's id and drops a version suffix; null if arXiv has never used its format. */
export function parsePaperId(text: string): string | null {
  const id = text.trim().replace(/v\d+$/, '');
  return ARXIV_ID.test(id) ? id : null;
}

/** The address of a paper at arXiv or Hugging Face. */
const PAPER_URL =
  /^https?:\/\/(?:www\.)?(?:arxiv\.org\/(?:abs|pdf|html)|(?:huggingface\.co|hf\.co)\/papers)\/([^?#]+?)(?:\.pdf|\.md|\/)?(?:[?#].*)?$/;

/** Parses a paper's id, or its address at arXiv or Hugging Face; null for other text. */
export const parsePaperReference = (text: string): string | null =>
  parsePaperId(PAPER_URL.exec(text.trim())?.[1] ?? text);

/**
 * Collapses white space, because the feed wraps titles and abstracts differently from year to year. The pattern skips single spaces, which
 * are nearly all there is, and so takes three quarters of the time of `\s+`.
 */
export const collapseWhitespace = (text: string): string => text.replaceAll(/[^\S ]\s*| \s+/g, ' ').trim();

/**
 * The slug of an author, an organization or a keyword: letters and digits of any script, lower case, accents dropped, joined by hyphens.
 * It is part of table keys, so it must never change.
 */
export function slugOf(name: string): string {
  // a short cut: nearly all names are ASCII
  const words = ASCII.test(name)
    ? name.toLowerCase().match(/[a-z0-9]+/g)
    : name
        .normalize('NFKD')
        .replaceAll(/\p{M}/gu, '')
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu);
  return (words ?? []).join('-').slice(0, 100);
}

const ASCII = /^[\0-\x7f]*$/;
