/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Makes the squares of a calendar lead to their days. */
export function openCalendarDays(): void {
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
