import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { usageError } from '../../functions/cli/context.ts';
import { errorMessage, PaperkeepError } from '../lib/errors.ts';
import { parseDay, parseInstant } from '../lib/time.ts';
import { parseListName } from '../model/list.ts';
import type { ImportFile } from './run.ts';

/** The columns that a manifest must have; others are passed over. */
const COLUMNS = ['file', 'list', 'day', 'captured_at'] as const;
type Column = (typeof COLUMNS)[number];
type Line = { readonly number: number; readonly cells: Readonly<Record<Column, string>> };

/**
 * The files that a manifest names, with what it says of them; paths are relative to it. An empty cell says nothing: the file has to tell
 * itself then. A line that cannot be read is told when its file is.
 */
export async function listImportFiles(manifest: string): Promise<ImportFile[]> {
  const text = await readFile(manifest, 'utf8').catch((error: unknown) => {
    throw usageError(
      `the manifest ${manifest} cannot be read: ${errorMessage(error)}`,
      'name a CSV file that is there',
    );
  });
  const folder = dirname(resolve(manifest));
  return linesOf(manifest, text).map(({ number, cells }): ImportFile => {
    const facts = {
      list: parseListName(cells.list),
      day: parseDay(cells.day),
      at: parseInstant(cells.captured_at),
    };
    const { file } = cells;
    const read: Record<Column, unknown> = { file, list: facts.list, day: facts.day, captured_at: facts.at };
    const wrong = COLUMNS.find((column) => !read[column] && (column === 'file' || cells[column] !== ''));
    return {
      name: file,
      ...facts,
      read: async () => {
        if (!wrong) return readFile(resolve(folder, file));
        const what = `line ${number} of ${manifest} has no readable ${wrong}`;
        throw new PaperkeepError({ code: 'MANIFEST_LINE', message: what, hint: 'correct it and run again' });
      },
    };
  });
}

function linesOf(manifest: string, text: string): Line[] {
  const rows = rowsOf(manifest, text);
  const [header] = rows;
  const missing = COLUMNS.filter((column) => !header?.cells.includes(column));
  if (!header || missing.length > 0) {
    const what = `the manifest ${manifest} has no column ${missing.join(', ')}`;
    throw usageError(what, `give it the header ${COLUMNS.join(',')}`);
  }
  const cell = (row: Row, column: Column) => row.cells[header.cells.indexOf(column)] ?? '';
  return rows.slice(1).map((row) => ({
    number: row.number,
    cells: {
      file: cell(row, 'file'),
      list: cell(row, 'list'),
      day: cell(row, 'day'),
      captured_at: cell(row, 'captured_at'),
    },
  }));
}

type Row = { readonly number: number; readonly cells: readonly string[] };

function rowsOf(manifest: string, text: string): Row[] {
  const options = { bom: true, skip_empty_lines: true, relax_column_count: true, trim: true, info: true } as const;
  try {
    const rows = parse(text, options) as unknown as { info: { lines: number }; record: string[] }[];
    return rows.map(({ info, record }) => ({ number: info.lines, cells: record }));
  } catch (error) {
    throw usageError(`the manifest ${manifest} is no CSV: ${errorMessage(error)}`, 'correct the line it names');
  }
}
