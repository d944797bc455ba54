/** Files that the site gives as downloads: snapshots, and files of the newest export. */
import { buffer } from 'node:stream/consumers';
import type { ExportStore, FileRange } from '../export/store.ts';
import { EXPORTS_PATH } from '../query/exports.ts';
import { BYTE_ORDER_MARK, wantsByteOrderMark } from './formats/csv.ts';
import { HttpProblem } from './problem.ts';

/** A file that can be downloaded, whole or in part. */
type Download = {
  /** The name under which a browser saves it. */
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  /** The entity tag of its bytes, in quotes: a strong one. */
  readonly etag: string;
  readonly cacheControl: string;
  /** Reads it, or a part of it. */
  open(range: FileRange | null): Promise<ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>>;
};

/**
 * Responds with a file, or with the part that a `Range` header asks for (206). Several ranges at once are answered with the whole file,
 * as RFC 9110 allows.
 *
 * @throws {HttpProblem} 416 for a range outside of the file
 */
export async function respondWithDownload({ method, headers }: Request, file: Download): Promise<Response> {
  const range = method === 'GET' ? readRange(headers, file) : null;
  const length = range ? range.last - range.first + 1 : file.bytes;
  return new Response(method === 'HEAD' ? null : await file.open(range), {
    status: range ? 206 : 200,
    headers: {
      'accept-ranges': 'bytes',
      // compressed on the way it could not be read in parts
      'cache-control': `${file.cacheControl}, no-transform`,
      'content-disposition': `attachment; filename="${file.name}"`,
      'content-length': String(length),
      'content-type': file.type,
      etag: file.etag,
      ...(range && { 'content-range': `bytes ${range.first}-${range.last}/${file.bytes}` }),
    },
  });
}

/** The one range that a request asks for; null for the whole file. `If-Range` asks for the whole file once its bytes have changed. */
function readRange(headers: Headers, { bytes, etag }: Download): FileRange | null {
  const condition = headers.get('if-range');
  const [, from = '', to = ''] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(headers.get('range') ?? '') ?? [];
  if ((from === '' && to === '') || (condition !== null && condition !== etag)) return null;
  if (from !== '' && to !== '' && Number(from) > Number(to)) return null;
  const first = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const last = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (first <= last) return { first, last };
  throw new HttpProblem(416, 'Range not satisfiable', `the file has ${bytes} bytes`, {
    'content-range': `bytes */${bytes}`,
  });
}

const TYPES: Readonly<Record<string, string>> = {
  parquet: 'application/vnd.apache.parquet',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  sqlite: 'application/vnd.sqlite3',
  gz: 'application/gzip',
};

/** The exports of a site, and whether it gives their files. `onLink` is called with the size of a file whose signed address it gives. */
export type ServedExports = {
  readonly store: () => Promise<ExportStore>;
  readonly downloads: boolean;
  readonly onLink?: (bytes: number) => Promise<void>;
};

/**
 * The file of the newest export that a request asks for, null when the manifest does not name it: only the manifest defines what is a
 * path, so no path leads anywhere else. Where the store signs addresses, it is a redirect to one.
 *
 * @throws {HttpProblem} where the site gives no files
 */
export async function serveExportFile(exports: ServedExports, request: Request): Promise<Response | null> {
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
  if (store.link) {
    await exports.onLink?.(file?.bytes ?? 0);
    const headers = { location: await store.link(path, name), 'cache-control': 'no-store' };
    return new Response(null, { status: 302, headers });
  }
  const text = file ? '' : await store.read(path);
  const isMarked = path.endsWith('.csv') && wantsByteOrderMark(new URL(request.url).searchParams.get('bom'));
  const mark = Buffer.from(isMarked ? BYTE_ORDER_MARK : '');
  return respondWithDownload(request, {
    name,
    type: TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    bytes: mark.length + (file?.bytes ?? Buffer.byteLength(text ?? '')),
    etag: `"${file?.sha256 ?? manifest.madeAt}${isMarked ? '-bom' : ''}"`,
    cacheControl: 'no-cache',
    async open(range) {
      const stream = await store.open(path, isMarked ? null : range);
      if (stream && !isMarked) return stream;
      // a file of a month is small enough to be read whole
      if (stream)
        return new Uint8Array(Buffer.concat([mark, await buffer(stream)])).slice(
          range?.first,
          range ? range.last + 1 : undefined,
        );
      throw new HttpProblem(404, 'Not found', `${path} is being replaced: ask again in a moment`);
    },
  });
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
