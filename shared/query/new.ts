import * as z from 'zod';
import type { SqlValue } from '../catalog/sqlite.ts';
import { addSeconds, type Instant } from '../lib/time.ts';
import { catalogPaper, catalogSource, PAPER_COLUMNS, type PaperRow } from './catalog-paper.ts';
import type { QueryContext } from './context.ts';
import type { NewAnswer } from './new.schema.ts';
import { encodeCursor } from './paging.ts';
import { list, orNull, paging, rangeStart } from './parameters.ts';
import { defineQuestion } from './question.ts';

/** What a position looks like: first sight and id of the paper that was last. */
const POSITION = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (\S+)$/;
/** How far before the newest capture `since` is unless it is given, in seconds: a day. */
const DEFAULT_SECONDS = 86_400;

const parameters = z.object({
  since: orNull(rangeStart),
  list: orNull(list),
  ...paging(POSITION, '2025-01-08T06:00:00Z 2501.04519'),
});

/** The papers first seen since a moment. */
export const newQuestion = defineQuestion({
  path: '/new',
  costClass: 'slow-whole',
  summary:
    'Papers first seen on any list since a moment (included; 24 hours before the newest capture), newest first. Papers of an older list are new when that list is captured. Captures may be recorded late: ask again from a day before `until`, and identify papers by their ids.',
  parameters,
  answer: async () => (await import('./new.schema.ts')).NewAnswer,
  run: (context, asked) => getNewPapers(context, asked),
});

/** The papers first seen on any list since a moment (null: `backSeconds` before the newest capture) that are on `list` (null: any), newest first and then by id. */
export async function getNewPapers(
  context: QueryContext,
  { since: asked, list, limit, cursor }: z.output<typeof parameters>,
  backSeconds = DEFAULT_SECONDS,
): Promise<NewAnswer> {
  const catalog = await context.catalog();
  const [newest] = catalog.all<{ last: Instant | null }>('SELECT max(last) AS last FROM coverage');
  const since = asked ?? addSeconds(newest?.last ?? context.clock(), -backSeconds);
  const on = 'EXISTS (SELECT 1 FROM appearances a WHERE a.paper_id = papers.id AND a.list = ?)';
  const fits = `first_seen >= ?${list === null ? '' : ` AND ${on}`}`;
  const values: SqlValue[] = list === null ? [since] : [since, list];
  const [count] = catalog.all<{ total: number }>(`SELECT count(*) AS total FROM papers WHERE ${fits}`, values);
  const [, seen, id] = POSITION.exec(cursor ?? '') ?? [];
  const behind = seen === undefined || id === undefined ? [] : [seen, seen, id];
  const rows = catalog.all<PaperRow>(
    `SELECT ${PAPER_COLUMNS} FROM papers WHERE ${fits}${behind.length === 0 ? '' : ' AND first_seen <= ? AND (first_seen < ? OR id > ?)'}
      ORDER BY first_seen DESC, id LIMIT ?`,
    [...values, ...behind, limit + 1],
  );
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    since,
    until: newest?.last && newest.last > since ? newest.last : since,
    list,
    papers: items.map((row) => catalogPaper(row, {})),
    total: count?.total ?? 0,
    next: last !== undefined && rows.length > limit ? encodeCursor(`${last.first_seen} ${last.id}`) : null,
    ...catalogSource(catalog, context.sample),
  };
}
