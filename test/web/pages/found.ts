/** Builders of answers over all papers, with made-up papers. */
import type { NewAnswer } from '../../../shared/query/new.schema.ts';
import type { SearchAnswer } from '../../../shared/query/search.schema.ts';
import type { SimilarAnswer } from '../../../shared/query/similar.schema.ts';
import { aPaper } from './answers.ts';

const links = (id: string) => ({ url: `https://huggingface.co/papers/${id}`, arxivUrl: `https://arxiv.org/abs/${id}` });
const aSeen = (n: number) => {
  const paper = aPaper(n);
  const id = paper.id ?? '';
  return {
    ...paper,
    ...links(id),
    id,
    firstSeen: '2025-01-08T05:02:11Z',
    readAt: '2025-01-08T18:12:03Z',
    ageHours: 18.2,
  };
};

const source = {
  catalogAsOf: '2025-01-08T18:15:00Z',
  coverage: [
    { list: 'daily', first: '2024-03-12', last: '2025-01-08', daysCaptured: 301 },
    { list: 'watched:snails', first: '2025-01-02', last: '2025-01-08', daysCaptured: 1 },
  ],
  sample: false,
};
const SEVEN = [0, 1, 2, 3, 4, 5, 6];

/** What a search for teapots found. */
export const aSearch = (): SearchAnswer => ({
  q: 'teapots "a question" pebble*',
  terms: [
    { field: null, words: ['teapots'], prefix: false, without: false },
    { field: null, words: ['a', 'question'], prefix: false, without: false },
    { field: null, words: ['pebble'], prefix: true, without: false },
  ],
  list: 'daily',
  from: '2025-01-01',
  to: null,
  minUpvotes: 3,
  maxRank: 30,
  keyword: 'teapots',
  organization: null,
  code: false,
  sort: 'relevance',
  papers: SEVEN.map((n) => ({ ...aSeen(n), list: 'daily', day: '2025-01-08', bestRank: n + 1, listUpvotes: 12 })),
  total: 1203,
  facets: {
    year: [
      { value: '2025', name: '2025', count: 800 },
      { value: '2024', name: '2024', count: 403 },
    ],
    list: [
      { value: 'daily', name: 'daily', count: 1203 },
      { value: 'watched:snails', name: 'watched:snails', count: 2 },
    ],
    keyword: [
      { value: 'teapots', name: 'Teapots', count: 1203 },
      { value: 'patient-search', name: '<patient> search', count: 12 },
    ],
    organization: [{ value: 'acme', name: 'acme', count: 600 }],
    code: [{ value: 'true', name: 'true', count: 601 }],
  },
  next: '/search.json?q=teapots&cursor=abc',
  ...source,
});

/** Papers similar to one. */
export const aSimilar = (): SimilarAnswer => ({
  id: '2501.90003',
  title: aPaper(2).title,
  comparedAt: '2025-01-08T04:20:00Z',
  papers: SEVEN.map((n) => ({ ...aSeen(n), listedOn: n === 1 ? null : '2025-01-08', score: 0.9 - n / 10 })),
  total: 7,
  next: null,
  ...source,
});

/** Papers first seen since a day. */
export const aNew = (): NewAnswer => ({
  since: '2025-01-07T18:00:00Z',
  until: '2025-01-08T18:12:03Z',
  list: null,
  papers: SEVEN.map(aSeen),
  total: 12,
  next: '/new.json?since=2025-01-07T18:00:00Z&cursor=abc',
  ...source,
});
