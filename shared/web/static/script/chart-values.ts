/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Shows the values of a chart under the pointer, and with the arrow keys. */
export function showChartValues(): void {
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
