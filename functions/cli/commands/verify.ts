import * as z from 'zod';
import { formatCount } from '../../../shared/lib/format.ts';
import { verifyArchive } from '../../../shared/record/verify.ts';
import { defineCommand } from '../command.ts';
import { rangeFlags, switchFlag, toRange } from '../flags.ts';
import { openWorkspace } from '../workspace.ts';

/** `verify`: every snapshot against the table, every row against the archive. */
export const verify = defineCommand({
  name: 'verify',
  summary:
    'Checks that every snapshot is intact and recorded row for row, and that every row has its snapshot. Prints only problems.',
  examples: ['verify', 'verify --from 2025-01-01 --fix'],
  flags: z.object({ ...rangeFlags, fix: switchFlag('correct the table where it differs from the snapshots') }),
  run: async (context, { fix, ...days }) => {
    const range = toRange(days);
    const workspace = await openWorkspace(context);
    const progress = await context.progress('snapshots');
    try {
      // only a repair must be alone: what others archive and record meanwhile does no harm to a check
      const lease = fix ? await workspace.lease() : null;
      try {
        const read = async (key: string) => {
          await lease?.renew();
          return workspace.reread.read(key);
        };
        const report = await verifyArchive({ ...workspace.reread, read }, range, fix, progress.step);
        progress.stop();
        context.log.info(
          `checked ${formatCount(report.snapshots, 'snapshot')} and ${formatCount(report.rows, 'row')} of the table`,
        );
        const lines = report.findings.map(
          ({ what, name, why }) => `${what} ${name}: ${why}${fix && what !== 'damaged' ? ' (fixed)' : ''}`,
        );
        context.print(report, lines.join('\n'));
        return report.findings.some(({ what }) => what === 'damaged' || !fix) ? 5 : 0;
      } finally {
        await lease?.release();
      }
    } finally {
      progress.stop();
      await workspace.close();
    }
  },
});
