/** Files of the newest export, as downloads. */
import type { ExportStore } from '../export/store.ts';
import { EXPORTS_PATH } from '../query/exports.ts';
import { HttpProblem } from './problem.ts';

const TYPES: Readonly<Record<string, string>> = {
  parquet: 'application/vnd.apache.parquet',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  sqlite: 'application/vnd.sqlite3',
  gz: 'application/gzip',
};

/**
 * The file that a request asks for, null when the manifest does not name it: only the manifest defines what is a path, so no path leads
 * anywhere else. Where the store signs addresses, it is a redirect to one.
 *
 * @throws {HttpProblem} where the site gives no files
 */
export async function serveExportFile(
  exports: { readonly store: () => Promise<ExportStore>; readonly downloads: boolean },
  request: Request,
): Promise<Response | null> {
  if (!exports.downloads) {
    const detail = 'this site gives no files of exports: its owner has not switched downloads on';
    throw new HttpProblem(404, 'Not given', detail);
  }
  const path = pathIn(request.url);
  const { MANIFEST_NAME, readExportManifest } = await import('../export/store.ts');
  const store = await exports.store();
  const manifest = await readExportManifest(store);
  const file = manifest?.files.find((one) => one.path === path);
  if (!manifest || (!file && path !== MANIFEST_NAME)) return null;
  const name = path.replaceAll('/', '_');
  if (store.link)
    return new Response(null, {
      status: 302,
      headers: { location: await store.link(path, name), 'cache-control': 'no-store' },
    });
  const etag = `"${file?.sha256 ?? manifest.madeAt}"`;
  const headers = {
    etag,
    // compressed on the way it could not be read in ranges
    'cache-control': 'no-cache, no-transform',
    'content-type': TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    'content-disposition': `attachment; filename="${name}"`,
    ...(file && { 'content-length': String(file.bytes) }),
  };
  const body = request.method === 'HEAD' ? null : await opened(store, path);
  return new Response(body, { headers });
}

/** The path after `/exports/`, decoded where it can be. */
function pathIn(url: string): string {
  const written = new URL(url).pathname.slice(EXPORTS_PATH.length);
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

async function opened(store: ExportStore, path: string): Promise<ReadableStream<Uint8Array>> {
  const stream = await store.open(path);
  if (stream) return stream;
  throw new HttpProblem(404, 'Not found', `${path} is being made anew: ask again in a moment`);
}
