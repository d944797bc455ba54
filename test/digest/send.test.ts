import { describe, expect, it } from 'vitest';
import { subscriberId } from '../../shared/digest/address.ts';
import type { Mail } from '../../shared/digest/compose.ts';
import { type SendDeps, sendDigests } from '../../shared/digest/digest.ts';
import { listSubscriptions, putSubscription, readHistory, removeSubscription } from '../../shared/digest/store.ts';
import { Subscription } from '../../shared/digest/subscription.ts';
import { notSentError } from '../../shared/digest/transport.ts';
import { silentLog } from '../../shared/lib/log.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import type { TableStore } from '../../shared/table/store.ts';
import { anArchive, papers, seen } from '../query/archive.ts';
import { instant } from '../support/build.ts';

const DAYS = ['2025-01-08', '2025-01-09', '2025-01-10'];
const archive = () =>
  anArchive(
    DAYS.flatMap((day, at) => [
      seen(`daily ${day}`, `${day}T06:00:00Z`, papers([at * 2 + 1], [at * 2 + 2])),
      seen(`daily ${day}`, `${day}T07:00:00Z`, papers([at * 2 + 1], [at * 2 + 2])),
    ]),
  );
const ids = (...numbers: number[]) => numbers.map((number) => `2501.0000${number}`);

/** A run that is killed at its n-th step: a request to the subscriptions or to the mail server, carried out or not. */
class Killed extends Error {}
function killer(at: number, isCarriedOut: boolean) {
  let left = at;
  return async <T>(step: () => Promise<T>): Promise<T> => {
    if (left === 0 && isCarriedOut) await step();
    if (left-- <= 0) throw new Killed();
    return step();
  };
}
type Step = ReturnType<typeof killer>;
const unkilled: Step = (step) => step();
const stepwise = (table: TableStore, step: Step): TableStore => ({
  ...table,
  get: (...args) => step(() => table.get(...args)),
  range: (...args) => step(() => table.range(...args)),
  put: (...args) => step(() => table.put(...args)),
  delete: (...args) => step(() => table.delete(...args)),
});

/** A mailbox, and runs that send to it. */
async function aMailbox(...addresses: string[]) {
  const context = await archive();
  const subscriptions = openSqliteTable(':memory:');
  for (const address of addresses) await putSubscription(subscriptions, Subscription.parse({ address }));
  const received: Mail[] = [];
  const run = (now: string, { step = unkilled, fail = (_: Mail): Error | null => null, log = silentLog } = {}) => {
    const deps: SendDeps = {
      context: { ...context, clock: () => instant(now) },
      subscriptions: stepwise(subscriptions, step),
      isPast: true,
      transport: {
        async send(mail) {
          const error = fail(mail);
          if (error) throw error;
          await step(async () => received.push(mail));
        },
        close() {},
      },
      from: 'paperkeep <digest@example.org>',
      site: 'https://papers.example.org',
      log,
      deadline: () => 1000,
    };
    return sendDigests(deps);
  };
  return { run, received, subscriptions };
}

const textOf = ({ raw }: Mail): string => raw.toString().replaceAll('=\n', '').replaceAll('=\r\n', '');
const papersIn = (mail: Mail): string[] => [...new Set(textOf(mail).match(/2501\.\d{5}/g))].sort();
/** The papers that a message marks as possibly repeated. */
const repeatedIn = (mail: Mail): string[] =>
  [...textOf(mail).matchAll(/paper (2501\.\d{5}) is called \[possibly repeated\]/g)]
    .map(([, id]) => id as string)
    .sort();

describe('A run that sends mail', () => {
  it('sends each subscriber one message in a period, with what is new', async () => {
    const { run, received } = await aMailbox('me@example.org', 'you@example.org');
    expect(await run('2025-01-08T08:00:00Z')).toMatchObject({ sent: 2 });
    expect(await run('2025-01-08T20:00:00Z')).toMatchObject({ sent: 0 });
    expect(await run('2025-01-09T08:00:00Z')).toMatchObject({ sent: 2 });
    const mine = received.filter(({ to }) => to === 'me@example.org').map(papersIn);
    expect(mine).toEqual([ids(1, 2), ids(3, 4)]);
  });

  it('sends nothing when nothing is new, and sends later that day once something is', async () => {
    const { run, received } = await aMailbox('me@example.org');
    expect(await run('2025-01-07T12:00:00Z')).toMatchObject({ sent: 0 });
    await run('2025-01-08T05:00:00Z');
    expect(received).toEqual([]);
    await run('2025-01-08T06:30:00Z');
    expect(received.map(papersIn)).toEqual([ids(1, 2)]);
  });

  it('goes on after a refused address, and sends its papers with the next message without a mark', async () => {
    const { run, received } = await aMailbox('bad@example.org', 'me@example.org');
    const refuse = ({ to }: Mail) =>
      to === 'bad@example.org' ? notSentError('MAIL_REFUSED', { responseCode: 550 }) : null;
    expect(await run('2025-01-08T08:00:00Z', { fail: refuse })).toMatchObject({ sent: 1, refused: 1 });
    expect(await run('2025-01-08T09:00:00Z')).toMatchObject({ sent: 0, refused: 0 });
    await run('2025-01-09T08:00:00Z');
    const second = received.findLast(({ to }) => to === 'bad@example.org') as Mail;
    expect(papersIn(second)).toEqual(ids(1, 2, 3, 4));
    expect(repeatedIn(second)).toEqual([]);
  });

  it('tries a message that was put off again an hour later', async () => {
    const { run, received } = await aMailbox('me@example.org');
    const putOff = () => notSentError('MAIL_DEFERRED', { responseCode: 451 });
    expect(await run('2025-01-08T08:00:00Z', { fail: putOff })).toMatchObject({ sent: 0, deferred: 1 });
    expect(await run('2025-01-08T09:00:00Z')).toMatchObject({ sent: 1 });
    expect(received.map(papersIn)).toEqual([ids(1, 2)]);
  });

  it('stops when no mail can be sent, and sends everything an hour later', async () => {
    const { run, received } = await aMailbox(...Array.from({ length: 9 }, (_, n) => `n${n}@example.org`));
    let asked = 0;
    const fail = () => {
      asked += 1;
      return notSentError('MAIL_UNREACHABLE', { code: 'ECONNECTION' });
    };
    await expect(run('2025-01-08T08:00:00Z', { fail })).rejects.toMatchObject({ code: 'MAIL_UNREACHABLE' });
    expect(asked).toBeLessThanOrEqual(4);
    expect(await run('2025-01-08T09:00:00Z')).toMatchObject({ sent: 9 });
    expect(received.length).toBe(9);
  });

  it('sends nothing to a subscription that is switched off or was removed during the run', async () => {
    const { run, received, subscriptions } = await aMailbox('me@example.org', 'off@example.org');
    const off = Subscription.parse({ address: 'off@example.org', off: 'bounced' });
    await putSubscription(subscriptions, off);
    const leave: Step = async (step) => {
      await removeSubscription(subscriptions, subscriberId('me@example.org'));
      return step();
    };
    let steps = 0;
    await run('2025-01-08T08:00:00Z', { step: (step) => (++steps === 4 ? leave(step) : step()) });
    expect(received).toEqual([]);
    expect(await listSubscriptions(subscriptions)).toEqual([off]);
    expect(await readHistory(subscriptions, subscriberId('me@example.org'))).toMatchObject({ messages: [] });
  });

  it('writes no address into the log', async () => {
    const { run } = await aMailbox('me@example.org', 'bad@example.org');
    const lines: string[] = [];
    const write = (event: string, facts: object = {}) => lines.push(`${event} ${JSON.stringify(facts)}`);
    const fail = ({ to }: Mail) =>
      to === 'bad@example.org' ? notSentError('MAIL_REFUSED', new Error(`no ${to}`)) : null;
    await run('2025-01-08T08:00:00Z', { fail, log: { info: write, warn: write } });
    expect(lines).toHaveLength(2);
    expect(lines.join('\n')).not.toContain('example.org');
  });
});

describe('A run that is killed', () => {
  const steps = Array.from({ length: 9 }, (_, at) => [
    { at, isCarriedOut: true },
    { at, isCarriedOut: false },
  ]).flat();

  it.each(steps)(
    'at step $at (carried out: $isCarriedOut) sends no message of a period twice, loses no paper, and marks what may be repeated',
    async ({ at, isCarriedOut }) => {
      const { run, received } = await aMailbox('me@example.org');
      const killed = await run('2025-01-08T08:00:00Z', { step: killer(at, isCarriedOut) }).catch((error) => error);
      await run('2025-01-08T09:00:00Z');
      await run('2025-01-09T08:00:00Z');
      await run('2025-01-10T08:00:00Z');
      const names = received.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect([...new Set(received.flatMap(papersIn))].sort()).toEqual(ids(1, 2, 3, 4, 5, 6));
      const seenBefore = new Set<string>();
      for (const mail of received) {
        const again = papersIn(mail).filter((id) => seenBefore.has(id));
        // a paper that comes a second time is marked
        expect(repeatedIn(mail)).toEqual(expect.arrayContaining(again));
        for (const id of papersIn(mail)) seenBefore.add(id);
      }
      expect(received.flatMap(papersIn).length).toBeLessThanOrEqual(8);
      if (at < 8) expect(killed instanceof Killed || received.length > 0).toBe(true);
    },
  );

  it('says in the next message how many papers may be repeated', async () => {
    const { run, received } = await aMailbox('me@example.org');
    // the server took the message, and the connection was lost before its answer
    const fail = (mail: Mail) => {
      received.push(mail);
      return new Error('read ECONNRESET');
    };
    expect(await run('2025-01-08T08:00:00Z', { fail })).toMatchObject({ unconfirmed: 1 });
    expect(await run('2025-01-08T09:00:00Z')).toMatchObject({ sent: 0 });
    await run('2025-01-09T08:00:00Z');
    const [, second] = received as [Mail, Mail];
    expect(papersIn(second)).toEqual(ids(1, 2, 3, 4));
    expect(repeatedIn(second)).toEqual(ids(1, 2));
    expect(textOf(second)).toContain('2 papers may have been in an earlier message, whose delivery was not confirmed.');
  });
});
