import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { type MailTransport, type NotSent, notSentError } from './transport.ts';

/** Errors of SES by what they say of a message. In the sandbox an address that is not verified is a `MessageRejected`. */
const OUTCOMES: Readonly<Record<string, NotSent>> = {
  MessageRejected: 'MAIL_REFUSED',
  BadRequestException: 'MAIL_REFUSED',
  TooManyRequestsException: 'MAIL_DEFERRED',
  LimitExceededException: 'MAIL_UNREACHABLE',
  AccountSuspendedException: 'MAIL_UNREACHABLE',
  SendingPausedException: 'MAIL_UNREACHABLE',
  MailFromDomainNotVerifiedException: 'MAIL_UNREACHABLE',
  NotFoundException: 'MAIL_UNREACHABLE',
  AccessDeniedException: 'MAIL_UNREACHABLE',
  CredentialsProviderError: 'MAIL_UNREACHABLE',
};

/** Opens Amazon SES in the region of the environment. */
export function openSes(client = new SESv2Client({})): MailTransport {
  return {
    async send({ from, to, raw }) {
      const command = new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        Content: { Raw: { Data: raw } },
      });
      try {
        await client.send(command);
      } catch (error) {
        const outcome = OUTCOMES[Object(error).name];
        throw outcome === undefined ? error : notSentError(outcome, error);
      }
    },
    close: () => client.destroy(),
  };
}
