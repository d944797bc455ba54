import * as z from 'zod';
import type { Log } from '../lib/log.ts';
import { bareAddress } from '../lib/mail-address.ts';
import type { TableStore } from '../table/store.ts';
import { parseAddress, subscriberId } from './address.ts';
import { putSubscription, readSubscription } from './store.ts';
import type { Subscription } from './subscription.ts';

const recipients = z.array(z.looseObject({ emailAddress: z.string() }));

/** What SES reports of a message, as its event destinations (`eventType`) and its notifications (`notificationType`) write it. */
const Feedback = z.looseObject({
  eventType: z.string().optional(),
  notificationType: z.string().optional(),
  bounce: z.looseObject({ bounceType: z.string(), bouncedRecipients: recipients }).optional(),
  complaint: z.looseObject({ complainedRecipients: recipients }).optional(),
});

/** A message from SNS to a function. */
const SnsEvent = z.looseObject({
  Records: z.array(z.looseObject({ EventSource: z.literal('aws:sns'), Sns: z.looseObject({ Message: z.string() }) })),
});

/** The reports of SES in an event; null for an event of another kind. */
export function parseFeedbackEvent(event: unknown): string[] | null {
  const parsed = SnsEvent.safeParse(event);
  return parsed.success ? parsed.data.Records.map(({ Sns }) => Sns.Message) : null;
}

/**
 * Switches the subscriptions off that a report of SES is about: an address that bounced for good, or whose owner called a message spam.
 * A passing bounce (a full mailbox) changes nothing.
 */
export async function applyFeedback(table: TableStore, message: string, log: Log): Promise<void> {
  // a sentence that SES publishes once, when it begins to use the topic
  if (!message.startsWith('{')) return;
  const { eventType, notificationType, bounce, complaint } = Feedback.parse(JSON.parse(message));
  const kind = eventType ?? notificationType;
  if (kind === 'Bounce' && bounce?.bounceType === 'Permanent')
    await switchOff(table, bounce.bouncedRecipients, 'bounced', log);
  if (kind === 'Complaint' && complaint) await switchOff(table, complaint.complainedRecipients, 'complained', log);
}

async function switchOff(
  table: TableStore,
  named: z.output<typeof recipients>,
  off: NonNullable<Subscription['off']>,
  log: Log,
): Promise<void> {
  for (const { emailAddress } of named) {
    const address = parseAddress(bareAddress(emailAddress));
    const subscription = address && (await readSubscription(table, subscriberId(address)));
    if (!subscription) continue;
    await putSubscription(table, { ...subscription, off });
    log.warn('subscription switched off', { subscriber: subscriberId(subscription.address), why: off });
  }
}
