/** Everything AWS knows about recording: a queue of S3 events and partitions to replay, and a nightly look for what was missed. */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { addSeconds, systemClock } from '../../shared/kit/clock.ts';
import { readEnv } from '../../shared/kit/env.ts';
import { jsonLog } from '../../shared/kit/log.ts';
import { emfMetrics } from '../../shared/kit/metrics.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { makeRecorder } from '../../shared/record/job.ts';
import { openRecords } from '../../shared/record/open.ts';
import { Deployed, Settings } from '../../shared/settings.ts';
import { openSnapshots } from '../../shared/snapshot/open.ts';
import { readSnapshot } from '../../shared/snapshot/warc.ts';

const env = readEnv(Settings, process.env);
const { stage } = readEnv(Deployed, process.env);
const snapshots = await openSnapshots(env.archive);
const write = (line: string) => process.stdout.write(line);
const recorder = makeRecorder({
  snapshots,
  records: await openRecords(env.table),
  readers: parsers,
  read: (key) => readSnapshot(snapshots, key),
  log: jsonLog(write, systemClock),
  metrics: emfMetrics(stage, write, Date.now),
});

/** The nightly look goes through what was archived in this time: two nights, so that one may fail. */
const LOOK_BACK_SECONDS = 2 * 86_400;

/** Entry of the queue (partial batch response) and of the nightly schedule. */
export const handler = async (event: SQSEvent | { reconcile: true }): Promise<SQSBatchResponse> => {
  if ('reconcile' in event) {
    await recorder.reconcile(addSeconds(systemClock(), -LOOK_BACK_SECONDS));
    return { batchItemFailures: [] };
  }
  const failed = await recorder.recordMessages(event.Records.map(({ messageId, body }) => ({ id: messageId, body })));
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
};
