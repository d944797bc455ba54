import { verifyArchive } from '../../../shared/record/verify.ts';
import { rangeFlags } from '../flags.ts';
import type { Run } from '../program.ts';
import { makeProgress } from '../progress.ts';
import { openWorkspace } from '../workspace.ts';

/** `verify`: every snapshot against the table, every row against the archive. */
export const runVerify: Run = async (context, _args, options) => {
  const range = rangeFlags(options);
  const fix = options.fix === true;
  const workspace = await openWorkspace(context);
  const progress = await makeProgress('snapshots', context.watched);
  try {
    // Nobody may collect meanwhile: a row that comes in between would look as if it had no snapshot.
    const lease = await workspace.lease();
    try {
      const read = async (key: string) => {
        await lease.renew();
        return workspace.reread.read(key);
      };
      const report = await verifyArchive({ ...workspace.reread, read }, range, fix, (done, of) =>
        progress.step(done, of),
      );
      progress.stop();
      context.log.info(`${report.snapshots} snapshots and ${report.rows} rows checked`);
      const lines = report.findings.map(({ what, name, why }) => {
        const mended = fix && what !== 'damaged' ? ' (mended)' : '';
        return `${what} ${name}: ${why}${mended}`;
      });
      context.say(report, lines.join('\n'));
      return report.findings.some(({ what }) => what === 'damaged' || !fix) ? 5 : 0;
    } finally {
      await lease.release();
    }
  } finally {
    progress.stop();
    await workspace.close();
  }
};
