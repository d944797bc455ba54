import pMap from 'p-map';
import { errorMessage, PaperkeepError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { addDays, type Day, type Deadline, dayOf } from '../lib/time.ts';
import type { QueryContext } from '../query/context.ts';
import type { TableStore } from '../table/store.ts';
import { subscriberId } from './address.ts';
import { composeMail } from './compose.ts';
import { openSigner } from './links.ts';
import { addExpectedUpvotes, type Gap, readWindow, WINDOW_DAYS, type Window } from './papers.ts';
import { findMatches, type Match, type Selected, type Selection, selectPapers, toMatches } from './selection.ts';
import {
  beginMessage,
  endMessage,
  forgetMessage,
  type History,
  listSubscriptions,
  putKnown,
  readHistory,
  readSubscription,
} from './store.ts';
import { type Follow, newestPeriod, type Subscription } from './subscription.ts';
import type { MailTransport } from './transport.ts';

/** Messages that are sent at once. */
const PARALLEL = 4;

/** What planning digests needs. */
export type PlanDeps = {
  readonly context: QueryContext;
  readonly subscriptions: TableStore;
  /** True where the clock of the context is not the true one: captures after its time do not count. */
  readonly isPast: boolean;
};

/** What sending digests needs. */
export type SendDeps = PlanDeps & {
  readonly transport: MailTransport;
  readonly from: string;
  /** The site's address. */
  readonly site: string;
  readonly log: Log;
  readonly deadline: Deadline;
};

/** The message that a subscriber is due. */
export type PlannedMessage = {
  readonly id: string;
  readonly subscription: Subscription;
  readonly period: string;
  readonly history: History;
  readonly selection: Selection;
  readonly gaps: readonly Gap[];
};

/** What came of sending: how many messages were sent, refused, put off until the next run, or perhaps sent. */
export type DigestReport = Readonly<Record<'sent' | 'refused' | 'deferred' | 'unconfirmed', number>>;

/** Returns the function that plans the message of a subscription; null where its hour has not come or nothing is new. */
export async function openPlanner(
  { context, subscriptions, isPast }: PlanDeps,
  all: readonly Subscription[],
): Promise<(subscription: Subscription) => Promise<PlannedMessage | null>> {
  const now = context.clock();
  const at = isPast ? now : null;
  const today = dayOf(now);
  const minimums = [...new Set(all.map(({ minUpvotes }) => minUpvotes))].filter((least) => least > 0);
  const range = { from: addDays(today, -WINDOW_DAYS), to: today };
  const read = await readWindow(context, range, at, minimums);
  const window = { ...read, papers: await addExpectedUpvotes(context, read.papers, at) };
  const find = shareMatches(window);
  return async (subscription) => {
    if (subscription.off !== null) return null;
    const id = subscriberId(subscription.address);
    const period = newestPeriod(subscription, now);
    const history = await readHistory(subscriptions, id);
    if (history.messages.some((message) => message.period === period)) return null;
    const selection = selectPapers(subscription, history, today, find);
    return { id, subscription, period, history, selection, gaps: gapsSince(window, history, subscription, today) };
  };
}

/** Finds the matches of each follow once, however many subscribers have it. */
function shareMatches(window: Window): (follow: Follow, minUpvotes: number) => readonly Match[] {
  const found = new Map<string, readonly Match[]>();
  return (follow, minUpvotes) => {
    const key = `${minUpvotes} ${follow}`;
    const matches = found.get(key) ?? findMatches(window, follow, minUpvotes);
    found.set(key, matches);
    return matches;
  };
}

/** The gaps since the last message; before the first one those of the days it goes back. */
function gapsSince({ gaps }: Window, { messages }: History, { cadence }: Subscription, today: Day): Gap[] {
  const last = messages
    .map(({ at }) => dayOf(at))
    .sort()
    .at(-1);
  const from = last ?? addDays(today, cadence === 'daily' ? -1 : -7);
  return gaps.filter(({ day }) => day >= from);
}

/**
 * Sends every message that is due. A marker is put before a message is sent, so that a period's message is never sent twice; where the
 * process ends before the delivery is confirmed, its papers come again with the next message.
 *
 * @throws PaperkeepError `MAIL_UNREACHABLE` when no mail can be sent; what was not sent is tried again by the next run.
 */
export async function sendDigests(deps: SendDeps): Promise<DigestReport> {
  const all = await listSubscriptions(deps.subscriptions);
  const report = { sent: 0, refused: 0, deferred: 0, unconfirmed: 0 };
  if (all.length === 0) return report;
  const plan = await openPlanner(deps, all);
  const sign = await openSigner(deps.subscriptions, deps.context.clock);
  let failure: unknown = null;
  const sendOne = async (subscription: Subscription): Promise<void> => {
    const planned = await plan(subscription);
    const outcome = planned && (await sendMessage(deps, planned, sign(planned.id)));
    if (outcome) report[outcome] += 1;
  };
  // what is under way is finished before an error is thrown
  const unlessOver = async (subscription: Subscription): Promise<void> => {
    if (failure !== null || deps.deadline() === 0) return;
    await sendOne(subscription).catch((error: unknown) => {
      failure ??= error;
    });
  };
  await pMap(all, unlessOver, { concurrency: PARALLEL });
  if (failure !== null) throw failure;
  return report;
}

/** Sends one message, and returns what came of it; null where there was nothing to send or another process sends it. */
async function sendMessage(deps: SendDeps, planned: PlannedMessage, token: string): Promise<keyof DigestReport | null> {
  const { subscriptions, log, transport } = deps;
  const { id, subscription, period, selection, history } = planned;
  for (const [condition, matches] of selection.known) await putKnown(subscriptions, id, condition, matches);
  if (selection.papers.length === 0) return null;
  const at = deps.context.clock();
  const { mail, count } = await composeMail(
    { from: deps.from, to: subscription.address, id, at },
    {
      selected: selection.papers,
      choices: subscription,
      period,
      gaps: planned.gaps,
      site: deps.site,
      token,
      sample: deps.context.sample,
    },
  );
  const included: Selected[] = selection.papers.slice(0, count);
  const message = { period, at, matches: toMatches(included.flatMap(({ reasons }) => reasons)) };
  if (!(await beginMessage(subscriptions, id, message))) return null;
  // a subscriber who left since the run began gets no mail
  if (!(await readSubscription(subscriptions, id))) {
    await forgetMessage(subscriptions, id, period);
    return null;
  }
  try {
    await transport.send(mail);
  } catch (error) {
    return afterFailure(deps, planned, message, error);
  }
  await endMessage(subscriptions, id, message, 'sent');
  log.info('mail sent', { subscriber: id, period, papers: count, bytes: mail.raw.length });
  await forgetOldMessages(subscriptions, id, history, dayOf(at));
  return 'sent';
}

async function afterFailure(
  { subscriptions, log }: SendDeps,
  { id, period }: PlannedMessage,
  message: Parameters<typeof endMessage>[2],
  error: unknown,
): Promise<keyof DigestReport> {
  const code = error instanceof PaperkeepError ? error.code : null;
  log.warn('mail not sent', { subscriber: id, period, why: code === null ? Object(error).code : errorMessage(error) });
  if (code === 'MAIL_REFUSED') {
    await endMessage(subscriptions, id, message, 'refused');
    return 'refused';
  }
  if (code === null) return 'unconfirmed';
  await forgetMessage(subscriptions, id, period);
  if (code === 'MAIL_DEFERRED') return 'deferred';
  throw error;
}

/** Forgets messages whose papers can no longer match. */
async function forgetOldMessages(table: TableStore, id: string, { messages }: History, today: Day): Promise<void> {
  const oldest = addDays(today, -2 * WINDOW_DAYS);
  for (const { at, period } of messages) if (dayOf(at) < oldest) await forgetMessage(table, id, period);
}
