import { describe, expect, it } from 'vitest';
import { subscriberId } from '../../shared/digest/address.ts';
import { applyFeedback, parseFeedbackEvent } from '../../shared/digest/feedback.ts';
import { putSubscription, readSubscription } from '../../shared/digest/store.ts';
import { Subscription } from '../../shared/digest/subscription.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';

const bounce = (type: string, to: string, kind = 'eventType') => ({
  [kind]: 'Bounce',
  bounce: { bounceType: type, bounceSubType: 'General', bouncedRecipients: [{ emailAddress: to, action: 'failed' }] },
  mail: { destination: [to], messageId: '1' },
});
const complaint = (to: string) => ({
  eventType: 'Complaint',
  complaint: { complainedRecipients: [{ emailAddress: to }], complaintFeedbackType: 'abuse' },
});
const snsEvent = (...messages: (object | string)[]) => ({
  Records: messages.map((message) => ({
    EventSource: 'aws:sns',
    EventVersion: '1.0',
    Sns: {
      Type: 'Notification',
      MessageId: '2',
      Message: typeof message === 'string' ? message : JSON.stringify(message),
    },
  })),
});

describe('A report of SES', () => {
  async function afterReports(...messages: (object | string)[]) {
    const table = openSqliteTable(':memory:');
    const lines: string[] = [];
    const write = (event: string, facts: object = {}) => lines.push(`${event} ${JSON.stringify(facts)}`);
    for (const address of ['me@example.org', 'you@example.org'])
      await putSubscription(table, Subscription.parse({ address }));
    for (const message of parseFeedbackEvent(snsEvent(...messages)) ?? [])
      await applyFeedback(table, message, { info: write, warn: write });
    const off = async (address: string) => (await readSubscription(table, subscriberId(address)))?.off;
    return { off: [await off('me@example.org'), await off('you@example.org')], lines };
  }

  it.each([
    ['an address that bounced for good', bounce('Permanent', 'me@example.org'), 'bounced'],
    ['the same as an older notification', bounce('Permanent', 'Me <ME@example.org>', 'notificationType'), 'bounced'],
    ['a complaint', complaint('me@example.org'), 'complained'],
  ])('on %s switches that subscription off and no other, and logs no address', async (_, message, off) => {
    const { off: states, lines } = await afterReports(message);
    expect(states).toEqual([off, null]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('example.org');
  });

  it.each([
    ['a full mailbox', bounce('Transient', 'me@example.org')],
    ['a new topic', 'Successfully validated SNS topic for Amazon SES event publishing.'],
    ['an address that is not subscribed', bounce('Permanent', 'no@example.org')],
    ['a delivery', { eventType: 'Delivery' }],
  ])('on %s changes nothing', async (_, message) => {
    expect(await afterReports(message)).toEqual({ off: [null, null], lines: [] });
  });

  it('is distinguished from the event of a schedule', () => {
    for (const event of [
      {},
      null,
      { Records: [] as object[], source: 'aws.scheduler' },
      { Records: [{ eventSource: 'aws:sqs' }] },
    ])
      expect(parseFeedbackEvent(event) ?? []).toEqual([]);
  });
});
