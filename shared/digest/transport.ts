import { PaperkeepError } from '../lib/errors.ts';
import type { Mail } from './compose.ts';

/** A way to send mail. */
export type MailTransport = {
  /**
   * Sends a message.
   *
   * @throws PaperkeepError `MAIL_REFUSED`: the address is refused for good; `MAIL_DEFERRED`: this message was not sent, and a later
   * attempt may do better; `MAIL_UNREACHABLE`: no message can be sent now. After any other error it is not known whether it was sent.
   */
  send(mail: Mail): Promise<void>;
  close(): void;
};

/** What a transport's error says of a message that was not sent. */
export type NotSent = 'MAIL_REFUSED' | 'MAIL_DEFERRED' | 'MAIL_UNREACHABLE';

/** The error for a message that was certainly not sent. The server's words are left out of it, since they hold the address. */
export const notSentError = (code: NotSent, cause: unknown): PaperkeepError => {
  const { code: kind = Object(cause).name, responseCode } = Object(cause);
  return new PaperkeepError({
    code,
    message: {
      MAIL_REFUSED: `the address is refused (${responseCode ?? kind})`,
      MAIL_DEFERRED: `the message was not taken for now (${responseCode ?? kind})`,
      MAIL_UNREACHABLE: `no mail can be sent (${kind}${responseCode ? ` ${responseCode}` : ''})`,
    }[code],
    hint:
      code === 'MAIL_UNREACHABLE' ? 'check PAPERKEEP_MAIL and PAPERKEEP_MAIL_FROM; it is tried again every hour' : '',
    cause,
  });
};
