/** The oldest Node that runs the npm package: zstd in node:zlib, `timeout`, `isTransaction` and `setReturnArrays` in node:sqlite. Node 23 never got these. */
const OLDEST = [22, 16] as const;

/** Says what to do if this Node is too old; null if it is not. `version` is like `22.16.0`. */
export function describeOldNode(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 23 || (major === OLDEST[0] && minor >= OLDEST[1])) return null;
  return `paperkeep needs Node ${OLDEST.join('.')} or newer${major === 23 ? ' except 23' : ''}, and this is Node ${version}: install a newer one from https://nodejs.org`;
}
