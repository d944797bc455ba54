import { type CheerioAPI, load } from 'cheerio/slim';
import type { Day } from '../lib/time.ts';
import type { ListingRow, RejectedEntry } from '../model/listing.ts';
import { collapseWhitespace, parsePaperId } from '../model/paper.ts';
import { MAX_ENTRIES, type ParsedEntries, parseWebUrl } from './entry.ts';

/**
 * Parses the cards of a page without hydration data; null when it shows none. Each paper is one `article`, which since 2026 has everything
 * twice (for wide and for narrow screens), so the first of each is read. Never throws.
 *
 * Id, title, upvotes and comments are exact; GitHub stars are as the feed rounds them (`3.29k` is 3290). What a card does not show is absent
 * from the content.
 *
 * @param day The day of the list; null where it has none.
 */
export function parseCards(html: string, day: Day | null): ParsedEntries | null {
  const articles = html.split('<article').slice(1);
  const rows: ListingRow[] = [];
  const rejects: RejectedEntry[] = [];
  const seen = new Set<string>();
  let repeated = 0;
  for (const [at, article] of articles.slice(0, MAX_ENTRIES).entries()) {
    const row = parseCard(`<article${article.split('</article', 1)[0]}`, at + 1, day);
    if ('why' in row) rejects.push({ path: `article[${at}]`, why: row.why });
    else if (seen.has(row.id)) repeated++;
    else {
      seen.add(row.id);
      rows.push(row);
    }
  }
  if (rows.length === 0) return null; // there may be articles, but none of a paper
  const unknown: Record<string, number> = repeated ? { 'article:repeated': repeated } : {};
  const withoutUpvotes = rejects.length + rows.filter(({ upvotes }) => upvotes === null).length;
  return { rows, rejects, unknown, listed: articles.length, withoutUpvotes, repeatsAcrossPages: false, ofOtherDays: 0 };
}

function parseCard(
  article: string,
  rank: number,
  day: Day | null,
): (ListingRow & { readonly id: string }) | { why: string } {
  try {
    const $ = load(article);
    const id = findId($);
    if (id === null) return { why: 'no link to a paper' };
    const title = collapseWhitespace($('h3').first().text());
    if (title === '') return { why: 'no title' };
    const repo = $('a[href^="https://github.com/"]').first();
    const organization = findOrganization($);
    const submittedBy = findSubmitter($);
    return {
      rank,
      id,
      upvotes: parseUpvotes($('input[type=checkbox]').first().parent().text()),
      comments: parseWholeNumber($('a[href$="#community"]').first().text()),
      githubStars: parseStars(repo.text()),
      content: {
        title,
        ...(day && { listedOn: day }),
        ...(repo.length > 0 && { githubUrl: parseWebUrl(repo.attr('href')) }),
        ...(organization && { organization }),
        ...(submittedBy && { submittedBy }),
      },
    };
  } catch {
    return { why: 'nested too deep' }; // cheerio reads text by recursion, so thousands of levels overflow the stack
  }
}

function findId($: CheerioAPI): string | null {
  for (const link of $('a[href*="/papers/"]').toArray()) {
    const [, path] = /^(?:https?:\/\/[^/]+)?\/papers\/([^?#]+)/.exec($(link).attr('href') ?? '') ?? [];
    const id = parsePaperId(path?.replace(/%2F/i, '/') ?? '');
    if (id !== null) return id;
  }
  return null;
}

/** The organization of a card, a link to `/<name>`. */
function findOrganization($: CheerioAPI): { name: string; fullname: string } | null {
  for (const link of $('a[href^="/"]').toArray()) {
    const [, name] = /^\/([A-Za-z0-9][\w.-]*)$/.exec($(link).attr('href') ?? '') ?? [];
    const fullname = collapseWhitespace($(link).text());
    if (name && fullname) return { name, fullname };
  }
  return null;
}

/** The login after `Submitted by`, in the innermost block with that text. */
function findSubmitter($: CheerioAPI): string | null {
  const logins = $('div')
    .toArray()
    .map((block) => /^Submitted by (\S+)$/.exec(collapseWhitespace($(block).text()))?.[1]);
  return logins.find((login) => login !== undefined) ?? null;
}

/** Upvotes as shown after the word `Upvote` or alone; a dash is 0. An abbreviated number is not exact, so it counts as unknown. */
function parseUpvotes(shown: string): number | null {
  const votes = collapseWhitespace(shown.replace('Upvote', ''));
  return /^[-–—]$/.test(votes) ? 0 : parseWholeNumber(votes);
}

const parseWholeNumber = (shown: string): number | null => (/^\s*\d{1,9}\s*$/.test(shown) ? Number(shown) : null);

/** `GitHub 131`, `3.29k`, `110k`. */
function parseStars(shown: string): number | null {
  const [, number, unit] = /^(?:GitHub)?\s*(\d{1,6}(?:\.\d+)?)([km]?)$/i.exec(collapseWhitespace(shown)) ?? [];
  if (!number) return null;
  return Math.round(Number(number) * { '': 1, k: 1_000, m: 1_000_000 }[unit?.toLowerCase() as '' | 'k' | 'm']);
}
