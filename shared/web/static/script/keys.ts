/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Listens to single keys, unless the reader switched them off in the dialog that explains them. */
export function listenToKeys(): void {
  const isOn = (): boolean => localStorage.getItem('paperkeep.keys') !== 'off';
  const dialog = document.createElement('dialog');
  dialog.ariaLabel = 'Keyboard shortcuts';
  dialog.innerHTML =
    '<h2>Keyboard shortcuts</h2><dl class="keys"><dt>/</dt><dd>Search</dd><dt>j</dt><dd>Next paper</dd><dt>k</dt><dd>Previous paper</dd><dt>s</dt><dd>Save the paper or take it off the reading list</dd><dt>l</dt><dd>Open the reading list</dd><dt>?</dt><dd>Open this help</dd></dl><p><label><input type="checkbox"> Use these keys</label></p><form method="dialog"><button>Close</button></form>';
  const choice = dialog.querySelector('input') as HTMLInputElement;
  choice.addEventListener('change', () => localStorage.setItem('paperkeep.keys', choice.checked ? 'on' : 'off'));
  document.body.append(dialog);
  const help = document.createElement('button');
  help.textContent = 'Keyboard shortcuts';
  help.dataset.key = '?';
  help.addEventListener('click', () => {
    choice.checked = isOn();
    dialog.showModal();
  });
  document.querySelector('footer.site')?.append(help);

  const step = (by: number): void => {
    const links = [...document.querySelectorAll<HTMLElement>('.papers :is(h2, h3) a')].filter(
      (link) => link.offsetParent,
    );
    const at = links.findIndex((link) => link.closest('.papers > li')?.contains(document.activeElement));
    links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  };
  const actions: Readonly<Record<string, () => void>> = {
    // the large box of the search page comes after the small one
    '/': () => [...document.querySelectorAll<HTMLElement>('[type=search]')].at(-1)?.focus(),
    j: () => step(1),
    k: () => step(-1),
    s: () =>
      (document.activeElement?.closest('.papers > li') ?? document)
        .querySelector<HTMLElement>('.save, [data-save]')
        ?.click(),
  };
  document.addEventListener('keydown', (event) => {
    const on = event.target as Element;
    if (event.ctrlKey || event.metaKey || event.altKey || !isOn() || on.closest('input, select, textarea, dialog'))
      return;
    const button = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`);
    const act = actions[event.key] ?? (button && (() => button.click()));
    if (!act) return;
    event.preventDefault();
    act();
  });
}
