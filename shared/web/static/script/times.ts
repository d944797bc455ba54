/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Adds to every time a tooltip with the local time and the age, and keeps the ages in the text up to date. */
export function showLocalTimes(): void {
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
