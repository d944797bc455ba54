/** Returns a function that calls `open` the first time, and returns the same result afterwards. After a failure the next call tries again. */
export function lazyAsync<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | null = null;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  };
}
