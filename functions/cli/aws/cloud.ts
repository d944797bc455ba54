import type { Instant } from '../../../shared/lib/time.ts';

/** A stack as CloudFormation tells it. */
export type Stack = {
  readonly name: string;
  /** `CREATE_COMPLETE`, `ROLLBACK_COMPLETE`, … */
  readonly status: string;
  readonly isProtected: boolean;
  readonly outputs: Readonly<Record<string, string>>;
};

/** A message of a queue: what it says, its attributes, and when it was sent. */
export type QueueMessage = {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly sent: Instant;
};

/**
 * What operating a deployment asks of AWS, in one region. Whatever is refused, missing or not reached is a PaperkeepError that says so:
 * `NO_CREDENTIALS`, `AWS_FORBIDDEN`, `AWS_UNREACHABLE`, `AWS_REFUSED`.
 */
export type Cloud = {
  readonly region: string;
  /** Whose credentials these are. */
  identity(): Promise<{ readonly account: string; readonly arn: string }>;
  /** The version of what `cdk bootstrap` has laid down; null where it never ran. */
  bootstrapVersion(): Promise<number | null>;
  /** Whether these credentials may take on the role that `cdk bootstrap` made to deploy with. */
  mayDeploy(): Promise<boolean>;
  /** How many functions of the account may run at once. */
  concurrency(): Promise<number>;
  /** A stack; null when there is none of that name. */
  stack(name: string): Promise<Stack | null>;
  /** Lets a stack be deleted. */
  unprotectStack(name: string): Promise<void>;
  /** Physical names of a stack's resources of a type, `AWS::Scheduler::Schedule`. */
  resources(stack: string, type: string): Promise<string[]>;
  /** Starts a function and does not wait for it. */
  invoke(name: string): Promise<void>;
  /** About how many messages wait in a queue. */
  waiting(queueUrl: string): Promise<number>;
  /** Puts messages on a queue; throws MESSAGES_REFUSED when not all were taken. */
  send(queueUrl: string, bodies: readonly string[]): Promise<void>;
  /** Takes all messages off a queue, one after the other; each is deleted once it was dealt with, so that none is ever lost. */
  take(queueUrl: string, deal: (message: QueueMessage) => Promise<void>): Promise<void>;
  /** Whether a schedule is on. */
  isOn(schedule: string): Promise<boolean>;
  /** Switches a schedule on or off and leaves everything else of it as it is. */
  turn(schedule: string, on: boolean): Promise<void>;
  /** Who is mailed by a topic, and whether they confirmed it. */
  subscribers(topicArn: string): Promise<{ readonly address: string; readonly isConfirmed: boolean }[]>;
  /** Mails an address the link that confirms it, again if it must be. */
  askToConfirm(topicArn: string, address: string): Promise<void>;
  /** Bytes of a table, as DynamoDB tells them some hours late, and whether it may not be deleted. */
  table(name: string): Promise<{ readonly bytes: number; readonly isProtected: boolean }>;
  /** Lets a table be deleted. */
  unprotectTable(name: string): Promise<void>;
  /** Takes the statements that forbid deleting snapshots out of a bucket's policy, and leaves the others. */
  allowDeleting(bucket: string): Promise<void>;
  /** Deletes every object of a bucket without versions; CloudFormation deletes a bucket only when it is empty. */
  emptyBucket(bucket: string): Promise<void>;
  /** The value of a SecureString parameter. */
  secret(name: string): Promise<string>;
};
