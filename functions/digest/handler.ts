/** The digest function: run by the hourly schedule, and by SNS with what Amazon SES reports of messages. */
import { tmpdir } from 'node:os';
import type { Context } from 'aws-lambda';
import { lambdaDeadline } from '../../shared/aws/deadline.ts';
import { readSecret } from '../../shared/aws/ssm.ts';
import { openFetchedCatalogs } from '../../shared/catalog/fetch.ts';
import { sendDigests } from '../../shared/digest/digest.ts';
import { applyFeedback, parseFeedbackEvent } from '../../shared/digest/feedback.ts';
import { openTransport } from '../../shared/digest/open.ts';
import { parseEnv } from '../../shared/lib/env.ts';
import { createJsonLog } from '../../shared/lib/log.ts';
import { systemClock } from '../../shared/lib/time.ts';
import { FunctionSettings, Settings } from '../../shared/settings.ts';
import { openTable } from '../../shared/table/open.ts';

const { mailParameter } = parseEnv(FunctionSettings, process.env);
const secret = await readSecret(mailParameter);
const settings = parseEnv(Settings, { ...process.env, ...(secret && { PAPERKEEP_MAIL: secret }) });
const log = createJsonLog((line) => process.stdout.write(line), systemClock);
const table = await openTable(settings.table);
const subscriptions = await openTable(settings.subscriptions);
const reading = { table, clock: systemClock };
const catalogs = await openFetchedCatalogs(settings.derived, { ...reading, log, folder: tmpdir() });
const context = { ...reading, ...catalogs, sample: false };
/** Time reserved to finish the messages that are being sent. */
const RESERVE_MS = 45_000;

/** Sends the mail that is due, or switches off the subscriptions that SES reports. */
export const handler = async (event: unknown, run: Context) => {
  const reports = parseFeedbackEvent(event);
  for (const report of reports ?? []) await applyFeedback(subscriptions, report, log);
  if (reports || !settings.mail) return null;
  const transport = await openTransport(settings.mail.transport);
  try {
    const deadline = lambdaDeadline(run, RESERVE_MS);
    return await sendDigests({ context, subscriptions, isPast: false, ...settings.mail, transport, log, deadline });
  } finally {
    transport.close();
  }
};
