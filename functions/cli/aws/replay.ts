import type { ListDay } from '../../../shared/model/list.ts';
import { createListDayMessage } from '../../../shared/record/messages.ts';
import type { Cloud } from './cloud.ts';

/** Asks the recorder of a deployment to read list days again, by its queue: ten years are under 10,000 messages, and a repeat does no harm. */
export const sendReplay = (cloud: Cloud, queueUrl: string, listDays: readonly ListDay[]): Promise<void> =>
  cloud.send(queueUrl, listDays.map(createListDayMessage));
