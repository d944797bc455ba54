import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { parseAddress, subscriberId } from '../../../shared/digest/address.ts';
import { describeFollows } from '../../../shared/digest/message.ts';
import {
  listSubscriptions,
  putSubscription,
  readSubscription,
  removeSubscription,
} from '../../../shared/digest/store.ts';
import { choices, Subscription } from '../../../shared/digest/subscription.ts';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import { formatCount } from '../../../shared/lib/format.ts';
import { openTable } from '../../../shared/table/open.ts';
import type { TableStore } from '../../../shared/table/store.ts';
import { defineCommand } from '../command.ts';
import { type Context, usageError } from '../context.ts';
import { valueFlag } from '../flags.ts';
import { warnIfMailIsOff } from '../mail.ts';
import { formatTable } from '../output.ts';

const actions = ['list', 'add', 'remove', 'import'] as const;

/** `subscribers`: who gets mail. */
export const subscribers = defineCommand({
  name: 'subscribers',
  summary: 'Lists, adds and removes the addresses that get mail; `list --json` is the backup that `import` reads.',
  examples: [
    'subscribers add me@example.org --follow keyword:agents --min-upvotes 10 --zone Europe/Berlin',
    'subscribers list',
    'subscribers remove me@example.org',
  ],
  args: z.object({
    action: valueFlag(
      z.enum(actions, `must be one of ${actions.join(', ')}`).default('list'),
      'action',
      `${actions.join(', ')} (default: list)`,
    ),
    subject: valueFlag(z.string().optional(), 'subject', 'an address, or the file to import'),
  }),
  flags: z.object({
    cadence: valueFlag(choices.cadence, '<cadence>', 'daily or weekly (default: daily)'),
    follow: valueFlag(
      choices.follow,
      '<what>',
      'all, keyword:<slug>, phrase:<text>, author:<slug>, organization:<slug>, entered-trending or code-appeared; repeat it to follow more (default: all)',
    ),
    minUpvotes: valueFlag(choices.minUpvotes, '<number>', 'only papers with at least this many upvotes (default: 0)'),
    zone: valueFlag(choices.zone, '<zone>', 'time zone, such as Europe/Berlin (default: UTC)'),
    hour: valueFlag(choices.hour, '<hour>', 'hour of the day from which mail may come, 0 to 23 (default: 8)'),
  }),
  run: async (context, { action, subject, ...chosen }) => {
    const { settings } = context;
    if (action === 'list' && subject !== undefined) throw usageError('list takes no address', 'leave it out');
    const table = await openTable(settings.subscriptions);
    try {
      if (action === 'list') await list(context, table);
      else if (subject === undefined)
        throw usageError(
          `${action} needs ${action === 'import' ? 'a file' : 'an address'}`,
          'give it behind the action',
        );
      else if (action === 'add') await add(context, table, [{ address: toAddress(subject), ...chosen, off: null }]);
      else if (action === 'import') await add(context, table, await readBackup(subject));
      else await remove(context, table, toAddress(subject));
      return 0;
    } finally {
      await table.close();
    }
  },
});

async function list({ print }: Context, table: TableStore): Promise<void> {
  const found = (await listSubscriptions(table)).map((one) => ({ id: subscriberId(one.address), ...one }));
  const rows = formatTable(found, [
    'address',
    ['mail', ({ off, cadence }) => off ?? cadence],
    ['from', ({ hour, zone }) => `${hour}:00 ${zone}`],
    ['follows', describeFollows],
  ]);
  print({ subscribers: found }, found.length === 0 ? 'no subscribers' : rows);
}

async function add(context: Context, table: TableStore, subscriptions: readonly Subscription[]): Promise<void> {
  const outcome = { added: [] as string[], changed: [] as string[] };
  for (const one of subscriptions) {
    const isThere = (await readSubscription(table, subscriberId(one.address))) !== null;
    await putSubscription(table, one);
    outcome[isThere ? 'changed' : 'added'].push(one.address);
  }
  warnIfMailIsOff(context);
  const lines = Object.entries(outcome)
    .filter(([, addresses]) => addresses.length > 0)
    .map(([what, addresses]) => `${formatCount(addresses.length, 'subscriber')} ${what}`);
  context.print(outcome, lines.join(', ') || 'no subscribers');
}

async function remove({ print }: Context, table: TableStore, address: string): Promise<void> {
  if (!(await removeSubscription(table, subscriberId(address))))
    throw new PaperkeepError({ code: 'NOT_SUBSCRIBED', message: `${address} is not subscribed` });
  print({ removed: [address] }, '1 subscriber removed');
}

function toAddress(text: string): string {
  const address = parseAddress(text);
  if (address !== null) return address;
  throw usageError(
    `"${text.slice(0, 100)}" is not one mail address`,
    'give an address like me@example.org, with ASCII letters before the @',
  );
}

/** Reads what `subscribers list --json` printed. */
async function readBackup(file: string): Promise<Subscription[]> {
  const Backup = z.object({ subscribers: z.array(Subscription) });
  try {
    return Backup.parse(JSON.parse(await readFile(file, 'utf8'))).subscribers;
  } catch (error) {
    const [issue] = error instanceof z.ZodError ? error.issues : [];
    const why = issue ? `${issue.path.join('.')} ${issue.message}` : Object(error).message;
    throw usageError(
      `${file} is not a list of subscribers: ${why}`,
      'give a file that `subscribers list --json` wrote',
    );
  }
}
