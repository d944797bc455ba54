import * as z from 'zod';
import { openArchive } from '../../../shared/archive/open.ts';
import { formatCount } from '../../../shared/lib/format.ts';
import { verifyArchive } from '../../../shared/record/verify.ts';
import { defineCommand } from '../command.ts';
import { rangeFlags, switchFlag, toRange, valueFlag } from '../flags.ts';
import { openWorkspace } from '../workspace.ts';

/** `verify`: every snapshot against the table, every row against the archive. */
export const verify = defineCommand({
  name: 'verify',
  summary:
    'Checks that every snapshot is intact and recorded row for row, and that every row has its snapshot. Prints only problems.',
  examples: ['verify', 'verify --from 2025-01-01 --fix', 'verify --restore-from file:/mnt/backup/paperkeep'],
  flags: z.object({
    ...rangeFlags,
    fix: switchFlag('correct the table where it differs from the snapshots'),
    removeMany: switchFlag('allow --fix to remove more than 1 % of the rows, or whole months'),
    restoreFrom: valueFlag(
      z.string().optional(),
      '<archive>',
      'replace damaged and missing snapshots by those of this archive: file:<folder> or s3://<bucket>[/<prefix>]',
    ),
  }),
  run: async (context, { fix, removeMany, restoreFrom: other, ...days }) => {
    const restoreFrom = other === undefined ? null : await openArchive(other);
    const range = toRange(days);
    await using workspace = await openWorkspace(context);
    using progress = await context.progress('snapshots');
    const report = await verifyArchive(workspace.reread, { range, fix, removeMany, restoreFrom }, progress.step);
    progress.stop();
    context.log.info(
      `checked ${formatCount(report.snapshots, 'snapshot')} and ${formatCount(report.rows, 'row')} of the table`,
    );
    const lines = report.findings.map(({ what, name, why, fixed }) => {
      const end = fixed ? (what === 'damaged' ? ' (restored)' : ' (fixed)') : '';
      return `${what} ${name}: ${why}${end}`;
    });
    context.print(report, lines.join('\n'));
    return report.findings.every(({ fixed }) => fixed) ? 0 : 5;
  },
});
