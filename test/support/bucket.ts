import { copyFileSync, rmSync } from 'node:fs';
import type { CatalogStore } from '../../shared/catalog/s3.ts';
import { CATALOG_KEY } from '../../shared/catalog/schema.ts';

/** A bucket of a catalog and the small part of it, as files in a folder; it counts the requests for the catalog and can be made to fail. */
export type BucketDouble = CatalogStore & {
  /** The requests for the catalog, in order: `fetch`, `same`, `none`, `put`. */
  readonly asked: string[];
  /** What the next fetches throw; null for nothing. */
  trouble: Error | null;
};

/** An empty one; `path` is where its catalog is kept, and others beside it. */
export function catalogBucket(path: string): BucketDouble {
  const puts = new Map<string, number>();
  const objectOf = (key: string) => (key === CATALOG_KEY ? path : `${path}-${key}`);
  const bucket: BucketDouble = {
    asked: [],
    trouble: null,
    async fetch(to, known, key = CATALOG_KEY) {
      if (bucket.trouble) throw bucket.trouble;
      const etag = puts.has(key) ? `"${puts.get(key)}"` : null;
      if (key === CATALOG_KEY) bucket.asked.push(etag === null ? 'none' : etag === known ? 'same' : 'fetch');
      if (etag === null || etag === known) return etag;
      for (const end of ['-wal', '-shm']) rmSync(to + end, { force: true });
      copyFileSync(objectOf(key), to);
      return etag;
    },
    async put(from, key = CATALOG_KEY) {
      if (key === CATALOG_KEY) bucket.asked.push('put');
      copyFileSync(from, objectOf(key));
      puts.set(key, (puts.get(key) ?? 0) + 1);
      return 1;
    },
  };
  return bucket;
}
