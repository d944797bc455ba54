import { createTransport } from 'nodemailer';
import { isLoopback } from '../lib/loopback.ts';
import { type MailTransport, type NotSent, notSent } from './transport.ts';

/** How long a server may take to connect, to greet and to answer. */
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

/** Opens an SMTP server, `smtp://user:password@host:587` or `smtps://…`. A password is only sent encrypted, except on this machine. */
export function openSmtp(url: string): MailTransport {
  const { hostname, username } = new URL(url);
  const requireTLS = username !== '' && !isLoopback(`http://${hostname}`);
  const server = createTransport({ url, pool: true, maxConnections: 2, maxMessages: 1000, requireTLS, ...TIMEOUTS });
  return {
    async send({ from, to, raw }) {
      try {
        await server.sendMail({ envelope: { from: addressOf(from), to }, raw });
      } catch (error) {
        const outcome = outcomeOf(error);
        throw outcome === null ? error : notSent(outcome, error);
      }
    },
    close: () => server.close(),
  };
}

/** The address of a sender that may have a name: `paperkeep <digest@example.org>`. */
const addressOf = (sender: string): string => /<([^<>]+)>$/.exec(sender)?.[1] ?? sender;

/** What became of a message that was not sent; null where the server may have taken it. */
function outcomeOf(error: unknown): NotSent | null {
  const {
    command,
    responseCode = 0,
    code,
  } = Object(error) as { command?: string; responseCode?: number; code?: string };
  // the answer to the whole message: a refusal with a code is certain, a lost connection is not
  if (command === 'DATA') return responseCode >= 500 ? 'MAIL_REFUSED' : responseCode >= 400 ? 'MAIL_DEFERRED' : null;
  if (command === 'RCPT TO') return responseCode >= 500 ? 'MAIL_REFUSED' : 'MAIL_DEFERRED';
  return command !== undefined || /^E(?:DNS|CONNECTION|SOCKET|TLS|AUTH|TIMEDOUT|PROTOCOL)$/.test(code ?? '')
    ? 'MAIL_UNREACHABLE'
    : null;
}
