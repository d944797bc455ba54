import type { FeedEntry } from './entry.ts';

/** Pages as the feed draws them in 2026: the list as escaped JSON in the hydration div, and each paper twice as a card. */

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

const cardOf = ({ paper }: FeedEntry): string => {
  const link = `/papers/${encodeURI(paper.id)}`;
  const heading = `<h3><a href="${link}" class="line-clamp-2">${escaped(paper.title)}</a></h3>`;
  const text = `<p class="line-clamp-2 text-sm">${escaped(String(paper.ai_summary ?? paper.summary))}</p>`;
  const votes = `<a href="/login?next=${encodeURIComponent(link)}"><!--[0--><!----> Upvote <div class="font-semibold text-orange-500">${paper.upvotes === 0 ? '-' : paper.upvotes}</div><!--]--></a>`;
  const inside = `${heading} <!--[0--><div class="mb-2">${text}</div><!--]--> ${votes}`;
  return `<article class="relative overflow-hidden rounded-xl border"><div class="hidden h-40 md:flex">${inside}</div> <div class="flex flex-col md:hidden">${inside}</div></article>`;
};

const hydrated = (target: string, props: unknown, inside: string): string =>
  `<div class="SVELTE_HYDRATER contents" data-target="${target}" data-props="${escaped(JSON.stringify(props))}">${inside}</div>`;

/** What the page's data say beside the papers. */
export type PageProps = { readonly [field: string]: unknown; readonly dailyPapers: readonly FeedEntry[] };

/** A whole page, `Trending Papers` or `Daily Papers`. */
export function renderFeedPage(heading: string, props: PageProps): string {
  const list = `<section><h1>${heading}</h1>${props.dailyPapers.map((entry) => `<!--[0-->${cardOf(entry)}<!--]-->`).join('')}</section>`;
  return `<!doctype html>
<html class=""><head><meta charset="utf-8" /><meta name="description" content="A made-up feed for trying paperkeep out" /><title>${heading} - Hugging Face</title></head>
<body class="flex flex-col min-h-dvh DailyPapersPage"><!--[-->${hydrated('MainHeader', { isWide: false }, '')}<main class="flex flex-1 flex-col"><!--[0-->${hydrated('DailyPapersBannerSubscribe', { isLoggedIn: false }, '')}<!--]--> ${hydrated('DailyPapers', props, list)}</main><!--]--></body></html>
`;
}
