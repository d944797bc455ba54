import * as z from 'zod';
import { asDay } from '../kit/clock.ts';
import { asSource, readKey, type Target } from '../model/target.ts';

/** What a message asks to be recorded: single snapshots, or a whole list partition (all its snapshots, then one fold). */
export type Work = { readonly keys: readonly string[]; readonly partitions: readonly Target[] };

const ObjectCreated = z.looseObject({
  Records: z.array(
    z.looseObject({ eventName: z.string(), s3: z.looseObject({ object: z.looseObject({ key: z.string() }) }) }),
  ),
});
const TestEvent = z.looseObject({ Event: z.literal('s3:TestEvent') });
const Partition = z.strictObject({ partition: z.strictObject({ source: z.string(), day: z.string() }) });

const NOTHING: Work = { keys: [], partitions: [] };

/**
 * Reads a message of the recording queue: an S3 event (its keys are form-encoded: `+` is a blank), S3's own test event (nothing to do),
 * or a partition to replay. Objects that are no snapshots are none of its business. Throws on anything else, so that it ends in the DLQ.
 */
export function readMessage(body: string): Work {
  const message: unknown = JSON.parse(body);
  if (TestEvent.safeParse(message).success) return NOTHING;
  const partition = Partition.safeParse(message);
  if (partition.success) {
    const source = asSource(partition.data.partition.source);
    const day = asDay(partition.data.partition.day);
    if (source && day) return { keys: [], partitions: [{ source, day }] };
  }
  const created = ObjectCreated.safeParse(message);
  if (!created.success) throw new TypeError(`not a message of the recording queue: ${body.slice(0, 200)}`);
  const keys = created.data.Records.map(({ s3 }) => decodeURIComponent(s3.object.key.replaceAll('+', ' ')));
  return { keys: keys.filter((key) => readKey(key) !== null), partitions: [] };
}

/** The message that asks for a partition to be recorded again. */
export const partitionMessage = ({ source, day }: Target): string => JSON.stringify({ partition: { source, day } });
