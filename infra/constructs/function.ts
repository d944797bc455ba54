import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** What differs from function to function. */
export type PaperkeepFunctionProps = {
  /** Folder under functions/, which is its name everywhere. */
  readonly name: 'collect' | 'record' | 'query' | 'export';
  readonly memoryMiB: number;
  /** Room under /tmp, 512 MiB unless said. */
  readonly tmpMiB?: number;
  readonly timeout: Duration;
  readonly environment: Readonly<Record<string, string>>;
  readonly logDays: number;
  /** All it may do; nothing is allowed besides, but to write its own log. */
  readonly may: readonly PolicyStatement[];
};

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/**
 * A function as all of ours are: arm64, Node 24, one ESM bundle without the SDK's clients (the runtime has those), a log group of its own with an end,
 * a role of its own with exactly what is named. No reserved concurrency: a young account has ten in all, and the deployment would fail.
 * With the context `bundleSdk` the SDK is bundled too, for emulators whose runtime has none.
 */
export class PaperkeepFunction extends Construct {
  readonly fn: NodejsFunction;
  readonly logs: LogGroup;
  readonly role: Role;

  constructor(
    scope: Construct,
    { name, memoryMiB, tmpMiB = 512, timeout, environment, logDays, may }: PaperkeepFunctionProps,
  ) {
    super(scope, `Function ${name}`);
    this.logs = new LogGroup(this, 'Logs', {
      retention: logDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.logs.logGroupArn],
      }),
    );
    for (const statement of may) this.role.addToPolicy(statement);
    this.fn = new NodejsFunction(this, 'Code', {
      description: `paperkeep ${name}`,
      entry: fileURLToPath(new URL(`../../functions/${name}/handler.ts`, import.meta.url)),
      depsLockFilePath: fileURLToPath(new URL('../../package-lock.json', import.meta.url)),
      projectRoot: fileURLToPath(new URL('../..', import.meta.url)),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: memoryMiB,
      ephemeralStorageSize: Size.mebibytes(tmpMiB),
      timeout,
      role: this.role,
      logGroup: this.logs,
      loggingFormat: LoggingFormat.JSON,
      environment: { ...environment, PAPERKEEP_VERSION: version },
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
}
