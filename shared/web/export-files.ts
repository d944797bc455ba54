/** Files of the newest export, as downloads. */
import type { ExportStore } from '../export/store.ts';
import { HttpProblem } from './problem.ts';
import type { SiteContext } from './route.ts';

/** What the address of every file begins with. */
export const EXPORTS_PATH = '/exports/';

const TYPES: Readonly<Record<string, string>> = {
  parquet: 'application/vnd.apache.parquet',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  sqlite: 'application/vnd.sqlite3',
  gz: 'application/gzip',
};

/**
 * The file that is asked for if the manifest names it, else null: nothing but the manifest says what is a path, so none leads anywhere else.
 * Where the store gives addresses of its own, it is a redirect to one. Throws a Refusal where the site gives no files.
 */
export async function serveExportFile({ exports }: SiteContext, request: Request): Promise<Response | null> {
  if (!exports) return null;
  const path = pathIn(request.url);
  const { downloads } = exports;
  if (!downloads)
    throw new HttpProblem(
      404,
      'Not given',
      'this site gives no files of exports: its owner has not switched downloads on',
    );
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
    'cache-control': 'no-cache',
    'content-type': TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    'content-disposition': `attachment; filename="${name}"`,
    ...(file && { 'content-length': String(file.bytes) }),
  };
  if (request.headers.get('if-none-match')?.includes(etag))
    return new Response(null, { status: 304, headers: { etag } });
  const body = request.method === 'HEAD' ? null : await opened(store, path);
  return new Response(body, { headers });
}

/** What stands behind `/exports/`; as it is written where that is no text. */
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
