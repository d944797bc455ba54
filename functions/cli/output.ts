/** Draws rows as a table for a terminal: columns padded, numbers right, two blanks between. `null` is a dash. */
export function formatTable(
  columns: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): string {
  const cells = rows.map((row) => row.map((cell) => (cell === null ? '-' : String(cell))));
  const widths = columns.map((name, at) => Math.max(name.length, ...cells.map((row) => [...(row[at] ?? '')].length)));
  const right = columns.map(
    (_, at) => rows.length > 0 && rows.every((row) => row[at] === null || typeof row[at] === 'number'),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => {
        const blank = ' '.repeat(Math.max(0, (widths[at] ?? 0) - [...cell].length));
        return right[at] ? blank + cell : cell + blank;
      })
      .join('  ')
      .trimEnd();
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

/** Cuts text to a width, with an ellipsis. */
export const clip = (text: string, width: number): string => {
  const letters = [...text];
  return letters.length <= width ? text : `${letters.slice(0, width - 1).join('')}…`;
};
