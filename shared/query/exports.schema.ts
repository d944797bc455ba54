/** The schemas of an export: its manifest, and what the site reports of it. */
import * as z from 'zod';
import { count, day, instant, next, sample } from './common.schema.ts';

/** A path below a folder: names joined by slashes, none of which leads out of it. */
export const ExportPath = z.string().regex(/^(?!\.{1,2}(?:\/|$))[^/\\\0]+(?:\/(?!\.{1,2}(?:\/|$))[^/\\\0]+)*$/);

/** A file of an export. */
export const ExportedFile = z.strictObject({
  path: ExportPath.meta({ description: 'below the folder of the export' }),
  bytes: count,
  rows: count.nullable().meta({ description: 'rows of tables, lines of papers; null for a file that has none' }),
  sha256: z.string().meta({ description: 'hex' }),
});

/** What an export was made of. */
export const BuiltFrom = z.strictObject({
  archive: z.string().nullable().meta({ description: 'where the snapshots are; null for a folder of some machine' }),
  snapshots: count.meta({ description: 'visits of the lists in range, failed ones too' }),
  newestCapture: instant.nullable().meta({ description: 'newest usable one in range' }),
  lists: z.string().meta({ description: 'SHA-256 of which lists are in range and in which version, hex' }),
  catalogAsOf: instant.nullable().meta({ description: 'when the table was last read into the catalog' }),
  parsers: z.record(z.string(), count).meta({ description: 'epoch of each parser' }),
  sample: z.boolean().meta({ description: 'true when the papers are invented' }),
});

/** An export without its files. */
export const ExportFacts = z.strictObject({
  schemaVersion: count,
  release: z.string().nullable().meta({ description: 'its name, when it was frozen under one' }),
  madeAt: instant,
  paperkeep: z.string().meta({ description: 'version of the program' }),
  commit: z
    .string()
    .nullable()
    .meta({ description: 'of the program, where it is known; `-dirty` when it was changed' }),
  formats: z.array(z.string()),
  from: day.nullable().meta({ description: 'first list day; null: from the beginning' }),
  to: day.nullable().meta({ description: 'last list day; null: to the end' }),
  leftOut: z.array(z.string()).meta({ description: 'columns that were left out on request, `papers.abstract`' }),
  builtFrom: BuiltFrom,
  rows: z.record(z.string(), count).meta({ description: 'rows of each table' }),
});

/** `manifest.json` of an export: what it contains and what it was made from. Only this file has the time when it was made. */
export const ExportManifest = ExportFacts.extend({ files: z.array(ExportedFile) });

/** The newest export. */
export const ExportsAnswer = z.strictObject({
  export: ExportFacts.nullable().meta({ description: 'null: none was made yet' }),
  files: z.array(ExportedFile.extend({ url: z.string().nullable().meta({ description: 'null: not given here' }) })),
  bytes: count.meta({ description: 'of all files, those of other pages too' }),
  parts: z
    .array(z.strictObject({ path: z.string(), files: count, bytes: count }))
    .meta({ description: 'all files at the top, `paperkeep.sqlite`, and folders with what is in them, `parquet`' }),
  total: count,
  next,
  downloads: z.boolean().meta({ description: 'whether this site gives the files' }),
  sample,
});

export type ExportedFile = z.infer<typeof ExportedFile>;
export type BuiltFrom = z.infer<typeof BuiltFrom>;
export type ExportManifest = z.infer<typeof ExportManifest>;
export type ExportsAnswer = z.infer<typeof ExportsAnswer>;
