/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Replays the captures of a day: a slider that orders the list as each capture had it. */
export function replayDay(): void {
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
