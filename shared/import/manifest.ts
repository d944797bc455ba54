import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { textEncoding } from '../lib/bytes.ts';
import { errorMessage, PaperkeepError } from '../lib/errors.ts';
import { parseDay, parseInstant } from '../lib/time.ts';
import { parseListName } from '../model/list.ts';
import type { ImportFile } from './read.ts';

/** The columns that a manifest must have, each with the older names that are accepted. Others are ignored. */
const COLUMNS = { file: [], list: ['source'], day: ['target'], captured_at: [] } as const;
type Column = keyof typeof COLUMNS;
type ManifestLine = { readonly number: number; readonly cells: Readonly<Record<Column, string>> };

/**
 * Lists the files that a manifest names, with what it says of them. A manifest is CSV (commas, semicolons or tabs; UTF-8 or UTF-16) with
 * the header `file,list,day,captured_at`; paths are relative to it, with slashes or backslashes. An empty cell says nothing: the file has
 * to. A line with a list, day or time that cannot be read is an error when its file is read, so that the others go on. A path may lead out
 * of the manifest's folder, but of a file there only a list is stored: a manifest from elsewhere must not copy private files.
 *
 * @throws PaperkeepError `BAD_MANIFEST` when it cannot be read or lacks a column.
 */
export async function listManifestFiles(manifest: string): Promise<ImportFile[]> {
  const bytes = await readFile(manifest).catch((error: unknown) => {
    throw manifestError(
      `the manifest ${manifest} cannot be read: ${errorMessage(error)}`,
      'name a CSV file that is there',
    );
  });
  // spreadsheets on Windows save "Unicode text" as UTF-16
  const text = new TextDecoder(textEncoding(bytes)).decode(bytes);
  const folder = await realpath(dirname(manifest));
  const toFile = async ({ number, cells }: ManifestLine): Promise<ImportFile> => {
    const facts = {
      list: parseListName(cells.list),
      day: parseDay(cells.day),
      at: parseInstant(cells.captured_at),
    };
    const parsed: Record<Column, unknown> = {
      file: cells.file,
      list: facts.list,
      day: facts.day,
      captured_at: facts.at,
    };
    const columns = Object.keys(COLUMNS) as Column[];
    const wrong = columns.find((column) => !parsed[column] && (column === 'file' || cells[column] !== ''));
    const path = await findListed(folder, cells.file);
    const fromFolder = relative(folder, path);
    return {
      name: cells.file,
      ...facts,
      listsOnly: /^\.\.(?:[\\/]|$)/.test(fromFolder) || isAbsolute(fromFolder),
      read: async () => {
        if (!wrong) return readListed(path);
        const message = `line ${number} of ${manifest} has no readable ${wrong}: ${JSON.stringify(cells[wrong])}`;
        const hint = 'write days as 2025-01-08, times as 2025-01-08T18:00:00Z, and run again';
        throw new PaperkeepError({ code: 'MANIFEST_LINE', message, hint });
      },
    };
  };
  return Promise.all(parseLines(manifest, text).map(toFile));
}

const manifestError = (message: string, hint: string): PaperkeepError =>
  new PaperkeepError({ code: 'BAD_MANIFEST', message, hint });

/** The path of a file without links; when no file has that path, its backslashes are those of Windows. */
async function findListed(folder: string, file: string): Promise<string> {
  const [given, withSlashes] = [resolve(folder, file), resolve(folder, file.replaceAll('\\', '/'))];
  return realpath(given).catch(() => realpath(withSlashes).catch(() => given));
}

/** Reads a file; never a device or a pipe, which may have no end. */
async function readListed(path: string): Promise<Buffer> {
  if ((await stat(path)).isFile()) return readFile(path);
  throw new PaperkeepError({ code: 'MANIFEST_LINE', message: `${path} is not a file` });
}

function parseLines(manifest: string, text: string): ManifestLine[] {
  const [header, ...rows] = parseRows(manifest, text);
  const places = Object.entries(COLUMNS).map(([column, older]) => {
    const names: readonly string[] = [column, ...older];
    return [column, header?.cells.findIndex((name) => names.includes(name.toLowerCase())) ?? -1] as const;
  });
  const missing = places.filter(([, place]) => place < 0).map(([column]) => column);
  if (missing.length > 0) {
    const hint = `give it the header ${Object.keys(COLUMNS).join(',')}`;
    throw manifestError(`the manifest ${manifest} has no column ${missing.join(', ')}`, hint);
  }
  return rows.map(({ number, cells }) => ({
    number,
    cells: Object.fromEntries(places.map(([column, place]) => [column, cells[place] ?? ''])) as ManifestLine['cells'],
  }));
}

function parseRows(manifest: string, text: string): { readonly number: number; readonly cells: readonly string[] }[] {
  const [first = ''] = text.split(/\r?\n/, 1);
  const delimiter = [';', '\t'].find((each) => first.includes(each)) ?? ',';
  const options = { bom: true, skip_empty_lines: true, relax_column_count: true, trim: true, info: true, delimiter };
  try {
    const rows = parse(text, options) as unknown as { info: { lines: number }; record: string[] }[];
    return rows.map(({ info, record }) => ({ number: info.lines, cells: record }));
  } catch (error) {
    throw manifestError(`the manifest ${manifest} is no CSV: ${errorMessage(error)}`, 'correct the line it names');
  }
}
