import * as z from 'zod';
import { type CopyReport, copyArchive } from '../../../shared/archive/copy.ts';
import { openArchive } from '../../../shared/archive/open.ts';
import { defineCommand } from '../command.ts';
import { usageError } from '../context.ts';
import { worstExitCode } from '../exit-codes.ts';
import { switchFlag, valueFlag } from '../flags.ts';

/** `copy`: an archive to another place, same keys and bytes. What is there already is left alone. */
export const copy = defineCommand({
  name: 'copy',
  summary:
    'Copies an archive to another place, with the same keys and bytes. If it is interrupted, run it again: it copies the rest.',
  examples: ['copy file:data/archive file:/mnt/backup/paperkeep', 'copy file:data/archive s3://my-bucket --check'],
  args: z.object({
    from: valueFlag(z.string(), 'from', 'file:<folder> or s3://<bucket>[/<prefix>]'),
    to: valueFlag(z.string(), 'to', 'file:<folder> or s3://<bucket>[/<prefix>]'),
  }),
  flags: z.object({ check: switchFlag('also compare the digests of what is there already') }),
  run: async (context, { from, to, check }) => {
    const [source, target] = [await openArchive(from), await openArchive(to)];
    if (source.url === target.url) throw usageError(`${source.url} is both source and target`, 'name another place');
    using progress = await context.progress('snapshots');
    const result = await copyArchive(source, target, progress.step, check);
    progress.stop();
    context.print(result, formatCopy(result, target.url, check));
    return worstExitCode([result.damaged.length > 0 ? 5 : 0, result.sample.length > 0 ? 4 : 0]);
  },
});

function formatCopy(
  { snapshots, copied, bytes, there, damaged, sample }: CopyReport,
  to: string,
  check: boolean,
): string {
  const compared = check || there === 0 ? '' : ', of which only the size was compared';
  return [
    `${copied} of ${snapshots} snapshots copied to ${to} (${(bytes / 1e6).toFixed(1)} MB), ${there} were there already${compared}`,
    ...damaged.map(({ key, where, why }) => `damaged in ${where}: ${why.startsWith(key) ? why : `${key}: ${why}`}`),
    ...sample.map((key) => `not copied: ${key} is of the sample, whose papers are invented`),
  ].join('\n');
}
