type Cell = string | number | boolean | null;

/** A column of a table: the name of a field, which is also the heading, or a heading and the field or the value that it shows. */
export type Column<R> = (keyof R & string) | readonly [heading: string, cell: (keyof R & string) | ((row: R) => Cell)];

/**
 * Draws rows as a table for a terminal: columns padded, numbers right, two blanks between. `null` is a dash.
 *
 * @example formatTable(papers, ['rank', ['was', 'previousRank'], ['title', ({ title }) => clip(title, 72)]])
 */
export function formatTable<R extends object>(rows: readonly R[], columns: readonly Column<R>[]): string {
  const read = columns.map((column) => (typeof column === 'string' ? ([column, column] as const) : column));
  const values = rows.map((row) =>
    read.map(([, cell]) => (typeof cell === 'function' ? cell(row) : (row[cell] as Cell))),
  );
  const cells = [read.map(([heading]) => heading), ...values.map((row) => row.map((cell) => String(cell ?? '-')))];
  const widths = read.map((_, at) => Math.max(...cells.map((row) => [...(row[at] ?? '')].length)));
  const isRight = read.map(
    (_, at) => rows.length > 0 && values.every((row) => row[at] === null || typeof row[at] === 'number'),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => {
        const blank = ' '.repeat((widths[at] ?? 0) - [...cell].length);
        return isRight[at] ? blank + cell : cell + blank;
      })
      .join('  ')
      .trimEnd();
  const [headings = [], ...body] = cells;
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** A heading with a table below it, and how many of `total` rows are not shown; the heading alone without rows. */
export function formatSection<R extends object>(
  heading: string,
  rows: readonly R[],
  columns: readonly Column<R>[],
  total = rows.length,
): string {
  if (rows.length === 0) return heading;
  const more = total > rows.length ? `\n[${total - rows.length} more]` : '';
  return `${heading}\n\n${formatTable(rows, columns)}${more}`;
}

/** The column of a title, cut to a width with an ellipsis. */
export const titleColumn = (width: number) => ['title', ({ title }: { title: string }) => clip(title, width)] as const;

function clip(text: string, width: number): string {
  const letters = [...text];
  return letters.length <= width ? text : `${letters.slice(0, width - 1).join('')}…`;
}
