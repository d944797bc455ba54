import { type SendDeps, sendDigests } from '../../shared/digest/digest.ts';
import { putSubscription } from '../../shared/digest/store.ts';
import { Subscription } from '../../shared/digest/subscription.ts';
import { silentLog } from '../../shared/lib/log.ts';
import { addDays, addSeconds, type Day, startOfDay } from '../../shared/lib/time.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import { catalogOf } from '../support/catalog.ts';
import { countOperations, writeUnits } from './counting.ts';
import { type Figure, timed } from './measure.ts';
import { itemsOfDays } from './years.ts';

const LAST = '2026-07-29' as Day;
const SUBSCRIBERS = 10_000;
const MEGABYTE = 1024 * 1024;

/** A tenth follows everything, the others a phrase of their own or a keyword. */
const followOf = (at: number): string =>
  at % 10 === 0 ? 'all' : at % 2 === 0 ? `phrase:reading ${at}` : `keyword:topic-${at % 50}`;

/** A table with a count of its read and write units, by DynamoDB's rules. */
function openCounted() {
  const { table, takeOperations } = countOperations(openSqliteTable(':memory:'));
  const units = { read: 0, written: 0 };
  return {
    table,
    /** Adds what was done since the last call, and returns the sums. */
    count() {
      const { readUnits, written } = takeOperations();
      units.read += readUnits;
      units.written += written.reduce((sum, item) => sum + writeUnits(item), 0);
      return { ...units };
    },
  };
}

/** One run for 10,000 subscribers who are all due, with a mail server that takes no time; and the run an hour later. */
async function mailTo(who: string, followOf: (at: number) => string): Promise<Figure[]> {
  const papers = openCounted();
  const subscriptions = openCounted();
  await papers.table.putMany(itemsOfDays(addDays(LAST, -30), LAST));
  for (let at = 0; at < SUBSCRIBERS; at += 1) {
    const one = Subscription.parse({ address: `n${at}@example.org`, follow: [followOf(at)] });
    await putSubscription(subscriptions.table, one);
  }
  const clock = () => addSeconds(startOfDay(LAST), 9 * 3600);
  const catalog = catalogOf(papers.table, clock);
  await catalog();
  const sent = { messages: 0, bytes: 0, peak: 0 };
  const deps: SendDeps = {
    context: { table: papers.table, catalog, clock, sample: false },
    subscriptions: subscriptions.table,
    isPast: false,
    transport: {
      async send({ raw }) {
        sent.messages += 1;
        sent.bytes += raw.length;
        sent.peak = Math.max(sent.peak, process.memoryUsage().rss);
        subscriptions.count();
      },
      close() {},
    },
    from: 'digest@example.org',
    site: 'https://papers.example.org',
    log: silentLog,
    deadline: () => Number.POSITIVE_INFINITY,
  };
  const figure = async (name: string, limit: string): Promise<Figure> => {
    const [papersBefore, before, { messages, bytes }] = [papers.count(), subscriptions.count(), { ...sent }];
    const ms = await timed(() => sendDigests(deps));
    const [papersAfter, after] = [papers.count(), subscriptions.count()];
    const units = [
      `${papersAfter.read - papersBefore.read} read units of papers`,
      `${after.read - before.read} read and ${after.written - before.written} write units of subscriptions`,
    ];
    const memory = `${((sent.bytes - bytes) / MEGABYTE).toFixed(0)} MB, ${(sent.peak / MEGABYTE).toFixed(0)} MB of memory`;
    const against = [`${sent.messages - messages} messages`, memory, ...units].join(', ');
    return { name, value: `${(ms / 1000).toFixed(1)} s`, limit, against };
  };
  return [
    await figure(`mail to ${SUBSCRIBERS} subscribers, ${who}`, '≤ 300 s'),
    await figure('the same an hour later', '≤ 60 s'),
  ];
}

/** Mail to 10,000 subscribers: one in ten, or all, follow everything. */
export const benchDigest = async (): Promise<Figure[]> => [
  ...(await mailTo('one in ten following everything', followOf)),
  ...(await mailTo('all following everything', () => 'all')),
];
