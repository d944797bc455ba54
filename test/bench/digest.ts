import { type SendDeps, sendDigests } from '../../shared/digest/digest.ts';
import { putSubscription } from '../../shared/digest/store.ts';
import { Subscription } from '../../shared/digest/subscription.ts';
import { silentLog } from '../../shared/lib/log.ts';
import { addDays, addSeconds, type Day, startOfDay } from '../../shared/lib/time.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import { catalogOf } from '../support/catalog.ts';
import { type Figure, timed } from './measure.ts';
import { itemsOfDays } from './years.ts';

const LAST = '2026-07-29' as Day;
const SUBSCRIBERS = 10_000;
const MEGABYTE = 1024 * 1024;

/** What each subscriber follows: a tenth everything, the others a phrase of their own or a keyword. */
const followOf = (at: number): string =>
  at % 10 === 0 ? 'all' : at % 2 === 0 ? `phrase:reading ${at}` : `keyword:topic-${at % 50}`;

/** One run for 10,000 subscribers, of which a tenth get everything, with a mail server that takes no time; and the run an hour later. */
export async function benchDigest(): Promise<Figure[]> {
  const table = openSqliteTable(':memory:');
  const subscriptions = openSqliteTable(':memory:');
  await table.putMany(itemsOfDays(addDays(LAST, -30), LAST));
  for (let at = 0; at < SUBSCRIBERS; at += 1)
    await putSubscription(subscriptions, Subscription.parse({ address: `n${at}@example.org`, follow: [followOf(at)] }));
  const clock = () => addSeconds(startOfDay(LAST), 9 * 3600);
  const sent = { messages: 0, bytes: 0, peak: 0 };
  const deps: SendDeps = {
    context: { table, catalog: catalogOf(table, clock), clock, sample: false },
    subscriptions,
    isPast: false,
    transport: {
      async send({ raw }) {
        sent.messages += 1;
        sent.bytes += raw.length;
        sent.peak = Math.max(sent.peak, process.memoryUsage().rss);
      },
      close() {},
    },
    from: 'digest@example.org',
    site: 'https://papers.example.org',
    log: silentLog,
    deadline: () => Number.POSITIVE_INFINITY,
  };
  const first = await timed(() => sendDigests(deps));
  const { messages, bytes, peak } = sent;
  const again = await timed(() => sendDigests(deps));
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return [
    {
      name: `mail to ${SUBSCRIBERS} subscribers`,
      value: seconds(first),
      limit: '≤ 300 s',
      against: `${messages} messages, ${(bytes / MEGABYTE).toFixed(0)} MB, ${(peak / MEGABYTE).toFixed(0)} MB of memory`,
    },
    {
      name: 'the same an hour later',
      value: seconds(again),
      limit: '≤ 60 s',
      against: `${sent.messages - messages} messages`,
    },
  ];
}
