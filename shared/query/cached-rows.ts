import type { Catalog, SqlValue } from '../catalog/sqlite.ts';

/** The most answers cached per catalog: enough for the topics that people open; each has one row per week or month. */
const KEPT = 64;

type Kept = { readonly state: string; readonly answers: Map<string, readonly object[]> };
const all = new WeakMap<Catalog, Kept>();

/**
 * Rows of a SELECT, remembered until the catalog changes: counting two years anew for every request would
 * take a tenth of a second each time. For questions with small answers.
 */
export function cachedRows<Row extends object>(
  catalog: Catalog,
  sql: string,
  values: readonly SqlValue[],
): readonly Row[] {
  const state = catalog.state();
  const found = all.get(catalog);
  const known = found?.state === state ? found : { state, answers: new Map<string, readonly object[]>() };
  all.set(catalog, known);
  const question = JSON.stringify([sql, values]);
  const rows = (known.answers.get(question) as readonly Row[] | undefined) ?? catalog.all<Row>(sql, values);
  // the question asked last comes last, so that the first is the one to forget
  known.answers.delete(question);
  known.answers.set(question, rows);
  const [first] = known.answers.keys();
  if (known.answers.size > KEPT && first !== undefined) known.answers.delete(first);
  return rows;
}
