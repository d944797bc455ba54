import { PaperkeepError } from '../../../shared/lib/errors.ts';
import { alarmPrefix } from '../../../shared/names.ts';
import type { Cloud, Subscriber } from './cloud.ts';

/** What the owner has to know of a deployment's alarms; null where these credentials may not read it. */
export type AlarmState = {
  /** The names of those that fire, each also that of an article in the runbook. */
  readonly alarms: readonly string[] | null;
  /** The addresses that have not confirmed their subscription, so that no alarm reaches them. */
  readonly unconfirmed: readonly string[] | null;
};

/** Reads which alarms of a deployment fire, and who has not confirmed their mail. `serviceStack` is null while it is destroyed. */
export async function readAlarmState(cloud: Cloud, stage: string, serviceStack: string | null): Promise<AlarmState> {
  const prefix = alarmPrefix(stage);
  const alarms = await nullIfForbidden(cloud.listFiringAlarms(prefix));
  const subscribers = serviceStack === null ? [] : await nullIfForbidden(listMailSubscribers(cloud, serviceStack));
  return {
    alarms: alarms?.map((name) => name.slice(prefix.length)) ?? null,
    unconfirmed: subscribers?.filter(({ isConfirmed }) => !isConfirmed).map(({ address }) => address) ?? null,
  };
}

/** The subscribers of a deployment's alarm mail. */
export async function listMailSubscribers(cloud: Cloud, serviceStack: string): Promise<Subscriber[]> {
  return (await listAlarmTopics(cloud, serviceStack)).flatMap(({ subscribers }) => subscribers);
}

/** The topics of a deployment that mail alarms, with their subscribers; not those that invoke a function: for reports of SES, for the pause. */
export async function listAlarmTopics(
  cloud: Cloud,
  serviceStack: string,
): Promise<{ readonly topic: string; readonly subscribers: readonly Subscriber[] }[]> {
  const topics = await cloud.listResources(serviceStack, 'AWS::SNS::Topic');
  const read = topics.map(async (topic) => ({ topic, subscribers: await cloud.listSubscribers(topic) }));
  const isFunction = ({ address }: Subscriber) => address.startsWith('arn:');
  return (await Promise.all(read)).filter(({ subscribers }) => !subscribers.some(isFunction));
}

const nullIfForbidden = <T>(request: Promise<T>): Promise<T | null> =>
  request.catch((error: unknown) => {
    if (error instanceof PaperkeepError && error.code === 'AWS_FORBIDDEN') return null;
    throw error;
  });

/** The lines of a report about alarms; empty when no alarm fires and every address has confirmed. */
export const formatAlarmState = ({ alarms, unconfirmed }: AlarmState): string[] => [
  ...(alarms === null ? ['alarms: unknown, since these credentials lack cloudwatch:DescribeAlarms'] : []),
  ...(alarms && alarms.length > 0 ? [`ALARMS firing: ${alarms.join(', ')}; see docs/aws/runbook.md`] : []),
  ...(unconfirmed === null ? ['alarm mail: unknown, since these credentials lack sns:ListSubscriptionsByTopic'] : []),
  ...(unconfirmed && unconfirmed.length > 0
    ? [
        `ALARM MAIL not confirmed by ${unconfirmed.join(', ')}: no alarm reaches them; \`npm run deploy\` mails the link again`,
      ]
    : []),
];
