const isNamed = (value: object): value is { readonly name: unknown } => 'name' in value;

/** A cell's text. Lists are joined by `; `, an organization is its name, what is not known is empty. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(textOf).join('; ');
  if (typeof value === 'object') return isNamed(value) ? textOf(value.name) : JSON.stringify(value);
  return String(value);
}

/** Text that a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function cellOf(value: unknown): string {
  const text = textOf(value);
  const safe = typeof value !== 'number' && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * RFC 4180 with CRLF: a header of `columns` (the JSON names), then a line for each row. Text that begins like a formula
 * gets a leading `'`; numbers never do.
 */
export const toCsv = (columns: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): string =>
  [columns.map(cellOf), ...rows.map((row) => columns.map((column) => cellOf(row[column])))]
    .map((cells) => `${cells.join(',')}\r\n`)
    .join('');
