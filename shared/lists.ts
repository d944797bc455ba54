import type { ListKind, ListName } from './model/list.ts';

/** A watched search as configured: `slug=query`. */
export type WatchedSearch = { readonly slug: string; readonly query: string };

/** A list to collect. Plain data, from which the infrastructure makes schedules and alarms and the pipeline its visits. */
export type ListConfig = {
  readonly name: ListName;
  readonly kind: ListKind;
  /** The query of a watched search; null for other lists. */
  readonly query: string | null;
};

/** What each kind of list shows, and how often the schedule visits the newest one. */
export const listKinds = {
  daily: { title: 'Daily papers', shows: 'the papers submitted for a day', everyMinutes: 60 },
  trending: { title: 'Trending papers', shows: 'what trends at the moment', everyMinutes: 60 },
  watched: { title: 'Watched search', shows: 'what a search finds at the moment', everyMinutes: 1440 },
} satisfies Record<ListKind, { title: string; shows: string; everyMinutes: number }>;

/** Every list to collect, most urgent first. */
export const configuredLists = (watched: readonly WatchedSearch[]): ListConfig[] => [
  { name: 'daily', kind: 'daily', query: null },
  { name: 'trending', kind: 'trending', query: null },
  ...watched.map(({ slug, query }): ListConfig => ({ name: `watched:${slug}`, kind: 'watched', query })),
];
