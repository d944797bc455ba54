import { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import { isLoopback } from '../lib/loopback.ts';
import { bareAddress } from '../lib/mail-address.ts';
import { type MailTransport, type NotSent, notSentError } from './transport.ts';

/** How long a server may take to connect, to greet and to answer. */
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

/**
 * Opens an SMTP server, `smtp://user:password@host:587` or `smtps://…`. A password is only sent encrypted, except on this machine.
 */
export function openSmtp(url: string): MailTransport {
  const { hostname, username } = new URL(url);
  const requireTLS = username !== '' && !isLoopback(`http://${hostname}`);
  // a message that is queued again after a lost connection may arrive twice
  const server = createTransport({ url, pool: true, maxConnections: 2, maxRequeues: 0, requireTLS, ...TIMEOUTS });
  return {
    async send({ from, to, raw }) {
      let isUnderWay = false;
      // read once a connection is ready for the message
      const message = Readable.from(
        (function* () {
          isUnderWay = true;
          yield raw;
        })(),
      );
      try {
        await server.sendMail({ envelope: { from: bareAddress(from), to }, raw: message });
      } catch (error) {
        const outcome = outcomeOf(error, isUnderWay);
        throw outcome === null ? error : notSentError(outcome, error);
      }
    },
    close: () => server.close(),
  };
}

/** What became of a message that was not sent; null where the connection was lost and the server may have it. */
function outcomeOf(error: unknown, isUnderWay: boolean): NotSent | null {
  const { command, responseCode } = Object(error) as { command?: string; responseCode?: number };
  if (responseCode === undefined) return isUnderWay ? null : 'MAIL_UNREACHABLE';
  if (command !== 'RCPT TO' && command !== 'DATA') return 'MAIL_UNREACHABLE';
  return responseCode >= 500 ? 'MAIL_REFUSED' : 'MAIL_DEFERRED';
}
