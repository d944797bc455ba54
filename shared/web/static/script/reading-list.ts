/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Marks papers that are new since the last visit or were read, and keeps a reading list. All of it stays in this browser. */
export function keepReadingList(): void {
  type Entry = { readonly title: string; readonly read?: string; readonly saved?: string };
  const now = new Date().toISOString();
  const load = <T>(key: string, otherwise: T): T =>
    JSON.parse(localStorage.getItem(`paperkeep.${key}`) ?? 'null') ?? otherwise;
  const store = (key: string, value: unknown): void => localStorage.setItem(`paperkeep.${key}`, JSON.stringify(value));

  const papers: Record<string, Entry> = load('papers', {});
  // pages opened within half an hour of each other are one visit
  const visits: { last: string | null; now: string | null } = load('visits', { last: null, now: null });
  if (visits.now === null || Date.parse(now) - Date.parse(visits.now) > 1_800_000) visits.last = visits.now;
  store('visits', { ...visits, now });

  const titleOf = (at: Element): string => at.querySelector('h1, h2')?.textContent ?? '';
  const draws: (() => void)[] = [];
  const change = (id: string, entry: Entry): void => {
    const { title, ...marks } = entry;
    if (Object.values(marks).some(Boolean)) papers[id] = entry;
    else delete papers[id];
    store('papers', papers);
    for (const draw of draws) draw();
  };
  const toggleSaved = (id: string, title: string): void => {
    const { saved, ...entry } = papers[id] ?? { title };
    change(id, saved ? entry : { ...entry, saved: new Date().toISOString() });
  };
  const watchButton = (button: HTMLButtonElement, id: string, title: string): void => {
    button.addEventListener('click', () => toggleSaved(id, title));
    draws.push(() => button.setAttribute('aria-pressed', String(Boolean(papers[id]?.saved))));
  };

  let first = '';
  for (const row of document.querySelectorAll<HTMLElement>('.papers > li')) {
    // a row without it was first seen with the one above
    first = row.dataset.first ?? first;
    const id = row.querySelector('h2 a')?.getAttribute('href')?.slice('/papers/'.length);
    if (!first || !id) continue;
    const title = titleOf(row);
    const button = document.createElement('button');
    button.className = 'save';
    button.title = 'Save to the reading list';
    button.ariaLabel = `Save ${title}`;
    (row.querySelector('.place') ?? row).append(button);
    watchButton(button, id, title);
    draws.push(() => row.classList.toggle('read', Boolean(papers[id]?.read)));
    row.classList.toggle('fresh', visits.last !== null && first > visits.last);
  }
  const fresh = document.querySelectorAll('.fresh h2');
  for (const title of fresh) {
    const words = document.createElement('span');
    words.className = 'unseen';
    words.textContent = ', new since your last visit';
    title.append(words);
  }
  const article = document.querySelector<HTMLElement>('article[data-id]');
  if (article) {
    const id = article.dataset.id ?? '';
    const button = article.querySelector<HTMLButtonElement>('[data-save]');
    if (button) watchButton(button, id, titleOf(article));
    change(id, { title: titleOf(article), ...papers[id], read: now });
  }
  for (const draw of draws) draw();

  const dialog = document.createElement('dialog');
  dialog.ariaLabel = 'Reading list';
  const list = document.createElement('ul');
  list.className = 'side';
  const drawList = (): void => {
    const saved = Object.entries(papers).filter(([, { saved }]) => saved);
    list.replaceChildren(
      ...saved.map(([id, { title }]) => {
        const [item, link, remove] = [
          document.createElement('li'),
          document.createElement('a'),
          document.createElement('button'),
        ];
        link.href = `/papers/${id}`;
        link.textContent = title;
        remove.textContent = 'Remove';
        remove.ariaLabel = `Remove ${title}`;
        remove.addEventListener('click', () => toggleSaved(id, title));
        item.append(link, remove);
        return item;
      }),
    );
    if (saved.length === 0) list.textContent = 'Save a paper with the ribbon below its rank.';
  };
  draws.push(drawList);
  dialog.innerHTML =
    '<h2>Reading list</h2><p class="quiet">Kept in this browser only, with the papers you opened.</p><form method="dialog"><button value="export">Export as JSON</button><button>Close</button></form>';
  dialog.querySelector('form')?.before(list);
  dialog.addEventListener('close', () => {
    if (dialog.returnValue !== 'export') return;
    const entries = Object.entries(papers).map(([id, entry]) => ({ id, read: null, saved: null, ...entry }));
    const file = new Blob([JSON.stringify({ exportedAt: new Date().toISOString(), papers: entries }, null, 2)]);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = 'reading-list.json';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href));
  });
  document.body.append(dialog);
  const open = document.createElement('button');
  open.textContent = 'Reading list';
  open.dataset.key = 'l';
  open.addEventListener('click', () => {
    dialog.returnValue = '';
    drawList();
    dialog.showModal();
  });
  document.querySelector('footer.site')?.append(open);
}
