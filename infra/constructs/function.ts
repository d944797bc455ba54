import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionEnvironment } from '../../shared/settings.ts';
import type { Config } from '../config.ts';
import type { DataStackRefs } from '../data-stack-refs.ts';

/** What every stage of the service is built from. */
export type StageProps = {
  readonly config: Config;
  readonly dataStack: DataStackRefs;
  /** Receives asynchronous invocations that failed every time. */
  readonly failedInvocations: Queue;
};

/** Allows actions on resources. */
export const allow = (actions: string | readonly string[], ...resources: string[]): PolicyStatement =>
  new PolicyStatement({ actions: [actions].flat(), resources });

/** What differs between the functions. */
export type PaperkeepFunctionProps = {
  /** The folder under functions/ that holds the handler. */
  readonly name: 'collect' | 'record' | 'query' | 'export' | 'digest' | 'pause';
  readonly memoryMiB: number;
  /** The size of /tmp; 512 MiB by default. */
  readonly tmpMiB?: number;
  readonly timeout: Duration;
  readonly environment: FunctionEnvironment;
  readonly logDays: number;
  /** Everything that the function may do besides writing its log. */
  readonly policy: readonly PolicyStatement[];
  /** Concurrent executions that are reserved for the function, and that it is limited to. */
  readonly reservedConcurrency?: number | undefined;
  /** The name of the SSM SecureString parameter that the function may read. */
  readonly secretParameter?: string | undefined;
};

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/**
 * A Lambda function: arm64, Node 24, one ESM bundle without the SDK's clients (the runtime has them), its own log group with a retention,
 * and its own role with exactly the given policy. With the context `bundleSdk` the bundle includes the SDK, for an emulator without it.
 */
export class PaperkeepFunction extends Construct {
  readonly lambda: NodejsFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: PaperkeepFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    for (const statement of props.policy) this.role.addToPolicy(statement);
    if (props.secretParameter !== undefined) this.allowSecret(props.secretParameter);
    this.lambda = new NodejsFunction(this, 'Code', {
      description: `paperkeep ${props.name}`,
      entry: fileURLToPath(new URL(`../../functions/${props.name}/handler.ts`, import.meta.url)),
      depsLockFilePath: fileURLToPath(new URL('../../package-lock.json', import.meta.url)),
      projectRoot: fileURLToPath(new URL('../..', import.meta.url)),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMiB,
      ephemeralStorageSize: Size.mebibytes(props.tmpMiB ?? 512),
      timeout: props.timeout,
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      environment: { ...props.environment, PAPERKEEP_VERSION: version } as Record<string, string>,
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        minify: true,
        sourceMap: false,
        logLevel: LogLevel.WARNING,
        mainFields: ['module', 'main'],
        externalModules: Stack.of(this).node.tryGetContext('bundleSdk') ? [] : ['@aws-sdk/client-*'],
        // a few packages still call require
        banner: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);",
      },
    });
  }

  private allowSecret(parameter: string): void {
    const { partition, region, account } = Stack.of(this);
    const arn = `arn:${partition}:ssm:${region}:${account}:parameter/${parameter.replace(/^\//, '')}`;
    this.role.addToPolicy(allow('ssm:GetParameter', arn));
  }
}
