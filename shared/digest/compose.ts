import MailComposer from 'nodemailer/lib/mail-composer';
import { type Instant, toMailDate } from '../lib/time.ts';
import { renderHtml } from './html.ts';
import { createMessageModel, type MessageParts } from './message.ts';
import { renderText } from './text.ts';

/** The most bytes of a message: Gmail cuts what is larger than about 102 kB, and with it the link to leave. */
const MAX_BYTES = 88_000;

/** A message as it is sent; `name` is the same for every attempt at it. */
export type Mail = { readonly name: string; readonly from: string; readonly to: string; readonly raw: Buffer };

/** The sender, the receiver and the time of a message. */
export type Envelope = { readonly from: string; readonly to: string; readonly id: string; readonly at: Instant };

/**
 * Composes a message with as many of its papers as fit.
 *
 * @returns The message, and the number of its papers.
 */
export async function composeMail(
  { from, to, id, at }: Envelope,
  parts: MessageParts,
): Promise<{ readonly mail: Mail; readonly count: number }> {
  const host = new URL(parts.site).hostname;
  for (let count = parts.selected.length; ; ) {
    const model = createMessageModel(parts, count);
    const raw = await new MailComposer({
      from,
      to,
      subject: model.subject,
      text: renderText(model),
      html: renderHtml(model),
      messageId: `<${parts.period}.${id.slice(0, 16)}@${host}>`,
      date: toMailDate(at),
      textEncoding: 'quoted-printable',
      headers: {
        'List-Unsubscribe': { prepared: true, value: `<${model.manage}>` },
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        'Auto-Submitted': 'auto-generated',
      },
      disableFileAccess: true,
      disableUrlAccess: true,
    })
      .compile()
      .build();
    if (raw.length <= MAX_BYTES || count === 0)
      return { mail: { name: `${parts.period}-${id}`, from, to, raw }, count };
    count = Math.min(count - 1, Math.floor((count * MAX_BYTES) / raw.length));
  }
}
