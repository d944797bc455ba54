/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Opens the folded part that a link of the page leads to. */
export function openTargets(): void {
  const open = (): void => document.querySelector('details:target')?.setAttribute('open', '');
  addEventListener('hashchange', open);
  open();
}

/** Shows the page again after some seconds while the first run collects. */
export function refreshWhileCollecting(): void {
  if (document.querySelector('[data-refresh]')) setTimeout(() => location.reload(), 10_000);
}
