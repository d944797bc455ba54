/** Papers similar to each other: cosine of hashed tf-idf vectors of one- and two-word terms. Every weight depends on all papers. */
import { type Deadline, type Instant, secondsBetween } from '../lib/time.ts';
import { tables } from './schema.ts';
import { insertSql } from './sql.ts';
import type { Catalog, CatalogFile } from './sqlite.ts';

/** How many similar papers each paper has. */
const NEIGHBOURS = 10;
/** Terms are hashed into so many buckets, a power of two: two terms rarely share one. */
const BUCKETS = 2 ** 18;
/** The heaviest terms of a paper that are compared; fewer find less (128 terms: three quarters of the hits). */
const KEPT_TERMS = 256;

/** Another text by its number, and the cosine of the two. */
export type Neighbour = { readonly index: number; readonly score: number };

const SIMILAR = insertSql(tables.similar);
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** FNV-1a, 32 bits, cut to the number of buckets. */
function hashTerm(term: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < term.length; at++) hash = Math.imul(hash ^ term.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) & (BUCKETS - 1);
}

/** How often each bucket occurs in a text, by words and pairs of words. */
function countTerms(text: string): Map<number, number> {
  const counts = new Map<number, number>();
  let before: string | null = null;
  for (const [word] of text.toLowerCase().matchAll(WORD)) {
    for (const term of before === null ? [word] : [word, `${before} ${word}`]) {
      const bucket = hashTerm(term);
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }
    before = word;
  }
  return counts;
}

/**
 * Yields for each text the most similar others, nearest first, with their cosine. Terms that no other text has are left out.
 *
 * @param textOf Returns a text; it is called twice for each, so that not all texts need to be in memory.
 */
export function* findSimilar(count: number, textOf: (index: number) => string): Generator<readonly Neighbour[]> {
  const holders = new Uint32Array(BUCKETS);
  for (let index = 0; index < count; index++)
    for (const bucket of countTerms(textOf(index)).keys()) add(holders, bucket, 1);

  // the vectors of all texts one after another, and where each begins
  const begins = new Uint32Array(count + 1);
  const buckets = new Uint32Array(count * KEPT_TERMS);
  const weights = new Float32Array(count * KEPT_TERMS);
  const ends = new Uint32Array(BUCKETS);
  for (let index = 0; index < count; index++) {
    const terms = [...countTerms(textOf(index))]
      .filter(([bucket]) => at(holders, bucket) > 1)
      .map(([bucket, times]) => ({ bucket, weight: (1 + Math.log(times)) * Math.log(count / at(holders, bucket)) }))
      .sort((a, b) => b.weight - a.weight || a.bucket - b.bucket)
      .slice(0, KEPT_TERMS);
    const length = Math.hypot(...terms.map(({ weight }) => weight));
    terms.forEach(({ bucket, weight }, place) => {
      buckets[at(begins, index) + place] = bucket;
      weights[at(begins, index) + place] = length === 0 ? 0 : weight / length;
      add(ends, bucket, 1);
    });
    begins[index + 1] = at(begins, index) + terms.length;
  }

  // the same by bucket: the texts that hold it, and how much it weighs there; a bucket's end is at first its beginning
  const held = new Uint32Array(at(begins, count));
  const heldWeights = new Float32Array(held.length);
  let begin = 0;
  ends.forEach((own, bucket) => {
    ends[bucket] = begin;
    begin += own;
  });
  const starts = ends.slice();
  for (let index = 0; index < count; index++)
    for (let place = at(begins, index); place < at(begins, index + 1); place++) {
      const bucket = at(buckets, place);
      held[at(ends, bucket)] = index;
      heldWeights[at(ends, bucket)] = at(weights, place);
      add(ends, bucket, 1);
    }

  const scores = new Float32Array(count);
  for (let index = 0; index < count; index++) {
    scores.fill(0);
    for (let place = at(begins, index); place < at(begins, index + 1); place++) {
      const [bucket, weight] = [at(buckets, place), at(weights, place)];
      const end = at(ends, bucket);
      for (let one = at(starts, bucket); one < end; one++) add(scores, at(held, one), weight * at(heldWeights, one));
    }
    scores[index] = 0;
    yield pickHighest(scores);
  }
}

type Numbers = Uint32Array | Float32Array;
const at = (numbers: Numbers, place: number): number => numbers[place] as number;
const add = (numbers: Numbers, place: number, more: number): void => {
  numbers[place] = at(numbers, place) + more;
};

/** The highest scores above 0, highest first, equals in their order. */
function pickHighest(scores: Float32Array): Neighbour[] {
  const found: Neighbour[] = [];
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index] as number;
    if (score === 0 || (found.length === NEIGHBOURS && score <= (found.at(-1)?.score ?? 0))) continue;
    found.splice(found.findLastIndex((other) => other.score >= score) + 1, 0, { index, score });
    if (found.length > NEIGHBOURS) found.pop();
  }
  return found;
}

/**
 * Compares all papers of a catalog and stores the most similar of each. Takes minutes with 65,000 papers: never on the path of a request. Out of
 * time it leaves what is stored and returns false.
 */
export function updateSimilar(
  catalog: CatalogFile,
  now: Instant,
  deadline: Deadline = () => Number.POSITIVE_INFINITY,
): boolean {
  const ids = catalog
    .all<{ id: string }>("SELECT id FROM papers WHERE id NOT LIKE '~%' ORDER BY id")
    .map(({ id }) => id);
  const textOf = (index: number): string =>
    catalog.all<{ text: string }>("SELECT title || ' ' || coalesce(abstract, '') AS text FROM papers WHERE id = ?", [
      ids[index] as string,
    ])[0]?.text ?? '';
  const found: (readonly Neighbour[])[] = [];
  for (const near of findSimilar(ids.length, textOf)) {
    if (deadline() === 0) return false;
    found.push(near);
  }
  catalog.write((run) => {
    run('DELETE FROM similar');
    found.forEach((near, index) => {
      const pairs = near.map((other) => [ids[other.index], Math.round(other.score * 10_000) / 10_000]);
      run(SIMILAR, [ids[index] as string, JSON.stringify(pairs)]);
    });
    run("INSERT INTO meta VALUES ('similar_as_of', ?) ON CONFLICT DO UPDATE SET value = excluded.value", [now]);
  });
  return true;
}

/** When all papers were last compared; null: never. */
export const similarAsOf = (catalog: Catalog): Instant | null =>
  catalog.all<{ value: Instant }>("SELECT value FROM meta WHERE name = 'similar_as_of'")[0]?.value ?? null;

/** Whether all papers are to be compared again: a day after the last time. */
export function isSimilarDue(catalog: Catalog, now: Instant): boolean {
  const last = similarAsOf(catalog);
  return last === null || secondsBetween(last, now) >= 86_400;
}
