/** Opens something when it is first asked for, and gives the same to all who ask later. What failed to open is tried again by the next. */
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
