import { findSimilar } from '../../shared/catalog/similar.ts';
import { createRandom } from '../../shared/sample/random.ts';
import type { Figure } from './measure.ts';

/** Ten years of papers, with as many words as a title and an abstract have, of a vocabulary as large as theirs. */
const PAPERS = 65_000;
const WORDS = 190;
const VOCABULARY = 60_000;

/** Words by Zipf's law: the nth most frequent comes a nth as often as the first. */
function textOf(index: number): string {
  const chance = createRandom(`similar ${index}`);
  return Array.from({ length: WORDS }, () => `w${Math.floor(VOCABULARY ** chance())}`).join(' ');
}

/** Comparing all papers of ten years with each other: time and memory. */
export async function benchSimilar(): Promise<Figure[]> {
  const began = performance.now();
  let peak = 0;
  let found = 0;
  for (const near of findSimilar(PAPERS, textOf)) {
    found += near.length;
    if (found % 100_000 === 0) peak = Math.max(peak, process.memoryUsage().rss);
  }
  return [
    {
      name: `similar papers of ${PAPERS.toLocaleString('en')}`,
      value: `${((performance.now() - began) / 60_000).toFixed(1)} min`,
      limit: '',
      against: `at most ${(peak / 1e6).toFixed(0)} MB in all; once a day, off the request path`,
    },
  ];
}
