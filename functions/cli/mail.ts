import { type DigestReport, type PlanDeps, sendDigests } from '../../shared/digest/digest.ts';
import { openTransport } from '../../shared/digest/open.ts';
import type { Log } from '../../shared/lib/log.ts';
import type { Deadline } from '../../shared/lib/time.ts';
import type { MailSettings } from '../../shared/settings.ts';
import type { Context } from './context.ts';

/** Warns where no mail will be sent, because a setting is missing. A deployment has settings of its own. */
export function warnIfMailIsOff({ settings, log, stage }: Pick<Context, 'settings' | 'log' | 'stage'>): void {
  if (!settings.mail && stage === null)
    log.warn('mail is off until PAPERKEEP_MAIL, PAPERKEEP_MAIL_FROM and PAPERKEEP_PUBLIC_URL are set');
}

/** Sends the mail that is due, by the transport of the settings. */
export async function sendDueMail(
  mail: MailSettings,
  deps: PlanDeps,
  log: Log,
  deadline: Deadline,
): Promise<DigestReport> {
  const transport = await openTransport(mail.transport);
  try {
    return await sendDigests({ ...deps, ...mail, transport, log, deadline });
  } finally {
    transport.close();
  }
}
