import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { type CfnStage, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type Config, RESERVED_CONCURRENCY } from '../config.ts';
import type { DataStackRefs } from '../data-stack-refs.ts';
import type { DerivedDataBucket } from './derived-data-bucket.ts';
import { PaperkeepFunction } from './function.ts';

/** Requests per second and burst of the whole API, which bound the bill that strangers can cause. */
const THROTTLE = { rateLimit: 5, burstLimit: 20 };
/** Requests per second of a slow route: one in five seconds. */
const SLOW_RATE = 0.2;
/** One page asks for at most ten slow addresses at once. */
const SLOW_BURST = 10;
/**
 * Routes that read more as the archive grows, and cost some hundred times as much as others after years: the index of captures, movers
 * (one or two rows per list day), the papers of a name, and lists that come whole as `.csv` and `.bib`. Their limit keeps the cost of a
 * stranger's worst day low (docs/aws/cost.md). The pages of names have the burst of other pages, since a reader opens all authors of a paper at once.
 */
const SLOW_ROUTES: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    [
      ...['/captures', '/movers'].flatMap((path) => [path, `${path}.json`, `${path}.csv`]),
      ...['/search', '/new', '/top'].flatMap((path) => [`${path}.csv`, `${path}.bib`]),
    ].map((path) => [path, SLOW_BURST]),
  ),
  '/authors/{slug+}': THROTTLE.burstLimit,
  '/organizations/{slug+}': THROTTLE.burstLimit,
  '/keywords/{slug+}': THROTTLE.burstLimit,
};
/** The fields of the access log. No address of a person and no query string, which may hold a key. */
const ACCESS_LOG = JSON.stringify({
  time: '$context.requestTime',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  bytes: '$context.responseLength',
  ms: '$context.responseLatency',
  error: '$context.integrationErrorMessage',
});

/** The site: an HTTP API with a throttle and an access log, and the function behind it. */
export class QueryStage extends Construct {
  readonly function: PaperkeepFunction;
  readonly api: HttpApi;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly config: Config; readonly dataStack: DataStackRefs; readonly derived: DerivedDataBucket },
  ) {
    super(scope, id);
    const { config, dataStack, derived } = props;
    const accessParameter = config.access === 'token' ? config.accessParameter : undefined;
    this.function = new PaperkeepFunction(this, 'Function', {
      name: 'query',
      // Lambda gives processor in proportion to memory, and the first search in a container has to unpack the catalog
      memoryMiB: 1024,
      // two catalogs of ten years, 270 MB each: the current one, and the one that replaces it
      tmpMiB: 1024,
      timeout: Duration.seconds(20),
      reservedConcurrency: config.reserveConcurrency ? RESERVED_CONCURRENCY.query : undefined,
      logDays: config.logDays,
      environment: {
        ...dataStack.environment,
        PAPERKEEP_DERIVED: derived.url,
        ...(config.since && { PAPERKEEP_SINCE: config.since }),
        ...(config.publicUrl && { PAPERKEEP_PUBLIC_URL: config.publicUrl }),
        ...(config.exports && { PAPERKEEP_EXPORTS: derived.exportsUrl }),
        ...(config.downloads && { PAPERKEEP_DOWNLOADS: 'true' }),
        ...(config.indexing && { PAPERKEEP_INDEXING: 'on' }),
        ...(accessParameter && { PAPERKEEP_ACCESS_PARAMETER: accessParameter }),
      },
      policy: [
        new PolicyStatement({ actions: ['s3:GetObject'], resources: [`${dataStack.bucketArn}/raw/*`] }),
        new PolicyStatement({ actions: ['s3:GetObject'], resources: derived.catalogArns }),
        ...(config.exports
          ? [
              new PolicyStatement({
                actions: ['s3:GetObject'],
                // download URLs are signed with this permission; without downloads the site reads only the list of files
                resources: [derived.exportsArn(config.downloads ? '*' : 'manifest.json')],
              }),
            ]
          : []),
        derived.listPolicy,
        new PolicyStatement({
          actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
          resources: [dataStack.tableArn],
        }),
      ],
      secretParameter: accessParameter,
    });
    this.api = new HttpApi(this, 'Http', { description: `paperkeep ${config.stage}`, createDefaultStage: false });
    const integration = new HttpLambdaIntegration('Site', this.function.lambda);
    const routes = ['/', '/{path+}', ...Object.keys(SLOW_ROUTES)].flatMap((path) =>
      this.api.addRoutes({ path, methods: [HttpMethod.ANY], integration }),
    );
    const stage = this.api.addStage('Stage', { autoDeploy: true, throttle: THROTTLE });
    const accessLog = new LogGroup(this, 'AccessLog', {
      // outside of /aws/vendedlogs/ each log group adds to a resource policy of the account, whose length is limited
      logGroupName: `/aws/vendedlogs/paperkeep-${config.stage}-api`,
      retention: config.logDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const cfnStage = stage.node.defaultChild as CfnStage;
    cfnStage.accessLogSettings = { destinationArn: accessLog.logGroupArn, format: ACCESS_LOG };
    cfnStage.routeSettings = Object.fromEntries(
      Object.entries(SLOW_ROUTES).map(([path, burst]) => [
        `ANY ${path}`,
        { ThrottlingRateLimit: SLOW_RATE, ThrottlingBurstLimit: burst },
      ]),
    );
    // the settings of a stage refer to routes by name, which must exist before it
    stage.node.addDependency(...routes);
    Validations.of(this.api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: 'The lists are public and read-only. With access: token the function itself checks the token.',
    });
  }

  /** The address of the site. */
  get url(): string {
    return `https://${this.api.apiId}.execute-api.${Stack.of(this).region}.${Stack.of(this).urlSuffix}`;
  }
}
