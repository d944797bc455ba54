/** A value of a cell. A list is written as its members joined by `; `, null and undefined as an empty cell. */
export type CsvValue = string | number | boolean | null | undefined | readonly CsvValue[];

/** How `formatCsv` writes cells. */
type CsvOptions = {
  /**
   * Put a `'` before text that a spreadsheet would run as a formula (`=1+1`, `@x`), never before a number.
   * For files that people open; programs want the text as it is.
   */
  readonly guardFormulas?: boolean;
};

const FORMULA = /^[=+\-@\t\r]/;

/**
 * Formats a table as CSV (RFC 4180): a header, then one line per row, each ended by CRLF.
 * An empty text is written as `""`, so that it differs from an unknown value.
 *
 * @example
 * formatCsv(['id', 'authors'], [['2501.04519', ['Ada Byron', 'Emmy Noether']]]);
 * // id,authors\r\n2501.04519,Ada Byron; Emmy Noether\r\n
 */
export function formatCsv(
  header: readonly string[],
  rows: readonly (readonly CsvValue[])[],
  { guardFormulas = false }: CsvOptions = {},
): string {
  const formatCell = (value: CsvValue): string => {
    if (value === null || value === undefined) return '';
    const text = joinList(value);
    const safe = guardFormulas && typeof value !== 'number' && FORMULA.test(text) ? `'${text}` : text;
    return safe === '' || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [header, ...rows].map((cells) => `${cells.map(formatCell).join(',')}\r\n`).join('');
}

const joinList = (value: CsvValue): string =>
  Array.isArray(value) ? value.map(joinList).join('; ') : String(value ?? '');
