import type { SourceKind, SourceName } from './model/target.ts';

/** A watched search as configured: `slug=query`. */
export type Watched = { readonly slug: string; readonly query: string };

/** One source that is watched. Plain data: infrastructure and pipeline read the same list. */
export type Source = {
  readonly name: SourceName;
  readonly kind: SourceKind;
  /** What is searched for; null where nothing is. */
  readonly query: string | null;
};

/** What each kind of source is, and how often the schedule visits its newest list. */
export const kinds = {
  daily: { title: 'Daily papers', shows: 'the papers submitted for a day', everyMinutes: 60 },
  trending: { title: 'Trending papers', shows: 'what trends at the moment', everyMinutes: 60 },
  watched: { title: 'Watched search', shows: 'what a search finds at the moment', everyMinutes: 1440 },
} satisfies Record<SourceKind, { title: string; shows: string; everyMinutes: number }>;

/** All sources that are watched, most urgent first. */
export const sourcesOf = (watched: readonly Watched[]): Source[] => [
  { name: 'daily', kind: 'daily', query: null },
  { name: 'trending', kind: 'trending', query: null },
  ...watched.map(({ slug, query }): Source => ({ name: `watched:${slug}`, kind: 'watched', query })),
];
