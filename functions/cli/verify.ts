import { verify } from '../../shared/record/verify.ts';
import { rangeFlags } from './arguments.ts';
import { openHouse } from './context.ts';
import type { CliCommand } from './main.ts';

/** `verify`: every snapshot against the table, every row against the archive. */
export const verifyCommand: CliCommand = {
  usage: 'verify',
  says: 'Checks every snapshot (readable, digest right, recorded, row for row) and every row (has its snapshot); names only what is wrong.',
  example: 'verify --from 2025-01-01 --fix',
  options: [
    ['--from <day>', 'only targets from this day'],
    ['--to <day>', 'only targets to this day'],
    ['--fix', 'make the table say what the snapshots say'],
  ],
  async run(context, _args, options) {
    const range = rangeFlags(options);
    const house = await openHouse(context);
    const progress = context.progress('snapshots');
    // nobody may collect meanwhile: a row that comes in between would look as if it had no snapshot
    const lease = await house.lease();
    try {
      const report = await verify(house.reread, range, options.fix === true, (done, of) => progress.step(done, of));
      progress.stop();
      context.log.info(`${report.snapshots} snapshots and ${report.rows} rows checked`);
      context.say(report, report.findings.map(({ what, name, why }) => `${what} ${name}: ${why}`).join('\n'));
      const unmended = report.findings.filter(({ what }) => what === 'damaged' || !options.fix);
      return unmended.length > 0 ? 5 : 0;
    } finally {
      progress.stop();
      await lease.release();
      await house.close();
    }
  },
};
