import { copyFileSync, rmSync } from 'node:fs';
import type { CatalogStore } from '../../shared/catalog/s3.ts';

/** A bucket of one catalog, as a file in a folder; it counts its requests and can be made to fail. */
export type BucketDouble = CatalogStore & {
  /** What was asked, in order: `fetch`, `same`, `none`, `put`. */
  readonly asked: string[];
  /** What the next fetches throw; null for nothing. */
  trouble: Error | null;
};

/** An empty one; `path` is where its object is kept. */
export function catalogBucket(path: string): BucketDouble {
  let puts = 0;
  const bucket: BucketDouble = {
    asked: [],
    trouble: null,
    async fetch(to, known) {
      if (bucket.trouble) throw bucket.trouble;
      const etag = puts === 0 ? null : `"${puts}"`;
      bucket.asked.push(etag === null ? 'none' : etag === known ? 'same' : 'fetch');
      if (etag === null || etag === known) return etag;
      for (const end of ['-wal', '-shm']) rmSync(to + end, { force: true });
      copyFileSync(path, to);
      return etag;
    },
    async put(from) {
      bucket.asked.push('put');
      copyFileSync(from, path);
      puts += 1;
      return 1;
    },
  };
  return bucket;
}
