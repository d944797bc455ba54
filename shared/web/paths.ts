/** Addresses of our own pages. */
import { compactInstant, parseInstant } from '../lib/time.ts';
import { slugOf } from '../model/paper.ts';

/** The page of a list, `/daily`, `/watched/agents`; with a day, that day's, `/daily/2025-01-08`. */
export function listPath(list: string, day?: string): string {
  const [kind, slug] = list.split(':');
  const base = slug === undefined ? `/${encodeURIComponent(list)}` : `/${kind}/${encodeURIComponent(slug)}`;
  return day === undefined ? base : `${base}/${encodeURIComponent(day)}`;
}

/** The page of a paper; an old id keeps its slash, `/papers/cs/0301012`. */
export const paperPath = (id: string): string => `/papers/${id.split('/').map(encodeURIComponent).join('/')}`;

/** The page of a name, `/authors/ada-byron`; null for a name without letters or digits, which has no page. */
export function indexPath(kind: 'authors' | 'organizations' | 'keywords', name: string): string | null {
  const slug = slugOf(name);
  return slug === '' ? null : `/${kind}/${encodeURIComponent(slug)}`;
}

/** The page of one capture, `/captures/daily/2025-01-08/20250108T061500Z`. */
export function capturePath(list: string, day: string, at: string): string {
  const instant = parseInstant(at);
  const source = encodeURIComponent(list).replace('%3A', ':');
  return `/captures/${source}/${encodeURIComponent(day)}/${instant ? compactInstant(instant) : encodeURIComponent(at)}`;
}

/** A path with those parameters that have a value, `/daily/2025-01-08.json?at=…`. */
export function withQuery(path: string, query: Readonly<Record<string, string | null | undefined>>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}
