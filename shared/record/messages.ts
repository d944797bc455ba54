import * as z from 'zod';
import { type ListDay, parseListDay, parseSnapshotKey } from '../model/list.ts';

/** What a message asks to be recorded: single snapshots, or a whole list partition (all its snapshots, then one fold). */
export type RecordRequest = { readonly keys: readonly string[]; readonly partitions: readonly ListDay[] };

const ObjectCreated = z.looseObject({
  Records: z.array(
    z.looseObject({ eventName: z.string(), s3: z.looseObject({ object: z.looseObject({ key: z.string() }) }) }),
  ),
});
const TestEvent = z.looseObject({ Event: z.literal('s3:TestEvent') });
const Partition = z.strictObject({ partition: z.looseObject({}) });

const NOTHING: RecordRequest = { keys: [], partitions: [] };

/**
 * Reads a message of the recording queue: an S3 event (its keys are form-encoded: `+` is a blank), S3's own test event (nothing to do),
 * or a partition to replay. Objects that are not snapshots are ignored. Throws on anything else, so that it ends in the DLQ.
 */
export function parseQueueMessage(body: string): RecordRequest {
  const message: unknown = JSON.parse(body);
  if (TestEvent.safeParse(message).success) return NOTHING;
  const partition = Partition.safeParse(message);
  if (partition.success) {
    const listDay = parseListDay(partition.data.partition);
    if (listDay) return { keys: [], partitions: [listDay] };
  }
  const created = ObjectCreated.safeParse(message);
  if (!created.success) throw new TypeError(`not a message of the recording queue: ${body.slice(0, 200)}`);
  const keys = created.data.Records.map(({ s3 }) => decodeURIComponent(s3.object.key.replaceAll('+', ' ')));
  return { keys: keys.filter((key) => parseSnapshotKey(key) !== null), partitions: [] };
}

/**
 * Creates the queue message that asks the recorder to read one list and day again.
 * It keeps the spelling `source`, because the deployed recorder may be older than the program that sends it.
 */
export const createListDayMessage = ({ list, day }: ListDay): string =>
  JSON.stringify({ partition: { source: list, day } });
