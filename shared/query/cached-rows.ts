import type { Catalog, SqlValue } from '../catalog/sqlite.ts';

/** The most answers cached per catalog: enough for the topics that people open; each has one row per week or month. */
const KEPT = 64;

type Cache = { readonly state: string; readonly answers: Map<string, unknown> };
const caches = new WeakMap<Catalog, Cache>();

/**
 * What `compute` returns, remembered under a key of JSON until the catalog changes. For small answers that take long.
 *
 * @param state That of the catalog when what `compute` builds on was read.
 */
export function cached<T>(catalog: Catalog, key: unknown, compute: () => T, state = catalog.state()): T {
  const found = caches.get(catalog);
  const { answers } = found?.state === state ? found : { answers: new Map<string, unknown>() };
  caches.set(catalog, { state, answers });
  const name = JSON.stringify(key);
  const answer = answers.has(name) ? (answers.get(name) as T) : compute();
  // the answer used last comes last, so that the first is the one to forget
  answers.delete(name);
  answers.set(name, answer);
  const [first] = answers.keys();
  if (answers.size > KEPT && first !== undefined) answers.delete(first);
  return answer;
}

/** The rows of a SELECT, remembered: counting two years anew for every request would take a tenth of a second each time. */
export const cachedRows = <Row extends object>(
  catalog: Catalog,
  sql: string,
  values: readonly SqlValue[],
): readonly Row[] => cached(catalog, [sql, values], () => catalog.all<Row>(sql, values));
