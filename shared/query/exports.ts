import * as z from 'zod';
import type { SiteContext } from './context.ts';
import type { ExportedFile, ExportsAnswer } from './exports.schema.ts';
import { pageItems } from './paging.ts';
import { paging } from './parameters.ts';
import { defineQuestion } from './question.ts';

/** Where the files of the newest export are on the site. */
export const EXPORTS_PATH = '/exports/';

/** What a position looks like: the path of the file that was last. */
const POSITION = /^file (.+)$/;

/** The newest export. */
export const exportsQuestion = defineQuestion({
  path: '/exports',
  summary: 'The newest export: its files with sizes, rows and digests, when it was made and of what.',
  parameters: z.object(paging(POSITION, 'file paperkeep.sqlite')),
  answer: async () => (await import('./exports.schema.ts')).ExportsAnswer,
  run: async ({ exports, sample }: SiteContext, asked): Promise<ExportsAnswer> => {
    const manifest = (await exports?.manifest()) ?? null;
    const downloads = exports?.downloads ?? false;
    const { files = [], ...facts } = manifest ?? {};
    const { items, next } = pageItems(files, ({ path }) => `file ${path}`, asked, 'ascending');
    return {
      export: manifest && (facts as Exclude<ExportsAnswer['export'], null>),
      files: items.map((file) => ({ ...file, url: downloads ? EXPORTS_PATH + file.path : null })),
      parts: [...Map.groupBy(files, ({ path }) => path.split('/')[0] as string)].map(([path, within]) => ({
        path,
        files: within.length,
        bytes: sumBytes(within),
      })),
      bytes: sumBytes(files),
      total: files.length,
      next,
      downloads,
      sample,
    };
  },
});

const sumBytes = (files: readonly ExportedFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);
