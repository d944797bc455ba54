import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { type CfnStage, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import type { DataStackRefs } from '../stacks/service.ts';
import type { DerivedDataBucket } from './derived-data-bucket.ts';
import { PaperkeepFunction } from './function.ts';

/** Requests a second that are let through, and how many at once: what bounds the bill that a stranger can cause. */
const THROTTLE = { rateLimit: 5, burstLimit: 20 };
/**
 * What grows with the archive, and is some hundred times as dear as any other address once that is years old: the index of captures reads a
 * row for every capture it tells, movers one or two for every list day of their stretch, a name one for each of its papers and more for each
 * that it tells, and what is cut into pages elsewhere comes whole as `.csv` and `.bib`. One in five seconds is enough for a program, and it
 * holds a stranger's worst day down (docs/aws/cost.md). Of captures, movers and whole answers ten at once are enough for a person. The pages of
 * names are people's own: who opens all authors of a paper asks for some ten at once, and reads each for longer than five seconds; of them
 * as many come at once as of any other page.
 */
const SLOW: Readonly<Record<string, { readonly ThrottlingRateLimit: number; readonly ThrottlingBurstLimit: number }>> =
  Object.fromEntries([
    ...['/captures', '/movers'].flatMap((path) => [path, `${path}.json`, `${path}.csv`]).map(slowly(10)),
    ...['/search', '/new', '/top'].flatMap((path) => [`${path}.csv`, `${path}.bib`]).map(slowly(10)),
    ...['/authors/{slug+}', '/organizations/{slug+}', '/keywords/{slug+}'].map(slowly(THROTTLE.burstLimit)),
  ]);
/** What the access log says of a request; no address of a person, no query (it may hold a key). */
const ACCESS_LOG = JSON.stringify({
  time: '$context.requestTime',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  bytes: '$context.responseLength',
  ms: '$context.responseLatency',
  error: '$context.integrationErrorMessage',
});

/** Answering: an HTTP API with a throttle and an access log, and the function behind it. */
export class QueryStage extends Construct {
  readonly fn: PaperkeepFunction;
  readonly api: HttpApi;

  constructor(scope: Construct, config: Config, taken: DataStackRefs, derived: DerivedDataBucket) {
    super(scope, 'Query');
    this.fn = new PaperkeepFunction(this, {
      name: 'query',
      // processor comes with memory: the first search in a container unpacks the catalog, and half the time it takes is half the wait
      memoryMiB: 1024,
      // two catalogs of ten years, 270 MB each: the one that is there, and the one that takes its place
      tmpMiB: 1024,
      timeout: Duration.seconds(20),
      logDays: config.logDays,
      environment: {
        ...taken.environment,
        ...derived.environment,
        ...(config.exports && { PAPERKEEP_EXPORTS: derived.exportsUrl }),
        ...(config.downloads && { PAPERKEEP_DOWNLOADS: 'true' }),
        ...(config.accessParameter &&
          config.access === 'token' && { PAPERKEEP_ACCESS_PARAMETER: config.accessParameter }),
      },
      may: [
        new PolicyStatement({ actions: ['s3:GetObject'], resources: [`${taken.bucketArn}/raw/*`] }),
        new PolicyStatement({ actions: ['s3:GetObject'], resources: [derived.catalogArn] }),
        ...(config.exports
          ? [
              new PolicyStatement({
                actions: ['s3:GetObject'],
                // addresses of files are signed with this right; without downloads the list of them is all there is to read
                resources: [derived.exportsArn(config.downloads ? '*' : 'manifest.json')],
              }),
            ]
          : []),
        derived.mayFindNothing,
        new PolicyStatement({
          actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
          resources: [taken.tableArn],
        }),
        ...taken.maySecret(config.access === 'token' ? config.accessParameter : undefined),
      ],
    });
    this.api = new HttpApi(this, 'Http', { description: `paperkeep ${config.stage}`, createDefaultStage: false });
    const integration = new HttpLambdaIntegration('Site', this.fn.fn);
    const routes = ['/', '/{path+}', ...Object.keys(SLOW)].flatMap((path) =>
      this.api.addRoutes({ path, methods: [HttpMethod.ANY], integration }),
    );
    const stage = this.api.addStage('Stage', { autoDeploy: true, throttle: THROTTLE });
    const log = new LogGroup(this, 'AccessLog', {
      retention: config.logDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const settings = stage.node.defaultChild as CfnStage;
    settings.accessLogSettings = { destinationArn: log.logGroupArn, format: ACCESS_LOG };
    settings.routeSettings = Object.fromEntries(Object.entries(SLOW).map(([path, slow]) => [`ANY ${path}`, slow]));
    // a stage names routes that must be there before it
    stage.node.addDependency(...routes);
    Validations.of(this.api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'The lists are public and read-only; who wants them private sets access: token, which the function itself checks.',
    });
  }

  /** Where the site is. */
  get url(): string {
    return `https://${this.api.apiId}.execute-api.${Stack.of(this).region}.${Stack.of(this).urlSuffix}`;
  }
}

/** Lets a path through once in five seconds, and so many times at once after a rest. */
function slowly(burst: number) {
  return (path: string) => [path, { ThrottlingRateLimit: 0.2, ThrottlingBurstLimit: burst }] as const;
}
