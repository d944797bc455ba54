import type { Cloud, QueueMessage, Stack } from '../../../functions/cli/aws/cloud.ts';
import type { DeployDeps } from '../../../functions/cli/aws/deps.ts';
import { createMemoryArchive, type MemoryArchive } from '../../support/snapshots.ts';

/** The topic with which SES reports bounces to the digest function. */
const FEEDBACK_TOPIC = 'arn:feedback';
const FEEDBACK_SUBSCRIBERS = [{ address: 'arn:aws:lambda:eu-north-1:123456789012:function:digest', isConfirmed: true }];

/** An AWS account in memory: its contents, and what was changed in it. */
export type FakeCloud = Cloud & {
  readonly stacks: Map<string, Stack>;
  readonly queues: Map<string, QueueMessage[]>;
  /** Schedules by name, and whether they are enabled. */
  readonly schedules: Map<string, boolean>;
  /** The names of alarms that fire. */
  readonly firingAlarms: string[];
  readonly subscribers: { address: string; isConfirmed: boolean }[];
  bootstrapVersion: number | null;
  qualifier: string;
  concurrencyLimit: number;
  canDeploy: boolean;
  /** The changes, in order: `start collect-fn`. */
  readonly changes: string[];
};

/** The stacks of a stage that is deployed. */
export const deployedStacks = (stage = 'main'): Stack[] => [
  {
    name: `paperkeep-${stage}-data`,
    status: 'CREATE_COMPLETE',
    isProtected: true,
    outputs: {
      ArchiveUrl: 's3://bucket-of-snapshots',
      TableUrl: 'dynamodb:table-of-records',
      QueueUrl: 'https://sqs/queue',
      DeadLettersUrl: 'https://sqs/dead',
      SubscriptionsUrl: 'dynamodb:subscriptions',
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
      LostRunsUrl: 'https://sqs/failed',
    },
  },
];

export function createFakeCloud(stacks: readonly Stack[] = []): FakeCloud {
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
    firingAlarms: [],
    subscribers: [{ address: 'owner@example.org', isConfirmed: true }],
    bootstrapVersion: 33,
    qualifier: 'hnb659fds',
    concurrencyLimit: 1000,
    canDeploy: true,
    changes: [],
    getIdentity: async () => ({ account: '123456789012', arn: 'arn:aws:iam::123456789012:user/owner' }),
    getBootstrapVersion: async (qualifier) => (qualifier === cloud.qualifier ? cloud.bootstrapVersion : null),
    canAssumeDeployRole: async () => cloud.canDeploy,
    getConcurrencyLimit: async () => cloud.concurrencyLimit,
    describeStack: async (name) => cloud.stacks.get(name) ?? null,
    async unprotectStack(name) {
      cloud.changes.push(`unprotect ${name}`);
      const stack = cloud.stacks.get(name);
      if (stack) cloud.stacks.set(name, { ...stack, isProtected: false });
    },
    async listResources(_, type) {
      if (type === 'AWS::S3::Bucket') return ['bucket-of-derived'];
      return type === 'AWS::SNS::Topic' ? ['arn:topic', FEEDBACK_TOPIC] : [...cloud.schedules.keys()];
    },
    startFunction: async (name) => void cloud.changes.push(`start ${name}`),
    countMessages: async (url) => queueOf(url).length,
    async sendMessages(url, bodies) {
      for (const body of bodies) queueOf(url).push({ body, attributes: {}, sent: '2026-11-23T05:00:00Z' as never });
    },
    async drainQueue(url, process) {
      for (const message of [...queueOf(url)]) {
        await process(message);
        queueOf(url).shift();
      }
    },
    isScheduleEnabled: async (name) => cloud.schedules.get(name) === true,
    async setScheduleEnabled(name, enabled) {
      cloud.changes.push(`${enabled ? 'enable' : 'disable'} ${name}`);
      cloud.schedules.set(name, enabled);
    },
    listSubscribers: async (topic) => (topic === FEEDBACK_TOPIC ? FEEDBACK_SUBSCRIBERS : cloud.subscribers),
    confirmSubscription: async (topic, token) => void cloud.changes.push(`confirm ${topic} ${token}`),
    subscribe: async (_, address) => void cloud.changes.push(`subscribe ${address}`),
    describeTable: async () => ({ bytes: 2_000_000_000, isProtected: true }),
    unprotectTable: async (name) => void cloud.changes.push(`unprotect ${name}`),
    allowDeletingSnapshots: async (bucket) => void cloud.changes.push(`allow deleting in ${bucket}`),
    emptyBucket: async (bucket) => void cloud.changes.push(`empty ${bucket}`),
    upsertBudget: async ({ name, dollars, email, topic }) =>
      void cloud.changes.push(`budget ${name} of $${dollars} for ${email}${topic === null ? '' : ` and ${topic}`}`),
    deleteBudget: async (name) => void cloud.changes.push(`delete budget ${name}`),
    listFiringAlarms: async (prefix) => cloud.firingAlarms.filter((name) => name.startsWith(prefix)),
    getSecret: async () => 'let-me-in',
  };
  return cloud;
}

/** Dependencies of `deploy`, `update` and `destroy` that record what was done with them. */
export type FakeDeps = DeployDeps & {
  readonly cloud: FakeCloud;
  /** Command lines of CDK. */
  readonly cdkRuns: string[];
  readonly logged: string[];
  readonly questions: string[];
  /** Who was subscribed to mail, and the table. */
  readonly subscribed: string[];
  readonly archives: Map<string, MemoryArchive>;
  /** The text of the configuration file that was written. */
  writtenFile: string | null;
  /** Milliseconds waited. */
  waitedMs: number;
};

type Options = {
  readonly cloud?: FakeCloud;
  /** The contents of the configuration file. */
  readonly file?: Readonly<Record<string, unknown>> | null;
  /** Answers by words of the question; without it there is no terminal. */
  readonly answers?: Readonly<Record<string, string>>;
  /** The effect of a CDK command line, and its exit code. */
  readonly cdk?: (line: string) => number;
  /** The site's response to a request; `requests` counts those before. */
  readonly respond?: (url: string, headers: Readonly<Record<string, string>>, requests: number) => unknown;
  readonly region?: string | null;
};

export function createFakeDeps(options: Options = {}): FakeDeps {
  const { cloud = createFakeCloud(), file = null, answers, cdk, respond, region = null } = options;
  let requests = 0;
  const deps: FakeDeps = {
    cloud,
    cdkRuns: [],
    logged: [],
    questions: [],
    subscribed: [],
    archives: new Map(),
    writtenFile: null,
    waitedMs: 0,
    ask: answers
      ? async (question) => {
          deps.questions.push(question);
          return Object.entries(answers).find(([words]) => question.includes(words))?.[1] ?? '';
        }
      : null,
    log: { info: (event) => void deps.logged.push(event), warn: (event) => void deps.logged.push(event) },
    clock: () => '2026-11-30T12:00:00Z' as never,
    async runCdk(args) {
      deps.cdkRuns.push(args.join(' '));
      return cdk?.(args.join(' ')) ?? 0;
    },
    openCloud: () => cloud,
    configuredRegion: async () => region,
    async openArchive(url) {
      const store = deps.archives.get(url) ?? { ...createMemoryArchive(), url };
      deps.archives.set(url, store);
      return store;
    },
    fetchJson: async (url, headers) => respond?.(url, headers, requests++) ?? null,
    async subscribe(url, _, address) {
      deps.subscribed.push(`${address} to ${url}`);
    },
    async wait(ms) {
      deps.waitedMs += ms;
    },
    readConfigFile: async () => file,
    writeConfigFile: (text) => {
      deps.writtenFile = text;
    },
  };
  return deps;
}
