import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as z from 'zod';
import { verifyToken } from '../digest/links.ts';
import { putSubscription, readSubscription, removeSubscription } from '../digest/store.ts';
import { type Choices, choices, type Subscription } from '../digest/subscription.ts';
import { type InvalidParameter, InvalidParametersError, NotFoundError } from '../query/errors.ts';
import type { TableStore } from '../table/store.ts';
import { renderSubscriptionPage } from './pages/subscription.ts';
import { HttpProblem } from './problem.ts';

/** The most bytes of a form: 50 follows of 300 letters of three bytes, encoded. */
const MAX_FORM_BYTES = 150_000;

/**
 * The pages behind the links of messages. A GET only shows, since programs that check mail follow links; a POST acts. The token in the
 * link is all it takes: no session and no other token, as one-click leaving (RFC 8058) demands.
 */
export function addSubscriptionRoutes(app: Hono, open: () => Promise<TableStore>, sample: boolean): void {
  const path = '/subscriptions/:token';
  // the link alone is enough to act: no search engine may list it, and no cache may keep it
  const headers = { 'cache-control': 'no-store', 'x-robots-tag': 'noindex' };
  const respond = (c: Context, subscription: Choices | null, notice: string | null) =>
    c.html(renderSubscriptionPage(subscription, notice, sample), 200, headers);
  const idOf = async (c: Context, table: TableStore): Promise<string> => {
    const id = await verifyToken(table, c.req.param('token') ?? '');
    if (id !== null) return id;
    throw new NotFoundError(
      'NO_SUBSCRIPTION',
      'this link does not belong to a subscription: use one of a newer message',
    );
  };

  app.get(path, async (c) => {
    const table = await open();
    const subscription = await readSubscription(table, await idOf(c, table));
    if (!new URL(c.req.url).pathname.endsWith('.json')) return respond(c, subscription, null);
    const { address: _, ...shown } = subscription ?? { address: '' };
    return c.json({ subscribed: subscription !== null, ...shown, sample }, 200, headers);
  });

  app.post(path, bodyLimit({ maxSize: MAX_FORM_BYTES, onError: refuseLargeForm }), async (c) => {
    const table = await open();
    const id = await idOf(c, table);
    const form: Form = await c.req.parseBody({ all: true }).catch(() => ({}));
    if (form.action === 'leave' || form['List-Unsubscribe'] === 'One-Click') {
      await removeSubscription(table, id);
      return respond(c, null, 'The subscription has ended.');
    }
    if (form.action !== 'change')
      throw new InvalidParametersError([{ parameter: 'action', detail: 'must be change or leave' }]);
    const subscription = await readSubscription(table, id);
    if (!subscription) throw new NotFoundError('NO_SUBSCRIPTION', 'this subscription has ended');
    const changed = changeChoices(subscription, form);
    await putSubscription(table, changed);
    return respond(c, changed, 'Saved.');
  });
}

type Form = Readonly<Record<string, unknown>>;

function refuseLargeForm(): never {
  throw new HttpProblem(400, 'Too large', `a form has at most ${MAX_FORM_BYTES} bytes`);
}

/**
 * A subscription with the choices of a form; those that it lacks are kept.
 *
 * @throws {InvalidParametersError} naming everything that is wrong
 */
function changeChoices(subscription: Subscription, form: Form): Subscription {
  const { follow, ...given } = form;
  const lines = [follow ?? subscription.follow].flat().flatMap((text) => String(text).split(/\r?\n/));
  const read = z.object(choices).safeParse({
    ...subscription,
    ...given,
    follow: lines.map((line) => line.trim()).filter((line) => line !== ''),
  });
  if (read.success) return { ...subscription, ...read.data };
  const errors = read.error.issues.map(
    ({ path: [parameter], message }): InvalidParameter => ({ parameter: String(parameter), detail: message }),
  );
  throw new InvalidParametersError(errors);
}
