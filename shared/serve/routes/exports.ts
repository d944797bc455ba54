import * as z from 'zod';
import type { ExportsAnswer } from '../../query/answers/exports.ts';
import { exportsPage } from '../../render/exports.ts';
import { EXPORTS } from '../exports.ts';
import { type Route, route } from '../route.ts';

/** What others may take away. */
export const exports: readonly Route[] = [
  route({
    path: '/exports',
    says: 'The newest export: its files with sizes, rows and digests, when it was made and of what.',
    params: z.object({}),
    answer: ({ ExportsAnswer }) => ExportsAnswer,
    run: async ({ archive, exports }): Promise<ExportsAnswer> => {
      // schemas of its own, which no other answer needs
      const { readManifest } = await import('../../export/store.ts');
      const manifest = exports ? await readManifest(await exports.store()) : null;
      const downloads = exports?.downloads ?? false;
      const { files = [], ...facts } = manifest ?? {};
      return {
        export: manifest && (facts as Exclude<ExportsAnswer['export'], null>),
        files: files.map((file) => ({ ...file, url: downloads ? EXPORTS + file.path : null })),
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
