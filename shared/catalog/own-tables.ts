/** The tables that only the catalog has: what it was made from, and what is derived from the exported tables. */
import { column, day, list, paperId, plainSlug, type TableSchema } from './columns.ts';

/** Authors, organizations and keywords with the number of their papers. */
export const names: TableSchema = {
  name: 'names',
  description: 'Authors, organizations and keywords with the number of their papers.',
  key: ['kind', 'plain_slug'],
  unique: true,
  month: null,
  where: 'catalog',
  columns: [
    column('kind', 'text', '`author`, `organization` or `keyword`'),
    { ...plainSlug, description: 'the slug to compare by, of a keyword without hyphens and plurals' },
    column('name', 'text', 'as the feed spells it in the newest paper'),
    column('papers', 'integer', 'papers under it', { unit: 'papers' }),
    column('slugs', 'list', 'the slugs that a keyword is spelled with, the most frequent first', {
      nullMeans: 'not a keyword',
    }),
  ],
};

/** Which state of each list the catalog was made from. */
export const partitions: TableSchema = {
  name: 'partitions',
  description: 'Which state of each list the catalog was made from.',
  key: ['list', 'day'],
  unique: true,
  month: null,
  where: 'catalog',
  columns: [list, day, column('version', 'integer', "version of the list's summary; -1: to be read again")],
};

/** The rows of copied text by their titles, and the paper that each was found to be. */
export const copiedTitles: TableSchema = {
  name: 'copied_titles',
  description: 'The rows of copied text by their titles, and the paper that each was found to be.',
  key: ['list', 'day', 'title_key'],
  unique: true,
  month: null,
  where: 'catalog',
  columns: [
    list,
    day,
    column('title_key', 'text', '`~` and the hash of the title'),
    { ...paperId, nullMeans: 'no paper with the title is known, or several are' },
  ],
};

/** Papers whose lists were written, and that are still to be put together from them. */
export const unfinished: TableSchema = {
  name: 'unfinished',
  description: 'Papers whose lists were written, and that are still to be put together from them.',
  key: ['paper_id'],
  unique: true,
  month: null,
  where: 'catalog',
  columns: [paperId],
};

/** The upvotes at an age of the papers on the daily lists of the 90 days before a day. */
export const expected: TableSchema = {
  name: 'expected',
  description: 'The upvotes at an age of the papers on the daily lists of the 90 days before a day.',
  key: ['day', 'age_hours'],
  unique: true,
  month: null,
  where: 'catalog',
  columns: [
    column('day', 'day', 'the day that the lists are before'),
    column('age_hours', 'integer', 'age, counted from the start of the list day', { unit: 'hours' }),
    column('papers', 'integer', 'papers with a capture near that age', { unit: 'papers' }),
    column('q1', 'number', 'lower quartile of their upvotes', { unit: 'upvotes' }),
    column('median', 'number', 'median of their upvotes', { unit: 'upvotes' }),
    column('q3', 'number', 'upper quartile of their upvotes', { unit: 'upvotes' }),
  ],
};

/** Days whose rows of `expected` are still to be made from the lists before them. */
export const expectedDue: TableSchema = {
  name: 'expected_due',
  description: 'Days whose rows of `expected` are still to be made from the lists before them.',
  key: ['day'],
  unique: true,
  month: null,
  where: 'catalog',
  columns: [column('day', 'day', 'the day')],
};

/** The most similar papers of each paper. */
export const similar: TableSchema = {
  name: 'similar',
  description: 'The most similar papers of each paper.',
  key: ['paper_id'],
  unique: true,
  month: null,
  where: 'catalog',
  columns: [
    paperId,
    column('papers', 'text', 'the similar papers, nearest first, with their cosine: [[id, cosine], …]'),
  ],
};

/** The topics that rise in the week of the newest daily list. */
export const rising: TableSchema = {
  name: 'rising',
  description: 'The topics that rise in the week of the newest daily list, the clearest first.',
  key: ['place'],
  unique: true,
  month: null,
  where: 'catalog',
  columns: [
    column('place', 'integer', 'place among them, from 0'),
    column('kind', 'text', '`keyword` or `phrase`'),
    column('topic', 'text', 'slug of the keyword, or the phrase'),
    column('name', 'text', 'as the feed spells it in the newest paper'),
    column('papers', 'integer', 'papers of the week that have it', { unit: 'papers' }),
    column('total', 'integer', 'papers of the week that could have it', { unit: 'papers' }),
    column('papers_before', 'integer', 'papers of the eight weeks before that have it', { unit: 'papers' }),
    column('total_before', 'integer', 'papers of the eight weeks before that could have it', { unit: 'papers' }),
  ],
};
