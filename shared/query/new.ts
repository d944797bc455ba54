import type { SqlValue } from '../catalog/sqlite.ts';
import type { Instant } from '../lib/time.ts';
import type { ListName } from '../model/list.ts';
import { catalogPaper, catalogSource, type PaperRow } from './catalog-paper.ts';
import type { QueryContext } from './context.ts';
import { encodeCursor, type Page, type Paging } from './paging.ts';
import type { NewAnswer } from './schemas/search.ts';

/** Papers first seen, on any list, at `since` or later; of those that are on `list` (null: any). */
export type NewQuestion = { readonly since: Instant; readonly list: ListName | null };

/** What a position looks like: first sight and id of the paper that was last. */
export const NEW_POSITION = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (\S+)$/;

/** The papers first seen since a moment, newest first and then by id, a page of them, without `next`. */
export async function getNewPapers(
  context: QueryContext,
  { since, list }: NewQuestion,
  { limit, after }: Paging,
): Promise<{ answer: NewAnswer; page: Page<PaperRow> }> {
  const catalog = await context.catalog();
  const on = 'EXISTS (SELECT 1 FROM appearances a WHERE a.paper_id = papers.id AND a.list = ?)';
  const fits = `first_seen >= ?${list === null ? '' : ` AND ${on}`}`;
  const values: SqlValue[] = list === null ? [since] : [since, list];
  const [count] = catalog.all<{ total: number }>(`SELECT count(*) AS total FROM papers WHERE ${fits}`, values);
  const [, seen, id] = NEW_POSITION.exec(after ?? '') ?? [];
  const behind = seen === undefined || id === undefined ? [] : [seen, seen, id];
  const rows = catalog.all<PaperRow>(
    `SELECT * FROM papers WHERE ${fits}${behind.length === 0 ? '' : ' AND first_seen <= ? AND (first_seen < ? OR id > ?)'}
      ORDER BY first_seen DESC, id LIMIT ?`,
    [...values, ...behind, limit + 1],
  );
  const [newest] = catalog.all<{ last: Instant | null }>('SELECT max(last) AS last FROM coverage');
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    answer: {
      since,
      until: newest?.last && newest.last > since ? newest.last : since,
      list,
      papers: items.map((row) => catalogPaper(row, {})),
      total: count?.total ?? 0,
      next: null,
      ...catalogSource(catalog, context.sample),
    },
    page: {
      items,
      cursor: last !== undefined && rows.length > limit ? encodeCursor(`${last.first_seen} ${last.id}`) : null,
    },
  };
}
