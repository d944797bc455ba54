/** Paths of this site's pages. */
import { compactInstant, parseInstant } from '../lib/time.ts';
import { slugOf } from '../model/paper.ts';
import type { ListView } from '../query/list.ts';

/** The path of a list (`/daily`, `/watched/agents`) or of one of its days (`/daily/2025-01-08`). */
export function listPath(list: string, day?: string): string {
  const [kind, slug] = list.split(':');
  const base = slug === undefined ? `/${encodeURIComponent(list)}` : `/${kind}/${encodeURIComponent(slug)}`;
  return day === undefined ? base : `${base}/${encodeURIComponent(day)}`;
}

/** The path of a paper. An old id keeps its slash: `/papers/cs/0301012`. */
export const paperPath = (id: string): string => `/papers/${id.split('/').map(encodeURIComponent).join('/')}`;

/** The path of a name, `/authors/ada-byron`; null for a name without letters or digits, which has no page. */
export function indexPath(kind: 'authors' | 'organizations' | 'keywords', name: string): string | null {
  const slug = slugOf(name);
  return slug === '' ? null : `/${kind}/${encodeURIComponent(slug)}`;
}

/** The path of a capture: `/captures/daily/2025-01-08/20250108T061500Z`. */
export function capturePath(list: string, day: string, at: string): string {
  const instant = parseInstant(at);
  const name = encodeURIComponent(list).replace('%3A', ':');
  return `/captures/${name}/${encodeURIComponent(day)}/${instant ? compactInstant(instant) : encodeURIComponent(at)}`;
}

/** The filters of a list as parameters of an address. */
export const filterQuery = ({ keyword, text, minUpvotes, code }: Omit<ListView, 'at' | 'sort'>) => ({
  keyword,
  text,
  minUpvotes: minUpvotes?.toString(),
  code,
});

/** Parameters of an address by name; null and undefined: left out. */
export type Query = Readonly<Record<string, string | null | undefined>>;

/** Adds the parameters that have a value to a path: `/daily/2025-01-08.json?at=…`. */
export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}
