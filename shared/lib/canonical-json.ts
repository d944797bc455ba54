/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [field: string]: Json };

/** Formats a value as JSON with sorted field names, so that equal values give equal text. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) {
    // a short cut: most lists hold only texts
    const plain = value.every((one) => one === null || typeof one !== 'object');
    return plain ? JSON.stringify(value) : `[${value.map(canonicalJson).join(',')}]`;
  }
  const fields = value as { readonly [field: string]: Json };
  const names = Object.keys(fields).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(fields[name] as Json)}`).join(',')}}`;
}
