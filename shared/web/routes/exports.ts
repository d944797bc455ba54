import * as z from 'zod';
import { encodeCursor, type Page, type Paging } from '../../query/paging.ts';
import * as params from '../../query/parameters.ts';
import { toPaging } from '../../query/range-parameters.ts';
import type { ExportedFile, ExportsAnswer } from '../../query/schemas/exports.ts';
import { EXPORTS_PATH } from '../export-files.ts';
import { renderExportsPage } from '../pages/exports.ts';
import { defineRoute, type Route } from '../route.ts';

/** What a position looks like: the path of the file that was last. */
const FILE_POSITION = /^file (.+)$/;

/** One page of the files, which stand by path. */
function filesOf(files: readonly ExportedFile[], { limit, after }: Paging): Page<ExportedFile> {
  const [, behind = ''] = FILE_POSITION.exec(after ?? '') ?? [];
  const rest = files.filter(({ path }) => path > behind);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, cursor: last && rest.length > limit ? encodeCursor(`file ${last.path}`) : null };
}

/** What others may take away. */
export const exportRoutes: readonly Route[] = [
  defineRoute({
    path: '/exports',
    says: 'The newest export: its files with sizes, rows and digests, when it was made and of what.',
    params: z.object({ limit: params.limit, cursor: params.cursor(FILE_POSITION) }),
    answer: ({ ExportsAnswer }) => ExportsAnswer,
    run: async ({ context, exports }, asked, next): Promise<ExportsAnswer> => {
      // schemas of its own, which no other answer needs
      const { readExportManifest } = await import('../../export/store.ts');
      const manifest = exports ? await readExportManifest(await exports.store()) : null;
      const downloads = exports?.downloads ?? false;
      const { files = [], ...facts } = manifest ?? {};
      const { items, cursor } = filesOf(files, toPaging(asked));
      return {
        export: manifest && (facts as Exclude<ExportsAnswer['export'], null>),
        files: items.map((file) => ({ ...file, url: downloads ? EXPORTS_PATH + file.path : null })),
        bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
        total: files.length,
        next: next(cursor),
        downloads,
        sample: context.sample,
      };
    },
    page: (answer) => renderExportsPage(answer),
    table: ({ files }, { ExportsAnswer }) => ({
      columns: Object.keys(ExportsAnswer.shape.files.element.shape),
      rows: files,
    }),
  }),
];
