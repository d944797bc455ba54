/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The only script, served at `/script.js`. It makes the pages better, and every page is complete without it. Each part stands alone,
 * without a variable or an import from outside of its function, because the source of the function is what is served.
 */

/** Adds to every time a tooltip with the local time and the age, and keeps the ages in the text up to date. */
function showLocalTimes(): void {
  const format = new Intl.RelativeTimeFormat('en');
  const ageOf = (at: Date): string => {
    const minutes = Math.round((at.getTime() - Date.now()) / 60_000);
    if (Math.abs(minutes) < 120) return format.format(minutes, 'minute');
    return Math.abs(minutes) < 2880
      ? format.format(Math.round(minutes / 60), 'hour')
      : format.format(Math.round(minutes / 1440), 'day');
  };
  const update = (): void => {
    for (const time of document.querySelectorAll<HTMLTimeElement>('time[datetime*=T]')) {
      const at = new Date(time.dateTime);
      const local = at.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
      time.title = `${local} local time, ${ageOf(at)}`;
      if ('age' in time.dataset) time.textContent = ageOf(at);
    }
  };
  update();
  setInterval(update, 60_000);
}

/** Marks papers that are new since the last visit or were read, and keeps a reading list. All of it stays in this browser. */
function keepReadingList(): void {
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

/** Listens to single keys, unless the reader switched them off in the dialog that explains them. */
function listenToKeys(): void {
  const isOn = (): boolean => localStorage.getItem('paperkeep.keys') !== 'off';
  const dialog = document.createElement('dialog');
  dialog.ariaLabel = 'Keyboard shortcuts';
  dialog.innerHTML =
    '<h2>Keyboard shortcuts</h2><dl class="keys"><dt>/</dt><dd>Search</dd><dt>j</dt><dd>Next paper</dd><dt>k</dt><dd>Previous paper</dd><dt>s</dt><dd>Save the paper or take it off the reading list</dd><dt>l</dt><dd>Open the reading list</dd><dt>?</dt><dd>Open this help</dd></dl><label><input type="checkbox"> Use these keys</label><form method="dialog"><button>Close</button></form>';
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

/** Shows the values of a chart under the pointer, and with the arrow keys. */
function showChartValues(): void {
  for (const chart of document.querySelectorAll<SVGSVGElement>('svg[data-x]')) {
    const places = (chart.dataset.x ?? '').split(' ').map(Number);
    const values = (chart.dataset.values ?? '').split('|');
    const value = document.createElement('output');
    value.className = 'value';
    chart.closest('figure')?.append(value);
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    line.setAttribute('class', 'cross');
    let at = places.length;
    const show = (next: number): void => {
      at = Math.min(Math.max(next, 0), places.length - 1);
      const x = `${(places[at] ?? 0) / 10}%`;
      for (const [name, to] of [
        ['x1', x],
        ['x2', x],
        ['y1', '0'],
        ['y2', '100%'],
      ] as const)
        line.setAttribute(name, to);
      chart.append(line);
      value.textContent = values[at] ?? '';
    };
    const hide = (): void => {
      line.remove();
      value.textContent = '';
    };
    chart.addEventListener('pointermove', (event) => {
      const { left, width } = chart.getBoundingClientRect();
      const x = (1000 * (event.clientX - left)) / width;
      const distances = places.map((place) => Math.abs(place - x));
      show(distances.indexOf(Math.min(...distances)));
    });
    chart.addEventListener('pointerleave', hide);
    chart.addEventListener('blur', hide);
    chart.setAttribute('tabindex', '0');
    chart.addEventListener('keydown', (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      show(at + by);
    });
  }
}

/** Makes the squares of a calendar lead to their days. */
function openCalendarDays(): void {
  for (const calendar of document.querySelectorAll<SVGSVGElement>('svg[data-monday]')) {
    const { monday = '', from = '', to = '', path = '' } = calendar.dataset;
    const dayAt = (event: MouseEvent): string | null => {
      const { left, top, width, height } = calendar.getBoundingClientRect();
      const week = Math.floor((53 * (event.clientX - left)) / width);
      const weekday = Math.floor((7 * (event.clientY - top)) / height);
      const day = new Date(Date.parse(monday) + (week * 7 + weekday) * 86_400_000).toISOString().slice(0, 10);
      return day < from || day > to ? null : day;
    };
    const title = document.createElementNS('http://www.w3.org/2000/svg', 'title');
    calendar.append(title);
    calendar.addEventListener('pointermove', (event) => {
      title.textContent = dayAt(event);
    });
    calendar.addEventListener('click', (event) => {
      const day = dayAt(event);
      if (day) location.href = `${path}/${day}`;
    });
  }
}

/** Copies code and what a link leads to, such as BibTeX, and shares a page. */
function copyAndShare(): void {
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

/** Replays the captures of a day: a slider that orders the list as each capture had it. */
function replayDay(): void {
  type Replay = {
    readonly times: string[];
    readonly ids: (string | null)[];
    readonly ranks: (number | null)[][];
    readonly upvotes: (number | null)[][];
  };
  const box = document.querySelector<HTMLElement>('[data-replay]');
  const list = document.querySelector('.papers');
  if (!box || !list) return;
  const rows = [...list.querySelectorAll<HTMLElement>('li:has(h2)')];
  const label = document.createElement('label');
  label.textContent = 'Capture ';
  const slider = document.createElement('input');
  slider.type = 'range';
  slider.min = '0';
  slider.max = slider.value = String(Number(box.dataset.captures) - 1);
  label.append(slider);
  const play = document.createElement('button');
  play.textContent = 'Play';
  const state = document.createElement('output');
  box.prepend(play, label, state);

  let replay: Promise<Replay> | undefined;
  const show = async (): Promise<void> => {
    replay ??= fetch(box.dataset.replay ?? '').then((answer) => answer.json());
    const { times, ids, ranks, upvotes } = await replay;
    const capture = Number(slider.value);
    const rankOf = new Map(ids.map((id, at) => [id, ranks[capture]?.[at] ?? null]));
    const votesOf = new Map(ids.map((id, at) => [id, upvotes[capture]?.[at] ?? null]));
    list.classList.add('replaying');
    for (const row of rows) {
      const id = row.querySelector('h2 a')?.getAttribute('href')?.slice('/papers/'.length) ?? '';
      const rank = rankOf.get(id) ?? null;
      row.hidden = rank === null;
      row.dataset.rank = String(rank);
      const [place, figure] = [row.querySelector('.rank'), row.querySelector('.figure')];
      if (place) place.textContent = String(rank ?? '');
      if (figure) figure.textContent = String(votesOf.get(id) ?? '–');
    }
    list.append(...rows.toSorted((a, b) => Number(a.dataset.rank) - Number(b.dataset.rank)));
    const listed = ranks[capture]?.filter((rank) => rank !== null).length ?? 0;
    const shown = rows.filter((row) => !row.hidden).length;
    state.textContent = `${(times[capture] ?? '').slice(0, 16).replace('T', ' ')} UTC · ${listed} papers${shown < listed ? `, ${listed - shown} of them not in the list below` : ''}`;
  };
  slider.addEventListener('input', show);
  let timer = 0;
  play.addEventListener('click', () => {
    const stop = (): void => {
      clearInterval(timer);
      timer = 0;
      play.textContent = 'Play';
    };
    if (timer) return stop();
    if (slider.value === slider.max) slider.value = '0';
    play.textContent = 'Pause';
    show();
    timer = window.setInterval(() => {
      slider.stepUp();
      show();
      if (slider.value === slider.max) stop();
    }, 700);
  });
}

/** Opens the folded part that a link of the page leads to. */
function openTargets(): void {
  const open = (): void => document.querySelector('details:target')?.setAttribute('open', '');
  addEventListener('hashchange', open);
  open();
}

/** Shows the page again after some seconds while the first run collects. */
function refreshWhileCollecting(): void {
  if (document.querySelector('[data-refresh]')) setTimeout(() => location.reload(), 10_000);
}

const PARTS = [
  showLocalTimes,
  keepReadingList,
  listenToKeys,
  showChartValues,
  openCalendarDays,
  copyAndShare,
  replayDay,
  openTargets,
  refreshWhileCollecting,
];

/**
 * The script as it is served, without comments and the blanks that stand where types were: each part by itself, so that one that fails, for
 * example without localStorage, stops no other.
 */
export const script = PARTS.map((part) => `try{(${part})()}catch(error){console.warn(error)}`)
  .join('\n')
  .replaceAll(/^ +(?:\/\/.*\n)?| (?= )/gm, '');
