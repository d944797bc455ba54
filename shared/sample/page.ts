import type { FeedEntry } from './entry.ts';

const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

/** A paper's card. The 2026 feed draws every card twice, for wide and for narrow screens. */
const renderCard = ({ paper }: FeedEntry): string => {
  const link = `/papers/${encodeURI(paper.id)}`;
  const heading = `<h3><a href="${link}" class="line-clamp-2">${escapeHtml(paper.title)}</a></h3>`;
  const text = `<p class="line-clamp-2 text-sm">${escapeHtml(String(paper.ai_summary ?? paper.summary))}</p>`;
  const votes = `<a href="/login?next=${encodeURIComponent(link)}"><!--[0--><!----> Upvote <div class="font-semibold text-orange-500">${paper.upvotes === 0 ? '-' : paper.upvotes}</div><!--]--></a>`;
  const inside = `${heading} <!--[0--><div class="mb-2">${text}</div><!--]--> ${votes}`;
  return `<article class="relative overflow-hidden rounded-xl border"><div class="hidden h-40 md:flex">${inside}</div> <div class="flex flex-col md:hidden">${inside}</div></article>`;
};

const renderHydrater = (target: string, props: unknown, inside: string): string =>
  `<div class="SVELTE_HYDRATER contents" data-target="${target}" data-props="${escapeHtml(JSON.stringify(props))}">${inside}</div>`;

/** The JSON that a page carries for its script. */
export type PageProps = { readonly [field: string]: unknown; readonly dailyPapers: readonly FeedEntry[] };

/** A page as the 2026 feed renders it, with the list as escaped JSON in its hydration element. `heading` is `Trending Papers` or `Daily Papers`. */
export function renderFeedPage(heading: string, props: PageProps): string {
  const list = `<section><h1>${heading}</h1>${props.dailyPapers.map((entry) => `<!--[0-->${renderCard(entry)}<!--]-->`).join('')}</section>`;
  return `<!doctype html>
<html class=""><head><meta charset="utf-8" /><meta name="description" content="An invented feed for trying paperkeep out" /><title>${heading} - Hugging Face</title></head>
<body class="flex flex-col min-h-dvh DailyPapersPage"><!--[-->${renderHydrater('MainHeader', { isWide: false }, '')}<main class="flex flex-1 flex-col"><!--[0-->${renderHydrater('DailyPapersBannerSubscribe', { isLoggedIn: false }, '')}<!--]--> ${renderHydrater('DailyPapers', props, list)}</main><!--]--></body></html>
`;
}
