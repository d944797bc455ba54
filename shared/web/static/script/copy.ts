/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Copies code and what a link leads to, such as BibTeX, and shares a page. */
export function copyAndShare(): void {
  const confirm = (button: Element, words: string): void => {
    const before = button.textContent;
    button.textContent = words;
    setTimeout(() => {
      button.textContent = before;
    }, 2000);
  };
  const copy = async (button: Element, text: string, done: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      confirm(button, done);
    } catch {
      // refused, or absent, as on plain HTTP from another machine
      prompt('', text);
    }
  };
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-copy]')) {
    link.addEventListener('click', async (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const text = fetch(link.href).then(async (answer) => new Blob([await answer.text()], { type: 'text/plain' }));
      try {
        // a promise, because Safari allows no copying after waiting
        await navigator.clipboard.write([new ClipboardItem({ 'text/plain': text })]);
        confirm(link, 'Copied');
      } catch {
        location.href = link.href;
      }
    });
  }
  for (const code of document.querySelectorAll('pre')) {
    const button = document.createElement('button');
    button.textContent = 'Copy';
    button.addEventListener('click', () => copy(button, code.textContent, 'Copied'));
    code.after(button);
  }
  for (const button of document.querySelectorAll('[data-share]')) {
    button.addEventListener('click', async () => {
      const page = { title: document.querySelector('h1')?.textContent ?? '', url: location.href };
      if (navigator.share) await navigator.share(page).catch(() => {});
      else await copy(button, page.url, 'Link copied');
    });
  }
}
