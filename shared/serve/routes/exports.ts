import * as z from 'zod';
import type { ExportedFile, ExportsAnswer } from '../../query/answers/exports.ts';
import { asCursor, type Page, type Paging } from '../../query/page.ts';
import { exportsPage } from '../../render/exports.ts';
import { EXPORTS } from '../exports.ts';
import * as params from '../params.ts';
import { type Route, route } from '../route.ts';
import { pagingOf } from '../stretch.ts';

/** What a position looks like: the path of the file that was last. */
const FILE_POSITION = /^file (.+)$/;

/** One page of the files, which stand by path. */
function filesOf(files: readonly ExportedFile[], { limit, after }: Paging): Page<ExportedFile> {
  const [, behind = ''] = FILE_POSITION.exec(after ?? '') ?? [];
  const rest = files.filter(({ path }) => path > behind);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, cursor: last && rest.length > limit ? asCursor(`file ${last.path}`) : null };
}

/** What others may take away. */
export const exports: readonly Route[] = [
  route({
    path: '/exports',
    says: 'The newest export: its files with sizes, rows and digests, when it was made and of what.',
    params: z.object({ limit: params.limit, cursor: params.cursor(FILE_POSITION) }),
    answer: ({ ExportsAnswer }) => ExportsAnswer,
    run: async ({ archive, exports }, asked, next): Promise<ExportsAnswer> => {
      // schemas of its own, which no other answer needs
      const { readManifest } = await import('../../export/store.ts');
      const manifest = exports ? await readManifest(await exports.store()) : null;
      const downloads = exports?.downloads ?? false;
      const { files = [], ...facts } = manifest ?? {};
      const { items, cursor } = filesOf(files, pagingOf(asked));
      return {
        export: manifest && (facts as Exclude<ExportsAnswer['export'], null>),
        files: items.map((file) => ({ ...file, url: downloads ? EXPORTS + file.path : null })),
        bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
        total: files.length,
        next: next(cursor),
        downloads,
        sample: archive.sample,
      };
    },
    page: (answer) => exportsPage(answer),
    table: ({ files }, { ExportsAnswer }) => ({
      columns: Object.keys(ExportsAnswer.shape.files.element.shape),
      rows: files,
    }),
  }),
];
