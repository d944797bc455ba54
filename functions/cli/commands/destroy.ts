import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { switchFlag, valueFlag } from '../flags.ts';
import { requireCheckout } from '../version.ts';

/** `destroy`: destroys the service and keeps archive and table. */
export const destroy = defineCommand({
  name: 'destroy',
  summary: 'In AWS: destroys schedules, functions, site and alarms. Archive and table stay. Needs a checkout.',
  examples: ['destroy', 'destroy --everything --confirm main --copy-to file:/mnt/backup/paperkeep'],
  flags: z.object({
    yes: switchFlag('destroy without asking'),
    everything: switchFlag('also remove the protection of archive and table; deletes neither'),
    confirm: valueFlag(z.string().optional(), '<stage>', 'with --everything: the name of the stage, without asking'),
    copyTo: valueFlag(
      z.string().optional(),
      '<url>',
      'with --everything: copy the archive to file:<folder> or s3://<bucket> first',
    ),
  }),
  run: async (context, flags) => {
    requireCheckout();
    const [{ createDeployDeps }, { destroy, formatDestroyReport }] = await Promise.all([
      import('../aws/deps.ts'),
      import('../aws/destroy.ts'),
    ]);
    const report = await destroy(createDeployDeps(context.log), flags);
    context.print(report, formatDestroyReport(report));
    return 0;
  },
});
