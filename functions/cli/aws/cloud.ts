import type { Instant } from '../../../shared/lib/time.ts';

/** A CloudFormation stack. */
export type Stack = {
  readonly name: string;
  /** `CREATE_COMPLETE`, `ROLLBACK_COMPLETE`, … */
  readonly status: string;
  /** Whether termination protection is on. */
  readonly isProtected: boolean;
  readonly outputs: Readonly<Record<string, string>>;
};

/** An address that alarms are mailed to. */
export type Subscriber = { readonly address: string; readonly isConfirmed: boolean };

/** A message received from an SQS queue. */
export type QueueMessage = {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly sent: Instant;
};

/**
 * The requests to AWS that operate a deployment, in one region. Every method throws a `PaperkeepError` when AWS does not do what was asked:
 * `NO_CREDENTIALS`, `AWS_FORBIDDEN`, `AWS_UNREACHABLE`, `AWS_REFUSED`.
 */
export type Cloud = {
  readonly region: string;
  /** The account and the identity that the credentials belong to. */
  getIdentity(): Promise<{ readonly account: string; readonly arn: string }>;
  /** The version of CDK's bootstrap with a qualifier; null where `cdk bootstrap` never ran with it. */
  getBootstrapVersion(qualifier: string): Promise<number | null>;
  /** Whether the credentials may assume the role with which CDK deploys. */
  canAssumeDeployRole(qualifier: string): Promise<boolean>;
  /** The account's limit of concurrent Lambda executions. */
  getConcurrencyLimit(): Promise<number>;
  /** A stack by name, or null if it does not exist. */
  describeStack(name: string): Promise<Stack | null>;
  /** Turns off the termination protection of a stack. */
  unprotectStack(name: string): Promise<void>;
  /** Physical ids of a stack's resources of a type, `AWS::Scheduler::Schedule`. */
  listResources(stack: string, type: string): Promise<string[]>;
  /** Starts a function and does not wait for it. */
  startFunction(name: string): Promise<void>;
  /** The approximate number of messages in a queue. */
  countMessages(queueUrl: string): Promise<number>;
  /** Sends messages to a queue. @throws PaperkeepError `MESSAGES_REFUSED` when SQS did not accept all of them. */
  sendMessages(queueUrl: string, bodies: readonly string[]): Promise<void>;
  /** Receives all messages of a queue, one by one. Each is deleted after `process` has returned, so that none is lost. */
  drainQueue(queueUrl: string, process: (message: QueueMessage) => Promise<void>): Promise<void>;
  /** Whether a schedule is enabled. */
  isScheduleEnabled(schedule: string): Promise<boolean>;
  /** Enables or disables a schedule and leaves its other properties unchanged. */
  setScheduleEnabled(schedule: string, enabled: boolean): Promise<void>;
  /** The mail subscriptions of a topic. */
  listSubscribers(topicArn: string): Promise<Subscriber[]>;
  /** Subscribes an address to a topic; AWS mails it a link that confirms the subscription. */
  subscribe(topicArn: string, address: string): Promise<void>;
  /**
   * Confirms a subscription with the token of the mailed link, so that only this account can end it: a mail scanner that follows the link at
   * the end of every alarm cannot.
   */
  confirmSubscription(topicArn: string, token: string): Promise<void>;
  /** The size of a table, which DynamoDB updates every six hours, and whether deletion protection is on. */
  describeTable(name: string): Promise<{ readonly bytes: number; readonly isProtected: boolean }>;
  /** Turns off the deletion protection of a table. */
  unprotectTable(name: string): Promise<void>;
  /** Removes the statements that forbid deleting snapshots from a bucket's policy. */
  allowDeletingSnapshots(bucket: string): Promise<void>;
  /** Deletes every object of an unversioned bucket; CloudFormation only deletes an empty one. */
  emptyBucket(bucket: string): Promise<void>;
  /**
   * Creates a monthly cost budget of the account, or updates its limit and the address that it warns. When the bill exceeds the limit, it also
   * sends a message to the topic, unless that is null.
   */
  upsertBudget(budget: {
    readonly name: string;
    readonly dollars: number;
    readonly email: string;
    readonly topic: string | null;
  }): Promise<void>;
  /** Deletes a budget; does nothing when no budget has that name. */
  deleteBudget(name: string): Promise<void>;
  /** The names of the alarms in state ALARM whose name has a prefix. */
  listFiringAlarms(prefix: string): Promise<string[]>;
  /** The value of an SSM SecureString parameter. */
  getSecret(name: string): Promise<string>;
};
