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

/** A text with a bucket: its number, and how often it holds the bucket in the last 8 bits. One word for each keeps the memory of 65,000 papers small. */
const pack = (number: number, times: number): number => ((number << 8) | Math.min(times, 255)) >>> 0;
/** What it weighs in a text that it occurs that often in. */
const DAMPED = Float64Array.from({ length: 256 }, (_, times) => 1 + Math.log(times));

/**
 * Yields for each text the most similar others, nearest first, with their cosine. Terms that no other text has are left out.
 *
 * @param count How many texts there are, at most 2^24.
 * @param textOf Returns a text; it is called twice for each, so that not all texts need to be in memory.
 */
export function* findSimilar(count: number, textOf: (index: number) => string): Generator<readonly Neighbour[]> {
  const holders = new Uint32Array(BUCKETS);
  for (let index = 0; index < count; index++)
    for (const bucket of countTerms(textOf(index)).keys()) add(holders, bucket, 1);
  const rarity = Float64Array.from(holders, (texts) => Math.log(count / texts));
  const weightOf = (bucket: number, times: number): number => at(DAMPED, times) * at(rarity, bucket);

  // the buckets of all texts one after another, where each text begins, and what makes its vector as long as 1
  const begins = new Uint32Array(count + 1);
  const terms = new Uint32Array(count * KEPT_TERMS);
  const scales = new Float64Array(count);
  const ends = new Uint32Array(BUCKETS);
  for (let index = 0; index < count; index++) {
    const kept = [...countTerms(textOf(index))]
      .filter(([bucket]) => at(holders, bucket) > 1)
      .map(([bucket, times]) => ({ bucket, times, weight: weightOf(bucket, Math.min(times, 255)) }))
      .sort((a, b) => b.weight - a.weight || a.bucket - b.bucket)
      .slice(0, KEPT_TERMS);
    const length = Math.hypot(...kept.map(({ weight }) => weight));
    scales[index] = length === 0 ? 0 : 1 / length;
    kept.forEach(({ bucket, times }, place) => {
      terms[at(begins, index) + place] = pack(bucket, times);
      add(ends, bucket, 1);
    });
    begins[index + 1] = at(begins, index) + kept.length;
  }

  // the same by bucket: the texts that hold it; a bucket's end is at first its beginning
  const held = new Uint32Array(at(begins, count));
  let begin = 0;
  ends.forEach((own, bucket) => {
    ends[bucket] = begin;
    begin += own;
  });
  const starts = ends.slice();
  for (let index = 0; index < count; index++)
    for (let place = at(begins, index); place < at(begins, index + 1); place++) {
      const term = at(terms, place);
      const bucket = term >>> 8;
      held[at(ends, bucket)] = pack(index, term & 255);
      add(ends, bucket, 1);
    }

  const scores = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    scores.fill(0);
    for (let place = at(begins, index); place < at(begins, index + 1); place++) {
      const term = at(terms, place);
      const bucket = term >>> 8;
      const weight = weightOf(bucket, term & 255) * at(rarity, bucket) * at(scales, index);
      const end = at(ends, bucket);
      for (let one = at(starts, bucket); one < end; one++) {
        const other = at(held, one);
        add(scores, other >>> 8, weight * at(DAMPED, other & 255));
      }
    }
    scores.forEach((score, other) => {
      scores[other] = score * at(scales, other);
    });
    scores[index] = 0;
    yield pickHighest(scores);
  }
}

type Numbers = Uint32Array | Float64Array;
const at = (numbers: Numbers, place: number): number => numbers[place] as number;
const add = (numbers: Numbers, place: number, more: number): void => {
  numbers[place] = at(numbers, place) + more;
};

/** The highest scores above 0, highest first, equals in their order. */
function pickHighest(scores: Float64Array): Neighbour[] {
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
  // as they are stored, since ten objects for each of 65,000 papers need three times as much memory
  const found: string[] = [];
  for (const near of findSimilar(ids.length, textOf)) {
    if (deadline() === 0) return false;
    found.push(JSON.stringify(near.map(({ index, score }) => [ids[index], Math.round(score * 10_000) / 10_000])));
  }
  catalog.write((run) => {
    run('DELETE FROM similar');
    found.forEach((near, index) => {
      run(SIMILAR, [ids[index] as string, near]);
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
