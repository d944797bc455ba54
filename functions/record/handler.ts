/** Everything AWS knows about recording: a queue of S3 events and partitions to replay, and a nightly look for what was missed. */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { openArchive } from '../../shared/archive/open.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { createFunctionOutput } from '../../shared/aws/output.ts';
import { parseEnv } from '../../shared/lib/env.ts';
import { systemClock } from '../../shared/lib/time.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { createQueueRecorder } from '../../shared/record/queue.ts';
import { FunctionSettings, Settings } from '../../shared/settings.ts';
import { openTable } from '../../shared/table/open.ts';

const env = parseEnv(Settings, process.env);
const { stage } = parseEnv(FunctionSettings, process.env);
const archive = await openArchive(env.archive);
const recorder = createQueueRecorder({
  archive,
  table: await openTable(env.table),
  parsers,
  read: (key) => readSnapshot(archive, key),
  ...createFunctionOutput(stage, process.stdout, systemClock, Date.now),
});

/** Entry of the queue (partial batch response) and of the nightly schedule. */
export const handler = async (event: SQSEvent | { reconcile: true }): Promise<SQSBatchResponse> => {
  if ('reconcile' in event) {
    await recorder.reconcileRecent(systemClock());
    return { batchItemFailures: [] };
  }
  const failed = await recorder.recordMessages(event.Records.map(({ messageId, body }) => ({ id: messageId, body })));
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
};
