/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [field: string]: Json };

/** A value as JSON with its fields in order of name, so that equal values have equal text whatever order they were made in. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) {
    // most lists hold nothing but texts
    const plain = value.every((one) => one === null || typeof one !== 'object');
    return plain ? JSON.stringify(value) : `[${value.map(canonicalJson).join(',')}]`;
  }
  const fields = value as { readonly [field: string]: Json };
  const names = Object.keys(fields).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(fields[name] as Json)}`).join(',')}}`;
}
