import type { Target } from '../../../shared/model/target.ts';
import { partitionMessage } from '../../../shared/record/messages.ts';
import type { Cloud } from './cloud.ts';

/** Asks the recorder of a deployment to read targets again, by its queue: ten years are under 10,000 messages, and a repeat does no harm. */
export const sendReplay = (cloud: Cloud, queueUrl: string, targets: readonly Target[]): Promise<void> =>
  cloud.send(queueUrl, targets.map(partitionMessage));
