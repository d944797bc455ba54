import * as z from 'zod';
import { openPlanner } from '../../../shared/digest/digest.ts';
import { describeMatch } from '../../../shared/digest/message.ts';
import { listSubscriptions } from '../../../shared/digest/store.ts';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import { formatCount } from '../../../shared/lib/format.ts';
import * as params from '../../../shared/query/parameters.ts';
import { openTable } from '../../../shared/table/open.ts';
import { defineCommand } from '../command.ts';
import { usageError } from '../context.ts';
import { switchFlag, valueFlag } from '../flags.ts';
import { sendDueMail, warnIfMailIsOff } from '../mail.ts';
import { openQueryContext } from '../query-context.ts';

/** `digest`: mail to everyone whose hour has come since their last message. */
export const digest = defineCommand({
  name: 'digest',
  summary: 'Mails new papers to the subscribers whose hour has come since their last message.',
  examples: ['digest', 'digest --dry-run'],
  flags: z.object({
    at: valueFlag(
      params.instant.optional(),
      '<time>',
      'pretend that it is this time; only with PAPERKEEP_MAIL=outbox:<folder>',
    ),
    dryRun: switchFlag('send nothing and say what would be sent'),
  }),
  run: async (command, { at, dryRun }) => {
    const { settings, log, print } = command;
    const { mail } = settings;
    if (at && !mail?.transport.startsWith('outbox:'))
      throw usageError(
        '--at sets the clock, but mail does not go to an outbox',
        'leave out --at, or set PAPERKEEP_MAIL to outbox:<folder>',
      );
    if (!mail && !dryRun) throw mailOffError();
    warnIfMailIsOff(command);
    await using opened = await openQueryContext(command);
    const subscriptions = await openTable(settings.subscriptions);
    const clock = at ? () => at : opened.context.clock;
    const deps = { context: { ...opened.context, clock }, subscriptions, isPast: at !== undefined };
    try {
      if (dryRun || !mail) {
        const planned = await planAll(deps);
        const lines = planned.flatMap(({ subscriber, period, papers }) => [
          `${subscriber}, ${period}: ${formatCount(papers.length, 'paper')}`,
          ...papers.map(({ id, title, why }) => `  ${id} ${title} (${why.join('; ')})`),
        ]);
        print({ messages: planned }, lines.length === 0 ? 'no message would be sent' : lines.join('\n'));
        return 0;
      }
      const report = await sendDueMail(mail, deps, log, () => Number.POSITIVE_INFINITY);
      const { sent, ...others } = report;
      const failed = Object.entries(others).filter(([, count]) => count > 0);
      print(
        report,
        [`${formatCount(sent, 'message')} sent`, ...failed.map(([what, count]) => `${count} ${what}`)].join(', '),
      );
      return failed.length > 0 ? 1 : 0;
    } finally {
      await subscriptions.close();
    }
  },
});

/** The error for sending mail before it is set up. */
const mailOffError = (): PaperkeepError =>
  new PaperkeepError({
    code: 'MAIL_OFF',
    message: 'mail is off',
    hint: 'set PAPERKEEP_MAIL, PAPERKEEP_MAIL_FROM and PAPERKEEP_PUBLIC_URL',
  });

async function planAll(deps: Parameters<typeof openPlanner>[0]) {
  const all = await listSubscriptions(deps.subscriptions);
  const plan = await openPlanner(deps, all);
  const messages = [];
  for (const subscription of all) {
    const planned = await plan(subscription);
    if (!planned || planned.selection.papers.length === 0) continue;
    messages.push({
      subscriber: planned.id,
      period: planned.period,
      papers: planned.selection.papers.map(({ paper, reasons, possiblyRepeated }) => ({
        id: paper.id,
        title: paper.content.title,
        why: reasons.map((reason) => describeMatch(reason, subscription.minUpvotes)),
        possiblyRepeated,
      })),
    });
  }
  return messages;
}
