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

/** How often the schedule visits the newest list of each kind. */
export const listKinds = {
  daily: { everyMinutes: 60 },
  trending: { everyMinutes: 60 },
  watched: { everyMinutes: 1440 },
} satisfies Record<ListKind, { everyMinutes: number }>;

/** Every list to collect, most urgent first. */
export const configuredLists = (watched: readonly WatchedSearch[]): ListConfig[] => [
  { name: 'daily', kind: 'daily', query: null },
  { name: 'trending', kind: 'trending', query: null },
  ...watched.map(({ slug, query }): ListConfig => ({ name: `watched:${slug}`, kind: 'watched', query })),
];
