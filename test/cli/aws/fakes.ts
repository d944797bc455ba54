import type { Cloud, QueueMessage, Stack } from '../../../functions/cli/aws/cloud.ts';
import type { Operator, SiteReply } from '../../../functions/cli/aws/operator.ts';
import { createMemoryArchive, type MemoryArchive } from '../../support/snapshots.ts';

/** AWS as far as operating sees it, in memory: what is there, and what was done to it. */
export type FakeCloud = Cloud & {
  readonly stacks: Map<string, Stack>;
  readonly queues: Map<string, QueueMessage[]>;
  /** Schedules, on or off. */
  readonly schedules: Map<string, boolean>;
  readonly mailed: { address: string; isConfirmed: boolean }[];
  bootstrapped: number | null;
  limit: number;
  /** Whether the roles that deploy may be taken on. */
  allowed: boolean;
  /** What changed something, in order: `invoke collect-fn`. */
  readonly done: string[];
};

/** The stacks of a stage that is deployed. */
export const deployed = (stage = 'main'): Stack[] => [
  {
    name: `paperkeep-${stage}-data`,
    status: 'CREATE_COMPLETE',
    isProtected: true,
    outputs: {
      ArchiveUrl: 's3://bucket-of-snapshots',
      TableUrl: 'dynamodb:table-of-records',
      QueueUrl: 'https://sqs/queue',
      DeadLettersUrl: 'https://sqs/dead',
    },
  },
  {
    name: `paperkeep-${stage}-app`,
    status: 'UPDATE_COMPLETE',
    isProtected: false,
    outputs: {
      Url: 'https://site.example',
      CollectFunction: 'collect-fn',
      ExportFunction: 'export-fn',
      DerivedUrl: 's3://bucket-of-derived',
      LostRunsUrl: 'https://sqs/lost',
    },
  },
];

export function fakeCloud(stacks: readonly Stack[] = []): FakeCloud {
  const queueOf = (url: string): QueueMessage[] => {
    const queue = cloud.queues.get(url) ?? [];
    cloud.queues.set(url, queue);
    return queue;
  };
  const cloud: FakeCloud = {
    region: 'eu-central-1',
    stacks: new Map(stacks.map((stack) => [stack.name, stack])),
    queues: new Map(),
    schedules: new Map([
      ['hourly', true],
      ['nightly', true],
    ]),
    mailed: [{ address: 'owner@example.org', isConfirmed: true }],
    bootstrapped: 33,
    limit: 1000,
    allowed: true,
    done: [],
    identity: async () => ({ account: '123456789012', arn: 'arn:aws:iam::123456789012:user/owner' }),
    bootstrapVersion: async () => cloud.bootstrapped,
    mayDeploy: async () => cloud.allowed,
    concurrency: async () => cloud.limit,
    stack: async (name) => cloud.stacks.get(name) ?? null,
    async unprotectStack(name) {
      cloud.done.push(`unprotect ${name}`);
      const stack = cloud.stacks.get(name);
      if (stack) cloud.stacks.set(name, { ...stack, isProtected: false });
    },
    async resources(_, type) {
      if (type === 'AWS::S3::Bucket') return ['bucket-of-derived'];
      return type === 'AWS::SNS::Topic' ? ['arn:topic'] : [...cloud.schedules.keys()];
    },
    invoke: async (name) => void cloud.done.push(`invoke ${name}`),
    waiting: async (url) => queueOf(url).length,
    async send(url, bodies) {
      for (const body of bodies) queueOf(url).push({ body, attributes: {}, sent: '2026-11-23T05:00:00Z' as never });
    },
    async take(url, deal) {
      for (const message of [...queueOf(url)]) {
        await deal(message);
        queueOf(url).shift();
      }
    },
    isOn: async (name) => cloud.schedules.get(name) === true,
    async turn(name, on) {
      cloud.done.push(`turn ${name} ${on ? 'on' : 'off'}`);
      cloud.schedules.set(name, on);
    },
    subscribers: async () => cloud.mailed,
    askToConfirm: async (_, address) => void cloud.done.push(`mail ${address}`),
    table: async () => ({ bytes: 2_000_000_000, isProtected: true }),
    unprotectTable: async (name) => void cloud.done.push(`unprotect ${name}`),
    allowDeleting: async (bucket) => void cloud.done.push(`allow deleting in ${bucket}`),
    emptyBucket: async (bucket) => void cloud.done.push(`empty ${bucket}`),
    secret: async () => 'let-me-in',
  };
  return cloud;
}

/** What an operator of a test is given. */
export type FakeOperator = Operator & {
  readonly aws: FakeCloud;
  /** Command lines of CDK. */
  readonly ran: string[];
  readonly told: string[];
  readonly asked: string[];
  readonly archives: Map<string, MemoryArchive>;
  written: Readonly<Record<string, unknown>> | null;
  /** The file of choices that was written. */
  file: string | null;
  /** How long it waited. */
  waited: number;
};

type Given = {
  readonly aws?: FakeCloud;
  readonly written?: Readonly<Record<string, unknown>> | null;
  /** What is answered to a question that holds these words; nobody is there without it. */
  readonly answers?: Readonly<Record<string, string>>;
  /** What CDK does and ends with. */
  readonly cdk?: (line: string) => number;
  readonly get?: (url: string, headers: Readonly<Record<string, string>>, time: number) => SiteReply | unknown;
  readonly region?: string | null;
};

export function fakeOperator({
  aws = fakeCloud(),
  written = null,
  answers,
  cdk,
  get,
  region = null,
}: Given): FakeOperator {
  let gets = 0;
  const operator: FakeOperator = {
    aws,
    ran: [],
    told: [],
    asked: [],
    archives: new Map(),
    written,
    file: null,
    waited: 0,
    ask: answers
      ? async (question) => {
          operator.asked.push(question);
          return Object.entries(answers).find(([words]) => question.includes(words))?.[1] ?? '';
        }
      : null,
    tell: (line) => void operator.told.push(line),
    async cdk(args) {
      operator.ran.push(args.join(' '));
      return cdk?.(args.join(' ')) ?? 0;
    },
    cloud: () => aws,
    configuredRegion: async () => region,
    async archive(url) {
      const store = operator.archives.get(url) ?? { ...createMemoryArchive(), url };
      operator.archives.set(url, store);
      return store;
    },
    async get(url, headers) {
      const answer = get?.(url, headers, gets++) ?? null;
      return answer && { status: 200, body: JSON.stringify(answer) };
    },
    async wait(ms) {
      operator.waited += ms;
    },
    readChoices: async () => operator.written,
    writeChoices: (text) => {
      operator.file = text;
    },
  };
  return operator;
}
